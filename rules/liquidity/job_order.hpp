/// What an operator commands about jobs while the node runs, and what becomes of them.
#pragma once

#include "rules/liquidity/config.hpp"
#include "rules/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

enum class job_act : uint8_t { add = 0, pause, resume, remove };

/// Operator -> liquidity. Times are unix milliseconds.
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
  pause,  // plays no rounds; its miners keep their scores
  remove, // as if it were not configured; its record stays
};

/// The last command about a job; stronger than the configuration. Times are unix milliseconds,
/// steps count steps of the node.
struct job_order {
  /// Of its field list (storage/codec.hpp), 1 to 255.
  static constexpr uint8_t stored_version = 2;

  job_order_kind what = job_order_kind::run;
  std::optional<job_config> added; // of a job that the configuration does not have
  uint64_t steps_missed = 0;       // played without it
  uint64_t stood_at = 0;           // paused, removed: number of the last step that it is part of
  std::string who;
  uint64_t time_ms = 0; // unix
  SLUICE_FIELDS(what, added, steps_missed, stood_at, who, time_ms)
  bool operator==(const job_order&) const = default;
};

/// A job as the run sees it: its round N is part of step N + steps_missed.
struct current_job {
  job_config config;
  bool paused = false;
  uint64_t steps_missed = 0; // number of steps
  bool operator==(const current_job&) const = default;
};

/// Everybody who is neither switched off nor removed.
std::map<job_id, current_job>
current_jobs(const std::vector<job_config>& configured, const std::map<job_id, job_order>& orders);

/// The order that follows from a command. `step`: number of the last one that was begun, 0 before
/// the first. `failed`: the job was given up, so that it can be resumed, or added once more after
/// it was removed. ec::refused states why it cannot be (also more than limits::jobs_max jobs);
/// ec::bad_input that `add` lacks its job.
result<job_order>
order_after(const job_command& command, const std::vector<job_config>& configured,
            const std::map<job_id, job_order>& orders, uint64_t step, bool failed = false);

} // namespace sluice
