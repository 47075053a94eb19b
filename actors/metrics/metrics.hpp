/// Holds the page of metrics open for as long as it exists.
#pragma once

#include "actors/mechanism_module.hpp"
#include "actors/observed/actor_slot.hpp"
#include "messages/chain.hpp"
#include "messages/miner_gateway.hpp"
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
  std::shared_ptr<actor_slot> root; // the node's place
  miner_gateway_actor gateway;      // asked every few seconds, if there is one
  chain_reader_actor chain;         // asked every second, if there is one
  std::shared_ptr<const net::listening_socket> socket;
};

/// Nobody has to ask it anything. It fails when it cannot serve there, with the reason.
caf::actor spawn_metrics(caf::actor_system& system, metrics_config config, metrics_links links);

} // namespace sluice
