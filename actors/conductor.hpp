/// Stepped time: every mechanism does a step, the chain moves on, weights are published; again.
#pragma once

#include "messages/node.hpp"

#include <caf/actor.hpp>

namespace sluice {

struct conductor_config {
  uint64_t laps_target = 0; // stops when so many are done; 0: when every mechanism is over
  uint64_t laps_before = 0; // done before this run
  uint64_t laps_done = 0;   // done before this life of the conductor
  run_started opening;      // what the reporter says first
};

struct conductor_links {
  mechanisms_actor mechanisms;
  chain_reader_actor reader;
  weights_actor weights;
  reporter_actor reporter;
  caf::actor owner; // is told run_over
};

/// A lap ends only when its weights are decided: a restart finds every mechanism, the chain
/// and the weights within one lap of each other.
conductor_actor
spawn_conductor(caf::actor_system& system, conductor_config config, conductor_links links);

} // namespace sluice
