/// Brings the vault from what it holds to what the winner asks for; on paper here.
#pragma once

#include "messages/keeper.hpp"
#include "messages/liquidity.hpp"
#include "storage/data_dir.hpp"

#include <memory>
#include <string>

namespace sluice {

struct executor_links {
  std::shared_ptr<const storage::data_dir> disk;
  keeper_actor keeper;
  std::string writer; // the job as the keeper knows it, and its life: an orphan writes no more
  uint64_t life = 0;
};

/// The paper executor: executes on the feed's own pool at the block of the order. One order per
/// round and block, whatever happens: the intent is durable before, the result before it is
/// answered, and an order that was executed in an earlier life is answered from disk.
executor_actor spawn_paper_executor(caf::actor_system& system, executor_links links);

} // namespace sluice
