/// The far side of one miner that came through the door.
#pragma once

#include "messages/door.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace sluice {

/// How a peer reaches its miner; any thread.
struct peer_voice {
  std::function<void(std::string text, uint64_t mark)> say;
  std::function<void(door_refusal why)> end;
};

/// What a peer counts; read by the door.
struct peer_counts {
  std::atomic<uint64_t> asked{0};
  std::atomic<uint64_t> answered{0};
  std::atomic<uint64_t> late{0};
  std::atomic<uint64_t> invalid{0};
};

/// Answers every question: with the miner's answer, or with an error when its deadline is over
/// (counted from when it was written) or the session is. Ends with its session, and ends its
/// session when it falls.
peer_actor
spawn_peer(caf::actor_system& system, peer_voice voice, std::shared_ptr<peer_counts> counts);

} // namespace sluice
