/// One pool's blocks, in order, replayed exactly, from wherever they come.
#pragma once

#include "messages/liquidity.hpp"
#include "rules/liquidity/config.hpp"

#include <optional>

namespace sluice {

/// `speed`: from 0, finite; seconds of block time per second of real time. Not checked here.
struct pool_feed_config {
  job_config job;
  /// Times real time; 0: as fast as the rounds can take it.
  double speed = 0;
  /// Where an earlier incarnation stood, a full checkpoint; without it the feed starts at its
  /// beginning.
  std::optional<checkpoint> from;
};

/// Dies, with the sentence, when its file cannot be read; a record that the pool cannot reproduce
/// is answered as an error and leaves the feed before that block.
pool_feed_actor spawn_pool_feed(caf::actor_system& system, pool_feed_config config);

} // namespace sluice
