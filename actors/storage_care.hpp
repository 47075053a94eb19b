/// Looks after the stores of a running node: readers, rows that may go, files that are too long.
#pragma once

#include "actors/mechanism_module.hpp"
#include "messages/storage_care.hpp"
#include "messages/storage_writer.hpp"
#include "rules/config/storage_settings.hpp"
#include "storage/data_dir.hpp"

#include <caf/fwd.hpp>

#include <chrono>
#include <functional>
#include <memory>

namespace sluice {

/// A reader of another process is warned about from here on, and again whenever it has stayed for
/// twice as long.
inline constexpr std::chrono::minutes long_reader{1};

/// `unix_ms`: milliseconds since 1970-01-01 UTC; empty: 0.
struct storage_care_config {
  storage_settings settings;
  mechanism_list mechanisms{}; // whose rows may go
  bool own_thread = true;      // off under the test scheduler: reading the disk then holds it up
  std::function<uint64_t()> unix_ms{};
};

struct storage_care_links {
  std::shared_ptr<const storage::data_dir> disk;
  owned_storage_writer_actor storage_writer;
};

/// Every `check_s` seconds of its clock, and at once when it begins: gives back the slots of dead
/// readers and warns of long ones; then removes what retention permits, a portion a commit, each
/// durable before the next is planned; then, beyond the budget, has stores compacted between two
/// commits. What a disk refuses is a warning, tried again at the next look: the node goes on. Its
/// time does not depend on speed or steps.
storage_care_actor
spawn_storage_care(caf::actor_system& system, storage_care_config config, storage_care_links links);

} // namespace sluice
