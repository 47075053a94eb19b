/// What the chain holds, for everybody who asks.
#pragma once

#include "messages/chain.hpp"

namespace sluice {

/// Blocks of the chain per step: 1 to 1,000,000, as io/config has checked it.
struct chain_reader_config {
  hotkey validator;
  uint64_t blocks_per_step = 75; // stepped time: block of step n is 1 + n * this
};

struct chain_reader_links {
  chain_backend_actor backend;
};

chain_reader_actor
spawn_chain_reader(caf::actor_system& system, chain_reader_config config, chain_reader_links links);

} // namespace sluice
