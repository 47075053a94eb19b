#include "actors/sports/admin_commands.hpp"

#include "tools/sports/explain_text.hpp"

#include <array>

namespace sluice {

namespace {

using admin::argument;
using admin::argument_kind;
using admin::column_look;
using admin::command;
using admin::live_names;
using enum admin::command_source;
using enum admin::command_effect;

constexpr std::array sports_miner_names{live_names{"sports tiers", "uid"},
                                        live_names{"sports tiers", "hotkey"}};
constexpr std::array argument_of_sports{argument{.name = "MINER",
                                                 .kind = argument_kind::named,
                                                 .form = "a uid or a hotkey of the last scoring",
                                                 .live = sports_miner_names}};

constexpr std::array sports_columns{
  column_look{.key = "weights", .hidden = true},
  column_look{"uids", 14, 12},
  column_look{"tx", 13, 10},
  column_look{"league", 12, 10},
  column_look{"updated", 11},
  column_look{"lifetime_earnings", 10},
  column_look{"lifetime_wager", 10},
  column_look{"roi_15", 9},
  column_look{"roi_30", 9},
  column_look{"odds_tie", 8, 0, {}, false, true},
  column_look{"voids", 8, 0, {}, false, true},
  column_look{"sport", 7, 8},
  column_look{"ended", 6},
  column_look{"error", 5, 24, {}, false, true},
  column_look{"error_type", 0, 24, {}, false, true},
};

constexpr auto sports_group = admin::command_group::subnet;

// Places in their group: behind those of the mechanisms before it.
constexpr uint8_t looks_at_sports = 50;
constexpr uint8_t steers_sports = 75;

constexpr command look_at_sports(std::string_view name, std::string_view help) {
  return {name, {}, help, name, sports_group, disk, reads, looks_at_sports, {}, sports_columns};
}

constexpr command steer_sports(std::string_view name, std::string_view help) {
  return {name, {}, help, name, sports_group, node, acts, steers_sports};
}

constexpr command explain_sports_standing{"sports explain",
                                          argument_of_sports,
                                          "A miner's weight, back to tiers, days and predictions",
                                          "sports explain 60",
                                          sports_group,
                                          disk,
                                          reads,
                                          looks_at_sports,
                                          {},
                                          sports_columns,
                                          tools::sports_explain_text};

constexpr std::array all_of_sports{
  look_at_sports("sports", "Sports at a glance: games, predictions, scoring, weights"),
  look_at_sports("sports tiers", "Every miner of the last scoring, by weight"),
  look_at_sports("sports games", "Games, open ones by their start, then those that ended"),
  look_at_sports("sports weights-history", "The last attempts to set weights, newest first"),
  look_at_sports("sports stats", "What each service of the mechanism counted"),
  explain_sports_standing,
  steer_sports("sports settle", "Settle what is due, and forget what is too old"),
  steer_sports("sports score", "Compute scores, tiers and weights now"),
  steer_sports("sports ask", "Ask all connected miners for predictions now"),
  steer_sports("sports publish", "Set weights as soon as the chain allows"),
};

} // namespace

std::span<const admin::command> sports_admin_commands() {
  return all_of_sports;
}

} // namespace sluice
