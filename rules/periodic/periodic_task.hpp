/// One periodic task as a value: when its attempts begin, what their ends mean, how it did.
#pragma once

#include "rules/periodic/schedule.hpp"
#include "rules/periodic/statistics.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace sluice {

/// The moment of something, by two clocks. Milliseconds.
struct task_moment {
  uint64_t now_ms = 0;  // of a clock that only goes forward; what is scheduled is scheduled by it
  uint64_t unix_ms = 0; // since 1970-01-01 UTC; what is shown
};

/// An attempt that begins. Both from 1.
struct task_attempt {
  uint64_t run = 0;
  uint64_t attempt = 0;
  bool operator==(const task_attempt&) const = default;
};

/// How an attempt ended.
struct task_attempt_end {
  task_attempt which;
  bool failed = false;
  std::string why;          // of a failure
  uint64_t took_ms = 0;     // milliseconds
  uint64_t retry_in_ms = 0; // of a failure that is tried again; else 0: the run is at its end
  bool retries() const { return failed && retry_in_ms > 0; }
};

/// A run is an attempt and its retries; their budget is new in every run. While an attempt is under
/// way, or one that ran out of time has not been answered, nothing else begins (facts/mechanisms
/// D3.9, D3b). Unsynchronised.
class periodic_task {
public:
  /// `terms` have no fault (terms_fault); not checked. The first run is due after its initial
  /// delay.
  periodic_task(uint64_t id, std::string name, const periodic_terms& terms, task_moment now);

  /// When the next attempt begins, or the one under way is out of time; by now_ms. None: somebody
  /// has to act first.
  std::optional<uint64_t> due_ms() const;

  /// The attempt that is due at this moment; it is under way from now on. None: nothing is due.
  std::optional<task_attempt> begin(task_moment now);

  /// The attempt under way is answered; `why`: it failed, "" else. `chance`: any number, for the
  /// jitter. None: that was reported as out of time, or nothing is under way.
  std::optional<task_attempt_end> ended(const std::string& why, task_moment now, uint64_t chance);

  /// The attempt under way has failed when it is out of time; the next one still waits for its
  /// answer. None: it is not.
  std::optional<task_attempt_end> late(task_moment now, uint64_t chance);

  // ---- orders -----------------------------------------------------------------------------------

  /// No more attempts; a run that waits for a retry has failed. ec::refused: it is paused.
  result<nothing> pause();
  /// ec::refused: it is not paused.
  result<nothing> resume(task_moment now, uint64_t chance);
  /// The next run is due now, with a budget of its own, also of a paused task (which stays paused);
  /// one that waits for a retry has failed. `timeout_ms`: of this run, which then has no retries;
  /// 0: as the terms state. ec::busy: an attempt is under way; ec::refused: nobody can run it.
  result<nothing> run_now(task_moment now, uint64_t timeout_ms = 0);

  /// Who runs it is gone: an attempt under way has failed, without retries.
  std::optional<task_attempt_end>
  owner_gone(const std::string& why, task_moment now, uint64_t chance);
  /// Somebody runs it, on these terms, from now on.
  void owner_came(const periodic_terms& terms, task_moment now, uint64_t chance);

  // ---- what is seen -----------------------------------------------------------------------------

  uint64_t id() const { return view_.id; }
  const std::string& name() const { return view_.name; }
  periodic_state state() const;
  task_view view(task_moment now) const;
  /// The number of the run under way, or of the last one; 0: none yet.
  uint64_t run() const { return run_; }

private:
  bool under_way() const { return attempt_ != 0 && !waits_for_retry_; }
  void schedule(task_moment now, uint64_t chance);
  void close_run(bool failed);
  task_attempt_end judge(const std::string& why, bool may_retry, task_moment now, uint64_t chance);
  void count_duration(uint64_t took_ms);

  periodic_terms terms_;
  task_view view_;                  // its counts; the rest is filled in when it is looked at
  std::deque<uint64_t> durations_;  // ms, the newest last
  std::optional<uint64_t> next_ms_; // of the next attempt
  std::optional<uint64_t> deadline_ms_;
  uint64_t first_ms_ = 0;     // when the first run is due
  uint64_t run_began_ms_ = 0; // of the last run's first attempt
  uint64_t began_ms_ = 0;     // of the last attempt
  uint64_t run_ = 0;
  uint64_t attempt_ = 0;    // of the run that is open; 0: none is
  uint64_t timeout_ms_ = 0; // of the run that is open or ordered
  bool waits_for_retry_ = false;
  bool overdue_ = false; // the attempt is judged, its answer has not come
  bool paused_ = false;
  bool owned_ = true;
  bool ordered_ = false; // the next run is an order
  bool single_ = false;  // the run that is open, or ordered, has no retries
};

} // namespace sluice
