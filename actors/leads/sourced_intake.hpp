/// Takes sourced leads: out of the queue of prospects, from validators, from a world's miners.
#pragma once

#include "messages/chain.hpp"
#include "messages/leads.hpp"
#include "messages/storage_writer.hpp"
#include "rules/leads/dev_buyer.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace sluice {

/// `poll_batch`: items of the queue taken at a time, 1 to 1000; `idle_s`: seconds from 1 to 3600
/// before an empty queue is looked into again. Not checked.
struct sourced_intake_config {
  hotkey own; // of this node: holds the leases
  disposable_domains disposable;
  uint64_t poll_batch = 250;
  uint64_t idle_s = 1;
  bool stepped = true;                // looks into the queue when it is its turn, else by itself
  std::vector<dev_lead_miner> miners; // of a world
  std::function<uint64_t()> unix_ms;  // milliseconds since 1970-01-01 UTC
};

struct sourced_intake_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  leads_queues_actor queues;
};

/// What it takes is in one batch with the acknowledgement of where it comes from, so that it is
/// counted once whenever it is killed. Fails when the disk cannot be read.
sourced_intake_actor spawn_sourced_intake(caf::actor_system& system, sourced_intake_config config,
                                          sourced_intake_links links);

} // namespace sluice
