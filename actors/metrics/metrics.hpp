/// Holds the page of metrics open for as long as it lives.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/observed/seat.hpp"
#include "messages/chain.hpp"
#include "messages/door.hpp"
#include "net/http/listening.hpp"
#include "storage/data_dir.hpp"

#include <caf/actor.hpp>

#include <memory>
#include <string>

namespace sluice {

struct metrics_config {
  std::string version;
  mechanism_list mechanisms{}; // that the program has
};

struct metrics_links {
  std::shared_ptr<const storage::data_dir> disk;
  std::shared_ptr<card_seat> root; // the node's place
  door_actor door;                 // asked every few seconds, if there is one
  chain_reader_actor chain;        // asked every second, if there is one
  std::shared_ptr<const net::listening_socket> socket;
};

/// Nobody has to ask it anything. It fails when it cannot serve there, with the reason.
caf::actor spawn_metrics(caf::actor_system& system, metrics_config config, metrics_links links);

} // namespace sluice
