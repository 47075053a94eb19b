/// The only writer of the node's databases.
#pragma once

#include "messages/storage_writer.hpp"
#include "storage/data_dir.hpp"

#include <caf/fwd.hpp>
#include <caf/timespan.hpp>

#include <memory>

namespace sluice {

struct storage_writer_links {
  std::shared_ptr<storage::data_dir> disk;
  bool own_thread = true; // off under the test scheduler
  /// How often it asks, besides before every commit, whether the folder is still ours
  /// (storage::data_dir::still_ours); 0: never. From 0, not checked.
  caf::timespan look_every = {};
};

/// Group commit: everything that waits when it gets its turn shares one commit. A failed write ends
/// this incarnation: whoever depends on the disk restarts from what is on it. Any number of batches
/// shares a commit; their faults are those of storage::data_dir::commit. It ends, too, with the
/// fault of still_ours when the folder is not ours any more; what that mended is a warning.
owned_storage_writer_actor
spawn_storage_writer(caf::actor_system& system, storage_writer_links links);

} // namespace sluice
