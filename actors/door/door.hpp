/// Lets miners of other machines in and gives each a far side that is asked like any other miner.
#pragma once

#include "messages/door.hpp"
#include "messages/keeper.hpp"
#include "net/door/server.hpp"
#include "rules/miner/codec.hpp"
#include "storage/data_dir.hpp"

#include <functional>
#include <memory>

namespace sluice {

struct door_config {
  net::door_server_terms terms;
  std::function<uint64_t()> unix_ms;                  // the clock that answers are compared with
  std::shared_ptr<const miner_mechanisms> mechanisms; // what miners may be asked
};

struct door_links {
  std::shared_ptr<const storage::data_dir> disk; // how often it has begun
  keeper_actor keeper;
  roster_actor roster;
  std::shared_ptr<const net::listening_socket> socket;
};

/// Opens when its life is durable and the roster has said whom it knows.
door_actor spawn_door(caf::actor_system& system, door_config config, door_links links);

} // namespace sluice
