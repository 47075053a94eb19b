/// The far side of one miner on another machine.
#pragma once

#include "messages/miner_gateway.hpp"
#include "rules/miner/codec.hpp"

#include <atomic>
#include <functional>
#include <memory>

namespace sluice {

/// How a peer reaches its miner; any thread. `mark`: the question's number, from 1, which comes
/// back as gateway_written; 0: nothing comes back. `expire`: that question's time is over; empty
/// where nothing counts messages. Errors: none; a session that is over is passed over.
struct peer_output {
  std::function<void(std::string text, uint64_t mark)> send;
  std::function<void(gateway_refusal why)> end;
  std::function<void(uint64_t mark)> expire{};
};

/// `protocol`: 1 or 2. Not checked here.
struct peer_config {
  std::shared_ptr<const miner_mechanisms> mechanisms;
  uint64_t protocol = gateway_protocol; // of the session
};

/// What a peer counts; read by the miner gateway. Questions asked and how they ended, each from 0.
/// Errors: none.
struct peer_counts {
  std::atomic<uint64_t> asked{0};
  std::atomic<uint64_t> answered{0};
  std::atomic<uint64_t> late{0};
  std::atomic<uint64_t> invalid{0};
};

/// Answers every question: with the miner's answer, or with an error when its deadline is over
/// (counted from when it was written) or the session is. An answer that its mechanism cannot read
/// ends the session as malformed. Ends with its session, and ends its session when it fails. A
/// miner of protocol 1 is asked and sent what concerns its mechanism, and nothing else.
peer_actor spawn_peer(caf::actor_system& system, peer_config config, peer_output output,
                      std::shared_ptr<peer_counts> counts);

} // namespace sluice
