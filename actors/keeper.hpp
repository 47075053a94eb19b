/// The only writer of the node's databases.
#pragma once

#include "messages/keeper.hpp"
#include "storage/data_dir.hpp"

#include <caf/fwd.hpp>

#include <memory>

namespace sluice {

struct keeper_links {
  std::shared_ptr<storage::data_dir> disk;
  bool own_thread = true; // off under the test scheduler
};

/// Group commit: everything that waits when it gets its turn shares one commit. A failed write ends
/// this life: whoever depends on the disk restarts from what is on it.
archive_keeper_actor spawn_keeper(caf::actor_system& system, keeper_links links);

} // namespace sluice
