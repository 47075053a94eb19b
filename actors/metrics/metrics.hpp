/// Serves metrics and health to tools over HTTP (net/metrics/routes.hpp) for as long as it runs.
#pragma once

#include "actors/observed/seat.hpp"
#include "messages/door.hpp"
#include "net/http/listening.hpp"
#include "storage/data_dir.hpp"

#include <caf/actor.hpp>

#include <memory>
#include <string>

namespace sluice {

struct metrics_config {
  std::string version;
};

struct metrics_links {
  std::shared_ptr<const storage::data_dir> disk;
  std::shared_ptr<card_seat> root; // the node's place
  door_actor door;                 // asked every few seconds, if there is one
  std::shared_ptr<const net::listening_socket> socket;
};

/// Nobody has to ask it anything. It fails when it cannot serve there, with the reason.
caf::actor spawn_metrics(caf::actor_system& system, metrics_config config, metrics_links links);

} // namespace sluice
