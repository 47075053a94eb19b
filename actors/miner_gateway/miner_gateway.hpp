/// Lets miners of other machines in and gives each a far side that is asked like any other miner.
#pragma once

#include "messages/miner_gateway.hpp"
#include "messages/storage_writer.hpp"
#include "net/miner_gateway/server.hpp"
#include "rules/miner/codec.hpp"
#include "rules/network_config.hpp"
#include "storage/data_dir.hpp"

#include <functional>
#include <memory>

namespace sluice {

/// `unix_ms`: milliseconds since 1970-01-01 UTC. Errors: none.
struct miner_gateway_config {
  net::gateway_server_terms terms;
  std::function<uint64_t()> unix_ms;                  // the clock that answers are compared with
  std::shared_ptr<const miner_mechanisms> mechanisms; // what miners may be asked
  std::shared_ptr<net::server_identity> tls{};        // null: plain; `terms.tls` is set from it
};

struct miner_gateway_links {
  std::shared_ptr<const storage::data_dir> disk; // how often it has begun
  storage_writer_actor storage_writer;
  roster_actor roster;
  std::shared_ptr<const net::listening_socket> socket;
};

/// What the settings state, for a process that may open so many descriptors, from 0. What is no
/// range of addresses, which the configuration has refused, is passed over.
net::gateway_server_terms
gateway_terms_of(const miner_gateway_settings& settings, size_t descriptors);

/// Opens when its incarnation is durable and the roster has sent whom it knows. Warns of a
/// certificate that is about to expire, and of clients that refuse it; reads it again when asked.
miner_gateway_actor spawn_miner_gateway(caf::actor_system& system, miner_gateway_config config,
                                        miner_gateway_links links);

} // namespace sluice
