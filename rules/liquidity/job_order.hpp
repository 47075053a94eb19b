/// What an operator says about jobs while the node runs, and what becomes of them.
#pragma once

#include "rules/liquidity/config.hpp"
#include "rules/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

enum class job_act : uint8_t { add = 0, pause, resume, remove };

/// Operator -> liquidity.
struct job_command {
  job_id job;
  job_act act = job_act::pause;
  std::optional<job_config> added; // with `add`
  std::string who;
  uint64_t time_ms = 0; // unix
  SLUICE_FIELDS(job, act, added, who, time_ms)
  bool operator==(const job_command&) const = default;
};

enum class job_order_kind : uint8_t {
  run = 0,
  pause,  // plays no rounds; its miners stand in the sheet as they stood
  remove, // as if it were not configured; its record stays
};

/// What was last said about a job; stronger than the configuration.
struct job_order {
  job_order_kind what = job_order_kind::run;
  std::optional<job_config> added; // of a job that the configuration does not have
  uint64_t laps_missed = 0;        // played without it
  uint64_t stood_at = 0;           // paused, removed: the last lap that it is part of
  std::string who;
  uint64_t time_ms = 0; // unix
  SLUICE_FIELDS(what, added, laps_missed, stood_at, who, time_ms)
  bool operator==(const job_order&) const = default;
};

/// A job as the run sees it: its round N is part of lap N + laps_missed.
struct seated_job {
  job_config config;
  bool paused = false;
  uint64_t laps_missed = 0;
  bool operator==(const seated_job&) const = default;
};

/// Everybody who is neither switched off nor removed.
std::map<job_id, seated_job>
seat_jobs(const std::vector<job_config>& configured, const std::map<job_id, job_order>& orders);

/// The order that follows from a command. `lap`: the last one that was begun. ec::refused says why
/// it cannot be; ec::bad_input that `add` lacks its job.
result<job_order> order_after(const job_command& said, const std::vector<job_config>& configured,
                              const std::map<job_id, job_order>& orders, uint64_t lap);

} // namespace sluice
