#include "rules/periodic/periodic_task.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace sluice {

namespace {

constexpr double ms_per_second = 1000;

double seconds(uint64_t ms) {
  return static_cast<double>(ms) / ms_per_second;
}

} // namespace

std::string_view name_of(periodic_state x) {
  switch (x) {
  case periodic_state::waiting:
    return "waiting";
  case periodic_state::running:
    return "running";
  case periodic_state::retrying:
    return "retrying";
  case periodic_state::paused:
    return "paused";
  case periodic_state::ownerless:
    return "ownerless";
  }
  return "unknown";
}

periodic_task::periodic_task(uint64_t id, std::string name, const periodic_terms& terms,
                             task_moment now)
  : terms_(terms), next_ms_(now.now_ms + terms.initial_delay_ms),
    first_ms_(now.now_ms + terms.initial_delay_ms) {
  view_.id = id;
  view_.name = std::move(name);
}

std::optional<uint64_t> periodic_task::due_ms() const {
  if (overdue_)
    return std::nullopt;
  if (under_way())
    return deadline_ms_;
  if (!owned_ || (paused_ && !ordered_))
    return std::nullopt;
  return next_ms_;
}

std::optional<task_attempt> periodic_task::begin(task_moment now) {
  const auto due = due_ms();
  if (under_way() || !due || *due > now.now_ms)
    return std::nullopt;
  if (attempt_ == 0) {
    ++run_;
    run_began_ms_ = now.now_ms;
    if (!ordered_)
      timeout_ms_ = terms_.timeout_ms;
  } else {
    ++view_.retries;
  }
  ++attempt_;
  ordered_ = waits_for_retry_ = false;
  next_ms_.reset();
  began_ms_ = now.now_ms;
  view_.last_run_ms = now.unix_ms;
  deadline_ms_
    = timeout_ms_ == 0 ? std::nullopt : std::optional<uint64_t>{now.now_ms + timeout_ms_};
  return task_attempt{run_, attempt_};
}

std::optional<task_attempt_end>
periodic_task::ended(const std::string& why, task_moment now, uint64_t chance) {
  if (overdue_) { // it is judged already; only now the next attempt may begin
    overdue_ = false;
    if (next_ms_ && *next_ms_ < now.now_ms) {
      ++view_.skipped;
      next_ms_ = now.now_ms;
    }
    return std::nullopt;
  }
  if (!under_way())
    return std::nullopt;
  return judge(why, true, now, chance);
}

std::optional<task_attempt_end> periodic_task::late(task_moment now, uint64_t chance) {
  if (overdue_ || !under_way() || !deadline_ms_ || *deadline_ms_ > now.now_ms)
    return std::nullopt;
  ++view_.timeouts;
  auto end = judge("it took longer than " + std::to_string(timeout_ms_) + " ms", true, now, chance);
  overdue_ = true;
  return end;
}

/// What the end of an attempt means for its run, and when the next attempt is due.
task_attempt_end
periodic_task::judge(const std::string& why, bool may_retry, task_moment now, uint64_t chance) {
  task_attempt_end end;
  end.which = {run_, attempt_};
  end.failed = !why.empty();
  end.why = why;
  end.took_ms = now.now_ms - began_ms_;
  deadline_ms_.reset();
  count_duration(end.took_ms);
  if (end.failed) {
    ++view_.errors;
    view_.last_error = why;
    view_.last_error_ms = now.unix_ms;
    if (may_retry && !single_ && !paused_ && terms_.retry_on_error
        && attempt_ <= terms_.max_retries) {
      end.retry_in_ms = retry_delay_ms(terms_, attempt_);
      waits_for_retry_ = true;
      next_ms_ = now.now_ms + end.retry_in_ms;
      return end;
    }
  }
  close_run(end.failed);
  schedule(now, chance);
  return end;
}

void periodic_task::close_run(bool failed) {
  attempt_ = 0;
  waits_for_retry_ = single_ = false;
  ++view_.runs;
  if (failed) {
    ++view_.failures;
    ++view_.consecutive_failures;
  } else {
    ++view_.successes;
    view_.consecutive_failures = 0;
  }
}

/// From the start of the last run, so that a slow one does not move those that follow.
void periodic_task::schedule(task_moment now, uint64_t chance) {
  if (run_ == 0) {
    next_ms_ = std::max(first_ms_, now.now_ms);
    return;
  }
  const auto at = next_run(seconds(run_began_ms_), seconds(terms_.interval_ms), terms_.jitter,
                           unit_of(chance), seconds(now.now_ms));
  next_ms_ = static_cast<uint64_t>(std::llround(at * ms_per_second));
}

void periodic_task::count_duration(uint64_t took_ms) {
  const auto took = seconds(took_ms);
  const bool first = durations_.empty();
  if (durations_.size() == periodic_limits::durations_kept)
    durations_.pop_front();
  durations_.push_back(took_ms);
  view_.last_duration_s = took;
  view_.min_duration_s = first ? took : std::min(view_.min_duration_s, took);
  view_.max_duration_s = std::max(view_.max_duration_s, took);
  view_.total_duration_s += took;
}

result<nothing> periodic_task::pause() {
  if (paused_)
    return fault{ec::refused, "task " + name() + " is paused already"};
  paused_ = true;
  ordered_ = false;
  if (waits_for_retry_)
    close_run(true);
  return nothing{};
}

result<nothing> periodic_task::resume(task_moment now, uint64_t chance) {
  if (!paused_)
    return fault{ec::refused, "task " + name() + " is not paused"};
  paused_ = false;
  if (!under_way() && !ordered_)
    schedule(now, chance);
  return nothing{};
}

result<nothing> periodic_task::run_now(task_moment now, uint64_t timeout_ms) {
  if (under_way() || overdue_)
    return fault{ec::busy, "task " + name() + " is running: it never runs twice at a time"};
  if (!owned_)
    return fault{ec::refused, "task " + name() + " has nobody to run it now"};
  if (waits_for_retry_)
    close_run(true);
  ordered_ = true;
  single_ = timeout_ms != 0;
  timeout_ms_ = single_ ? timeout_ms : terms_.timeout_ms;
  next_ms_ = now.now_ms;
  return nothing{};
}

std::optional<task_attempt_end>
periodic_task::owner_gone(const std::string& why, task_moment now, uint64_t chance) {
  owned_ = ordered_ = overdue_ = false;
  std::optional<task_attempt_end> end;
  if (under_way())
    end = judge(why, false, now, chance);
  else if (waits_for_retry_)
    close_run(true);
  single_ = false;
  return end;
}

void periodic_task::owner_came(const periodic_terms& terms, task_moment now, uint64_t chance) {
  terms_ = terms;
  owned_ = true;
  if (run_ == 0)
    first_ms_ = now.now_ms + terms.initial_delay_ms;
  schedule(now, chance);
}

periodic_state periodic_task::state() const {
  if (under_way() || overdue_)
    return periodic_state::running;
  if (!owned_)
    return periodic_state::ownerless;
  if (paused_)
    return periodic_state::paused;
  return waits_for_retry_ ? periodic_state::retrying : periodic_state::waiting;
}

task_view periodic_task::view(task_moment now) const {
  auto x = view_;
  x.state = name_of(state());
  x.interval_s = seconds(terms_.interval_ms);
  x.jitter = terms_.jitter;
  if (!durations_.empty())
    x.avg_duration_s = seconds(std::accumulate(durations_.begin(), durations_.end(), uint64_t{0}))
                       / static_cast<double>(durations_.size());
  const auto due = under_way() ? std::nullopt : due_ms();
  x.is_scheduled = due.has_value();
  x.next_in_ms = due && *due > now.now_ms ? *due - now.now_ms : 0;
  return x;
}

} // namespace sluice
