/// Lets miners of other machines in and gives each a far side that is asked like any other miner.
#pragma once

#include "messages/miner_gateway.hpp"
#include "messages/storage_writer.hpp"
#include "net/miner_gateway/server.hpp"
#include "rules/miner/codec.hpp"
#include "storage/data_dir.hpp"

#include <functional>
#include <memory>

namespace sluice {

/// `unix_ms`: milliseconds since 1970-01-01 UTC. Errors: none.
struct miner_gateway_config {
  net::gateway_server_terms terms;
  std::function<uint64_t()> unix_ms;                  // the clock that answers are compared with
  std::shared_ptr<const miner_mechanisms> mechanisms; // what miners may be asked
};

struct miner_gateway_links {
  std::shared_ptr<const storage::data_dir> disk; // how often it has begun
  storage_writer_actor storage_writer;
  roster_actor roster;
  std::shared_ptr<const net::listening_socket> socket;
};

/// Opens when its incarnation is durable and the roster has sent whom it knows.
miner_gateway_actor spawn_miner_gateway(caf::actor_system& system, miner_gateway_config config,
                                        miner_gateway_links links);

} // namespace sluice
