/// The miner's database behind a mailbox.
#pragma once

#include "messages/sports/miner.hpp"
#include "storage/sports/miner_store.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <memory>

namespace sluice {

/// `keep_days`: of games and predictions, `keep_result_days`: of results; days, from 1; not
/// checked.
struct sports_database_config {
  std::function<uint64_t()> unix_ms;
  uint64_t keep_days = 50;
  uint64_t keep_result_days = 730;
  uint64_t backup_interval_s = 3600; // between two looks whether a backup is due
};

/// `tasks` gets its task "backup". A write that fails is an error of whoever asked.
sports_database_actor
spawn_sports_database(caf::actor_system& system, sports_database_config config,
                      std::shared_ptr<storage::miner_store> store, task_manager_actor tasks);

} // namespace sluice
