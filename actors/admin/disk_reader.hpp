/// Answers the commands that read the data folder, out of everybody's way.
#pragma once

#include "actors/mechanism_module.hpp"
#include "messages/admin.hpp"
#include "messages/chain.hpp"
#include "storage/data_dir.hpp"

#include <memory>

namespace sluice {

struct disk_reader_links {
  std::shared_ptr<const storage::data_dir> disk;
  chain_reader_actor chain; // asked where the answer shows the chain
};

/// Some views recompute what is stored, so it has a thread of its own unless configured otherwise.
admin_actor spawn_disk_reader(caf::actor_system& system, mechanism_list mechanisms,
                              disk_reader_links links, bool own_thread);

} // namespace sluice
