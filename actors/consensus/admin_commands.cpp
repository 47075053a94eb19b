#include "actors/consensus/admin_commands.hpp"

#include "actors/consensus/task_admin_commands.hpp"
#include "tools/consensus/explain_text.hpp"

#include <array>
#include <vector>

namespace sluice {

namespace {

using admin::argument;
using admin::argument_kind;
using admin::column_look;
using admin::command;
using admin::live_names;
using enum admin::command_source;
using enum admin::command_effect;

constexpr std::array reported_miner_names{live_names{"consensus miners", "uid"},
                                          live_names{"consensus miners", "hotkey"}};
constexpr std::array reported_miner{argument{.name = "MINER",
                                             .kind = argument_kind::named,
                                             .form = "a uid or a hotkey that validators report",
                                             .live = reported_miner_names}};

constexpr std::array consensus_columns_shown{
  column_look{"newest", 9},       column_look{"conflicts", 8, 16, {}, false, true},
  column_look{"last_epoch", 10},  column_look{"items", 11},
  column_look{"reported", 0, 32}, column_look{"says", 5, 40},
};

constexpr auto consensus_group = admin::command_group::subnet;
/// In their group: behind those of the mechanisms before it.
constexpr uint8_t looks_at_consensus = 40;

constexpr command look_at_consensus(std::string_view name, std::string_view help) {
  return {name,
          {},
          help,
          name,
          consensus_group,
          disk,
          reads,
          looks_at_consensus,
          {},
          consensus_columns_shown};
}

constexpr command explain_miner{"consensus show",
                                reported_miner,
                                "A miner's record, back to the reports it is made of",
                                "consensus show 50",
                                consensus_group,
                                disk,
                                reads,
                                looks_at_consensus,
                                {},
                                consensus_columns_shown,
                                tools::consensus_explain_text};

constexpr std::array looks_of_consensus{
  look_at_consensus("consensus", "Consensus at a glance: records, rates, latency, health"),
  look_at_consensus("consensus miners", "Every miner that is reported, and its state"),
  explain_miner,
  look_at_consensus("consensus validators", "Who reports, and how well it agrees"),
  look_at_consensus("consensus conflicts",
                    "Fields in conflict, and validators that contradict themselves"),
};

} // namespace

std::span<const admin::command> consensus_admin_commands() {
  static const std::vector<command> all = [] {
    std::vector<command> made(looks_of_consensus.begin(), looks_of_consensus.end());
    const auto tasks = task_admin_commands();
    made.insert(made.end(), tasks.begin(), tasks.end());
    return made;
  }();
  return all;
}

} // namespace sluice
