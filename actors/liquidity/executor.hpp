/// Brings the vault from what it holds to what the winner asks for; on paper here.
#pragma once

#include "messages/liquidity.hpp"
#include "messages/storage_writer.hpp"
#include "storage/data_dir.hpp"

#include <memory>
#include <string>

namespace sluice {

/// The number of the incarnation is what atom::fence answered, from 1. With an older one every
/// order is answered with ec::refused.
struct executor_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  std::string
    writer; // the job as the storage writer knows it, and its incarnation: an orphan writes no more
  uint64_t incarnation = 0;
};

/// The paper executor: executes on the feed's own pool at the block of the order. One order per
/// round and block, whatever happens: the intent is durable before, the result before it is
/// answered, and an order that was executed in an earlier incarnation is answered from disk.
executor_actor spawn_paper_executor(caf::actor_system& system, executor_links links);

} // namespace sluice
