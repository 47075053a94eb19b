/// Stepped time: every mechanism does a step, the chain moves on, weights are published; again.
#pragma once

#include "messages/node.hpp"

#include <caf/actor.hpp>

#include <set>
#include <string>

namespace sluice {

/// All three count steps of the node, from 0; the target is of all runs together, as the other two
/// are. Not checked.
struct conductor_config {
  uint64_t steps_target = 0;         // stops when so many are done; 0: when every mechanism is over
  uint64_t steps_before = 0;         // done before this run
  uint64_t steps_done = 0;           // done before this incarnation of the conductor
  run_started opening;               // what the reporter prints first
  std::set<std::string> followers{}; // mechanisms that play only as long as another one does
};

struct conductor_links {
  mechanisms_actor mechanisms;
  chain_reader_actor reader;
  weights_actor weights;
  reporter_actor reporter;
  caf::actor owner; // receives run_over
};

/// A step ends only when its weights are decided: a restart finds every mechanism, the chain
/// and the weights within one step of each other. The first step that it does has the number of
/// those done plus 1; errors end it with their sentence.
conductor_actor
spawn_conductor(caf::actor_system& system, conductor_config config, conductor_links links);

} // namespace sluice
