/// The sports mechanism: plays steps, hands in the weights of the last scoring, obeys.
#pragma once

#include "messages/chain.hpp"
#include "messages/events.hpp"
#include "messages/sports/intake.hpp"
#include "messages/storage_writer.hpp"
#include "messages/tasks.hpp"
#include "rules/sports/node_settings.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace sluice {

/// `speed`: from 0, finite. Moments are microseconds since 1970-01-01 UTC. Not checked.
struct sports_config {
  sports_node_settings settings;
  hotkey own; // of this validator
  std::function<int64_t()> now_us;
  std::function<void(int64_t)> on_moment; // of a world: its clock is this moment now
  /// What the world's feed gives at a step: games with the moment of the step.
  std::function<std::vector<game_update>(uint64_t step)> world_games;
  uint64_t block_seconds = 12; // of the chain
  uint64_t pace_s = 900;       // of a world: block time of a step of the node, seconds
  double speed = 0;            // of a world, times real time; 0: as fast as the steps can take it
};

struct sports_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  sports_intake_actor intake;
  sports_scoring_actor scoring;
  sports_survey_actor survey;
  event_manager_actor events; // null: nobody observes
  task_manager_actor tasks{}; // in real time: runs sports.weights every weights_s; null: nobody
};

/// In a world every step is played: games, questions to miners, settlement, scoring, and an attempt
/// to set weights. Else a step is played when weights are due, and paused when they are not. A step
/// that is on the disk is answered from there.
mechanism_actor spawn_sports(caf::actor_system& system, sports_config config, sports_links links);

} // namespace sluice
