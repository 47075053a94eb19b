/// Who comes in over CAF: publishes one guard, takes each hello, has it proved, and gives every
/// admitted peer an entry of its own.
#pragma once

#include "actors/fleet/network.hpp"
#include "actors/fleet/session_handle.hpp"

#include <functional>
#include <string>

namespace sluice {

/// An admitted peer, for its entry.
struct fleet_session {
  hello_message who;
  std::shared_ptr<session_handle> handle;
};

/// `peers_max`: admitted at the same time, from 0; one more is refused. The port is from 1 to
/// 65535. `greeting_timeout`: milliseconds, from 1; who takes longer is refused.
struct fleet_config {
  fleet_network network;
  std::string listen; // HOST:PORT
  std::string engine; // of this node (engine_digest)
  guard_bounds bounds{};
  size_t peers_max = 256;
  std::chrono::milliseconds greeting_timeout{10'000};
  std::function<void(uint16_t)> listening; // called with the port; may be empty
};

/// How an entry of one role is started. A role without one is refused. The entry ends when its
/// peer is gone.
using spawn_entry = std::function<fleet_entry_actor(caf::actor_system&, fleet_session)>;

struct fleet_links {
  spawn_entry worker;
  spawn_entry miner;
  spawn_entry admin;  // of operators and observers
  spawn_entry node{}; // of another node of this operator
};

/// Fails when it cannot listen; the reason states where.
fleet_actor spawn_fleet(caf::actor_system& system, fleet_config config, fleet_links links);

} // namespace sluice
