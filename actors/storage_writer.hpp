/// The only writer of the node's databases.
#pragma once

#include "messages/storage_writer.hpp"
#include "storage/data_dir.hpp"

#include <caf/fwd.hpp>

#include <memory>

namespace sluice {

struct storage_writer_links {
  std::shared_ptr<storage::data_dir> disk;
  bool own_thread = true; // off under the test scheduler
};

/// Group commit: everything that waits when it gets its turn shares one commit. A failed write ends
/// this incarnation: whoever depends on the disk restarts from what is on it. Any number of batches
/// shares a commit; their faults are those of storage::data_dir::commit.
owned_storage_writer_actor
spawn_storage_writer(caf::actor_system& system, storage_writer_links links);

} // namespace sluice
