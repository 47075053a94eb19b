/// When a periodic task runs, and how long is waited after a failure.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::periodic_limits {

/// All are the highest that is allowed; ms: milliseconds; others count.
inline constexpr uint64_t interval_ms_max = 7 * 86'400'000ULL;
inline constexpr size_t tasks_max = 256;
inline constexpr size_t name_bytes_max = 64;
inline constexpr uint64_t retries_max = 10;
inline constexpr size_t durations_kept = 100;
inline constexpr size_t waiting_max = 16; // for the end of one run
inline constexpr uint64_t timeout_ms_max = 86'400'000;

} // namespace sluice::periodic_limits

namespace sluice {

/// Of one task. Source of the defaults: facts/mechanisms D2, D3.9. ms: milliseconds.
struct periodic_terms {
  uint64_t interval_ms = 60'000;  // between the starts of two runs, 100 to interval_ms_max
  double jitter = 0.1;            // of the interval, either way, 0 to 1
  uint64_t initial_delay_ms = 0;  // before the first run, 0 to interval_ms_max
  bool retry_on_error = true;     // within the run, before its next period
  uint64_t retry_delay_ms = 1000; // before the first retry, 1 to 3600000
  double backoff_factor = 2;      // of the next ones, 1 to 10
  uint64_t retry_cap_ms = 60'000; // no pause is longer, 1 to 3600000
  uint64_t max_retries = 3;       // in one run, 0 to retries_max
  uint64_t timeout_ms = 0;        // of one attempt; 0: none, else up to timeout_ms_max
  SLUICE_FIELDS(interval_ms, jitter, initial_delay_ms, retry_on_error, retry_delay_ms,
                backoff_factor, retry_cap_ms, max_retries, timeout_ms)
  bool operator==(const periodic_terms&) const = default;
};

/// What is wrong with them, a sentence that begins with the name of a field; "": nothing.
std::string terms_fault(const periodic_terms& x);

/// Is it the name of a task: 1 to name_bytes_max of a to z, 0 to 9, _, -, ., not digits only?
bool is_task_name(const std::string& x);

/// When the next run begins: last_start + interval * (1 + jitter * (2 u - 1)), at least 0.1 s after
/// last_start; when that is not after `now`, now + 0.1: runs that were missed are not made up for.
/// Seconds of one clock; `u`: 0 to 1. Source: facts/mechanisms D3.9 (BET-TASK-2, 3). No error.
double next_run(double last_start, double interval, double jitter, double u, double now);

/// The pauses before the retries of one run: retry_delay * backoff_factor^k, at most `cap`.
/// Seconds; `max_retries`: a count, at most 1000 of them. Source: as above (BET-TASK-1). No
/// error.
std::vector<double>
retry_delays(double retry_delay, double backoff_factor, uint64_t max_retries, double cap = 60);

/// The pause before retry number `retry` (from 1), in milliseconds, as above. No error.
uint64_t retry_delay_ms(const periodic_terms& terms, uint64_t retry);

/// The pause before connecting again after so many failures in a row (from 0): base * 2^failures,
/// at most `cap`. Seconds. Source: facts/mechanisms D3.10 (BET-RECON-1). No error.
double reconnect_delay(double base, double cap, uint64_t failures);

/// 0 to below 1 of any number, in its order. No error.
double unit_of(uint64_t chance);

} // namespace sluice
