/// Owns the task board: takes tasks, gives them to miners, takes their answers, lets time pass.
#pragma once

#include "messages/consensus/tasks.hpp"
#include "messages/storage_writer.hpp"
#include "rules/consensus/config.hpp"
#include "rules/consensus/dev_client.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace sluice {

struct task_distributor_config {
  consensus_settings settings;
  std::optional<dev_task_terms> world; // stepped time, with this client; none: passes by the clock
  std::function<uint64_t()> unix_ms;   // milliseconds since 1970-01-01 UTC; of a world its moment
  uint64_t turn_deadline_ms = 10'000;  // of a question to a miner far away in a world
};

struct task_distributor_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  roster_actor roster;
  selectable_miners_actor miners;
};

/// Fails when the stored board cannot be read, with the disk's sentence.
task_distributor_actor
spawn_task_distributor(caf::actor_system& system, task_distributor_config config,
                       task_distributor_links links);

} // namespace sluice
