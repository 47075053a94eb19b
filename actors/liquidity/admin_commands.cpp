#include "actors/liquidity/admin_commands.hpp"

#include "tools/liquidity/explain_text.hpp"

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

constexpr std::array job_names{live_names{"jobs", "job"}};
constexpr std::array round_names{live_names{"rounds", "round"}};
constexpr std::array miner_names{live_names{"miners", "miner"}, live_names{"miners", "hotkey"}};

constexpr argument a_job{.name = "JOB", .kind = argument_kind::named, .live = job_names};
constexpr argument any_job{
  .name = "JOB", .kind = argument_kind::named, .required = false, .live = job_names};
constexpr argument a_round{.name = "ROUND",
                           .kind = argument_kind::named,
                           .form = "JOB/evaluation/NUMBER or JOB/live/NUMBER",
                           .live = round_names};
constexpr argument a_miner{.name = "MINER", .kind = argument_kind::miner, .live = miner_names};

constexpr std::array job{a_job};
constexpr std::array maybe_job{any_job};
constexpr std::array round{a_round};
constexpr std::array round_and_miner{a_round, a_miner};
constexpr std::array miner{a_miner};
constexpr std::array file{
  argument{.name = "FILE", .kind = argument_kind::sent_file},
  argument{.name = "TEXT", .required = false, .sent = true},
};

constexpr column_look points(std::string_view key, uint32_t drop = 0) {
  return {key, drop, 0, {}, false, false, admin::shown_unit::basis_points};
}

constexpr std::array columns{
  points("score"),
  points("best_score"),
  points("combined"),
  points("evaluation"),
  points("live"),
  points("leader_score", 6),
  column_look{"attempts", 15},
  column_look{"start_block", 8},
  column_look{"end_block", 9},
  column_look{"end", 7},
  column_look{"vault0", 10},
  column_look{"vault1", 10},
  column_look{"model", 11},
  column_look{"feed", 13},
  column_look{"positions", 14},
  column_look{"round_s", 16},
  column_look{"evaluations", 10},
  column_look{"live_rounds", 9},
  column_look{"rebalances", 10},
  column_look{"invalid", 8},
  column_look{"active_share", 7, 0, "active"},
  column_look{"counts_with", 3, 0, "counts with", false, false, admin::shown_unit::basis_points},
  column_look{"evidence_n", 6, 0, "n", false, true},
  column_look{"evidence_mean", 5, 0, "mean", false, true, admin::shown_unit::basis_points},
  column_look{"evidence_deviation", 5, 0, "deviation", false, true,
              admin::shown_unit::basis_points},
  column_look{"one_with", 0, 8, "one with", false, true},
  column_look{"because", 2, 24, {}, false, true},
  column_look{"cluster", 0, 0, {}, true},
  column_look{"response_ms", 11},
  column_look{"impermanent_loss", 5, 0, "IL"},
  column_look{"in_range", 6},
};

constexpr auto subnet = admin::command_group::subnet;

// Places in their group: before the weights, between them and the miners.
constexpr uint8_t looks = 10;
constexpr uint8_t steers = 60;

constexpr command look(std::string_view name, std::span<const argument> arguments,
                       std::string_view help, std::string_view example) {
  return {name, arguments, help, example, subnet, disk, reads, looks, {}, columns};
}

constexpr command
steer(std::string_view name, std::span<const argument> arguments, std::string_view help,
      std::string_view example, admin::command_effect effect = acts) {
  return {name, arguments, help, example, subnet, node, effect, steers};
}

constexpr command explain{"explain",
                          round_and_miner,
                          "Every number of a score, back to the swaps it came from",
                          "explain weth-usdc/evaluation/7 3",
                          subnet,
                          disk,
                          reads,
                          looks,
                          {},
                          columns,
                          tools::explain_text};

constexpr command workers{"workers",
                          {},
                          "Simulators on other machines: work in hand, done, lost",
                          "workers",
                          admin::command_group::node,
                          node,
                          reads,
                          20, // after the state of the node
                          "node/simulators"};

constexpr std::array all{
  look("jobs", {}, "Every job and how far it is", "jobs"),
  look("rounds", maybe_job, "The last rounds, newest first", "rounds weth-usdc"),
  look("round", round, "One round: span, prices, and every miner's result",
       "round weth-usdc/evaluation/7"),
  look("miners", {}, "Every miner that was scored, with its records over all jobs", "miners"),
  look("miner", miner, "One miner: its record on every job, its days, its last rounds", "miner 3"),
  look("scores", job, "The scoreboard of a job: who took part, who refused, who failed",
       "scores weth-usdc"),
  explain,
  steer("job add", file, "Start a job that a TOML file describes", "job add pool.toml"),
  steer("job pause", job, "Begin no further round of a job", "job pause weth-usdc"),
  steer("job resume", job, "Go on with a job that was paused", "job resume weth-usdc"),
  steer("job remove", job, "End a job for good; its rounds stay on disk", "job remove weth-usdc",
        destroys),
  workers,
};

} // namespace

std::span<const admin::command> liquidity_admin_commands() {
  return all;
}

} // namespace sluice
