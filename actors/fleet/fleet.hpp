/// Who comes in over CAF: publishes one guard, hears who somebody is, has it proved, and gives
/// every admitted peer an entry of its own.
#pragma once

#include "actors/fleet/network.hpp"
#include "actors/fleet/way.hpp"

#include <functional>
#include <string>

namespace sluice {

/// An admitted peer, for its entry.
struct fleet_guest {
  hello_words who;
  std::shared_ptr<fleet_way> way;
};

struct fleet_config {
  fleet_network network;
  std::string listen; // HOST:PORT
  std::string engine; // of this node (engine_digest)
  guard_bounds bounds{};
  size_t peers_max = 256;
  std::chrono::milliseconds greeting_timeout{10'000};
  std::function<void(uint16_t)> listening; // called with the port; may be empty
};

/// How an entry of one role comes to life. A role without one is refused. The entry ends when its
/// peer is gone.
using spawn_entry = std::function<fleet_entry_actor(caf::actor_system&, fleet_guest)>;

struct fleet_links {
  spawn_entry worker;
  spawn_entry miner;
  spawn_entry admin; // of operators and observers
};

/// Falls when it cannot listen; the reason says where.
fleet_actor spawn_fleet(caf::actor_system& system, fleet_config config, fleet_links links);

} // namespace sluice
