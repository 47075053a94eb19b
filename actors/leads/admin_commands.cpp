#include "actors/leads/admin_commands.hpp"

#include "tools/leads/explain_text.hpp"

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

constexpr std::array lead_miner_names{live_names{"leads shares", "hotkey"}};
constexpr std::array lead_miner{argument{.name = "HOTKEY",
                                         .kind = argument_kind::named,
                                         .form = "a hotkey that a lead names",
                                         .live = lead_miner_names}};

constexpr std::array lead_columns{
  column_look{"u16", 14, 12},
  column_look{"uids", 13, 12},
  column_look{"tx", 12, 10},
  column_look{"dropped", 11},
  column_look{"documents", 10},
  column_look{"leased_by", 9, 10},
  column_look{"origin", 8},
  column_look{"curators", 7, 16},
  column_look{"skipped", 6, 0, {}, false, true},
  column_look{"reason", 0, 24, {}, false, true},
};

constexpr auto group = admin::command_group::subnet;

// Places in their group: behind those of jobs, before the weights; what acts behind them.
constexpr uint8_t looks_at_leads = 30;
constexpr uint8_t steers_leads = 70;

constexpr command look_at_leads(std::string_view name, std::string_view help) {
  return {name, {}, help, name, group, disk, reads, looks_at_leads, {}, lead_columns};
}

constexpr command steer_leads(std::string_view name, std::string_view help) {
  return {name, {}, help, name, group, node, acts, steers_leads};
}

constexpr command explain_share{"leads explain",
                                lead_miner,
                                "A miner's share, back to the leads it comes from",
                                "leads explain lead-curator",
                                group,
                                disk,
                                reads,
                                looks_at_leads,
                                {},
                                lead_columns,
                                tools::lead_explain_text};

constexpr std::array all_of_leads{
  look_at_leads("leads", "Leads at a glance: stored, taken, the last publish"),
  look_at_leads("leads shares", "Every miner's share of the window, by rank"),
  look_at_leads("leads requests", "The last requests that were delivered, newest first"),
  look_at_leads("leads queue", "What waits to be fetched or acknowledged"),
  look_at_leads("leads publishes", "The last attempts to publish, newest first"),
  look_at_leads("leads intake", "Sourced leads by verdict, and who holds them back"),
  explain_share,
  steer_leads("leads pause", "Take no sourced leads until `leads resume`"),
  steer_leads("leads resume", "Go on taking sourced leads"),
  steer_leads("leads publish", "Publish as soon as the chain allows"),
};

} // namespace

std::span<const admin::command> leads_admin_commands() {
  return all_of_leads;
}

} // namespace sluice
