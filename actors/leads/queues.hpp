/// Owns the queues behind the routes of leads: who waits for whom, what is leased, what is done.
#pragma once

#include "messages/chain.hpp"
#include "messages/leads.hpp"
#include "messages/storage_writer.hpp"
#include "rules/leads/queues.hpp"
#include "storage/data_dir.hpp"

#include <functional>
#include <memory>

namespace sluice {

struct leads_queues_config {
  queue_terms terms;
  std::function<uint64_t()> unix_ms; // milliseconds since 1970-01-01 UTC, for calls from outside
};

struct leads_queues_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
};

/// Fails when the stored queues cannot be read, with the disk's sentence.
leads_queues_actor
spawn_leads_queues(caf::actor_system& system, leads_queues_config config, leads_queues_links links);

} // namespace sluice
