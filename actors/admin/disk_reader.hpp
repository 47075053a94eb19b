/// Answers the commands that read the data folder, out of everybody's way.
#pragma once

#include "messages/admin.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

/// `explain` replays a round, so it has a thread of its own unless told otherwise.
admin_actor spawn_disk_reader(caf::actor_system& system,
                              std::shared_ptr<const storage::data_dir> disk, bool own_thread);

} // namespace sluice
