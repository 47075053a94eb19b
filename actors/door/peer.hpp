/// The far side of one miner on another machine.
#pragma once

#include "messages/door.hpp"
#include "rules/miner/codec.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace sluice {

/// How a peer reaches its miner; any thread.
struct peer_voice {
  std::function<void(std::string text, uint64_t mark)> say;
  std::function<void(door_refusal why)> end;
};

struct peer_config {
  std::shared_ptr<const miner_mechanisms> mechanisms;
  uint64_t protocol = door_protocol; // of the session
};

/// What a peer counts; read by the door.
struct peer_counts {
  std::atomic<uint64_t> asked{0};
  std::atomic<uint64_t> answered{0};
  std::atomic<uint64_t> late{0};
  std::atomic<uint64_t> invalid{0};
};

/// Answers every question: with the miner's answer, or with an error when its deadline is over
/// (counted from when it was written) or the session is. An answer that its mechanism cannot read
/// ends the session as malformed. Ends with its session, and ends its session when it fails. A
/// miner of protocol 1 is asked and told what concerns its mechanism, and nothing else.
peer_actor spawn_peer(caf::actor_system& system, peer_config config, peer_voice voice,
                      std::shared_ptr<peer_counts> counts);

} // namespace sluice
