/// A catalogue with the commands of a mechanism that has jobs and rounds, made for tests.
#pragma once

#include "rules/admin/catalogue.hpp"

#include <array>

namespace sluice::test {

inline std::string drawn_by_itself(std::string_view document, const admin::answer_style& style) {
  return std::string{document} + " drawn for " + std::to_string(style.width)
         + (style.color ? " in color" : "") + "\n";
}

inline std::span<const admin::command> job_commands() {
  using namespace admin;
  using enum command_source;
  using enum command_effect;
  constexpr auto subnet = command_group::subnet;
  static constexpr std::array jobs{live_names{"jobs", "job"}};
  static constexpr std::array rounds{live_names{"rounds", "round"}};
  static constexpr std::array miners{live_names{"miners", "miner"}, live_names{"miners", "hotkey"}};
  static constexpr argument job{.name = "JOB", .kind = argument_kind::named, .live = jobs};
  static constexpr argument some_job{
    .name = "JOB", .kind = argument_kind::named, .required = false, .live = jobs};
  static constexpr argument round{
    .name = "ROUND", .kind = argument_kind::named, .form = "JOB/live/NUMBER", .live = rounds};
  static constexpr argument miner{.name = "MINER", .kind = argument_kind::miner, .live = miners};
  static constexpr std::array a_job{job};
  static constexpr std::array maybe_job{some_job};
  static constexpr std::array a_round{round};
  static constexpr std::array a_miner{miner};
  static constexpr std::array round_and_miner{round, miner};
  static constexpr std::array file{argument{.name = "FILE", .kind = argument_kind::sent_file},
                                   argument{.name = "TEXT", .required = false, .sent = true}};
  static constexpr std::array looks{column_look{"vault", 10, 0, "store"}};
  static constexpr std::array all{
    command{"jobs", {}, "Every job", "jobs", subnet, disk, reads, 10, {}, looks},
    command{"rounds", maybe_job, "The last rounds", "rounds weth-usdc", subnet, disk, reads, 10},
    command{"round", a_round, "One round", "round weth-usdc/evaluation/7", subnet, disk, reads, 10},
    command{"miners", {}, "Every miner", "miners", subnet, disk, reads, 10},
    command{"miner", a_miner, "One miner", "miner 3", subnet, disk, reads, 10},
    command{"scores", a_job, "Of a job", "scores weth-usdc", subnet, disk, reads, 10},
    command{"explain",
            round_and_miner,
            "A score",
            "explain weth-usdc/evaluation/7 3",
            subnet,
            disk,
            reads,
            10,
            {},
            {},
            drawn_by_itself},
    command{"job add", file, "Start a job", "job add pool.toml", subnet, node, acts, 60},
    command{"job pause", a_job, "Pause it", "job pause weth-usdc", subnet, node, acts, 60},
    command{"job resume", a_job, "Resume it", "job resume weth-usdc", subnet, node, acts, 60},
    command{"job remove", a_job, "End it", "job remove weth-usdc", subnet, node, destroys, 60},
  };
  return all;
}

inline const admin::catalogue& with_jobs() {
  static const std::array mechanisms{job_commands()};
  static const admin::catalogue all{mechanisms};
  return all;
}

} // namespace sluice::test
