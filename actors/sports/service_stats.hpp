/// Writes down what the services of a running node state about themselves: what `sports stats`
/// shows of them afterwards.
#pragma once

#include "messages/chain.hpp"
#include "messages/events.hpp"
#include "messages/storage_writer.hpp"
#include "messages/tasks.hpp"
#include "net/sports/connections.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sluice {

/// The name of its task.
inline constexpr const char* sports_status_task = "sports.status";

/// `block_seconds`: of the chain, from 1. Moments are microseconds since 1970-01-01 UTC.
struct service_stats_config {
  hotkey own; // of this validator
  std::function<int64_t()> now_us;
  uint64_t block_seconds = 12;
  /// What the transport counted; none: it serves nobody. Empty: as that.
  std::function<std::optional<net::sports_connection_counts>()> connections{};
};

struct service_stats_links {
  std::shared_ptr<const storage::data_dir> disk;
  storage_writer_actor storage_writer;
  chain_reader_actor chain;
  task_manager_actor tasks;   // must be there: it asks every 60 s
  event_manager_actor events; // null: none is stated
};

/// One JSON text per service: validator, tasks, events, scoring, communication.
task_owner_actor spawn_service_stats(caf::actor_system& system, service_stats_config config,
                                     service_stats_links links);

// Shapes of facts/mechanisms D3.13, as JSON texts. No errors.
std::string task_stats_json(const task_list& x);
std::string event_stats_json(const event_statistics& x);
std::string connection_stats_json(const net::sports_connection_counts& x);

} // namespace sluice
