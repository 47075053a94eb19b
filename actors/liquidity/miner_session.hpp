/// One miner in one round: turns every way of not answering into an answer.
#pragma once

#include "messages/miner.hpp"

#include <chrono>

namespace sluice {

/// `reply_timeout`: milliseconds, 1 to 3,600,000 as io/liquidity has checked it.
struct miner_session_config {
  std::chrono::milliseconds reply_timeout{60'000};
  /// Stepped time has no later: a miner that has handled the question and the fence behind it
  /// without answering has let the block pass. Paced time waits for `reply_timeout`.
  bool stepped = true;
};

/// Dies with the round that owns it.
miner_session_actor
spawn_miner_session(caf::actor_system& system, miner_session_config config, miner_actor handle);

} // namespace sluice
