/// The only one who signs: intent durable, sent, read back, and only then done.
#pragma once

#include "messages/chain.hpp"
#include "messages/storage_writer.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

struct chain_writer_config {
  hotkey validator;
};

struct chain_writer_links {
  std::shared_ptr<const storage::data_dir> disk; // read when an order comes
  storage_writer_actor storage_writer;
  chain_backend_actor backend;
};

/// One order per epoch. An epoch whose intent is on disk is never built anew: it is looked up on
/// the chain by its hash, sent again only if the chain has never seen it (same nonce, so that it
/// can be included once at most), and read back. Epochs and blocks are the chain's numbers; the
/// nonce is the validator's next one, from 0.
chain_writer_actor
spawn_chain_writer(caf::actor_system& system, chain_writer_config config, chain_writer_links links);

} // namespace sluice
