#include "rules/consensus/report_plan.hpp"

#include "rules/retry_after.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

constexpr uint64_t report_doublings_max = 20;

bool may_be_taken_later(unsigned status) {
  return status == 0 || status == 408 || status == 425 || status == 429 || status >= 500;
}

/// Anywhere in the upper half, so that validators who were sent away together do not come back
/// together.
uint64_t report_failure_pause(uint64_t failures, uint64_t chance, const report_pauses& pauses) {
  const auto doublings = std::min(std::max<uint64_t>(failures, 1) - 1, report_doublings_max);
  const auto top = std::clamp(pauses.least_ms << doublings, pauses.least_ms, pauses.most_ms);
  const auto half = top / 2;
  return std::max(pauses.least_ms, half + chance % (top - half + 1));
}

std::string why_not_delivered(const report_answer& x, bool keyed) {
  if (x.status == 0)
    return x.what;
  std::string text = "it answers " + std::to_string(x.status);
  if (!x.what.empty())
    text += ": " + x.what;
  if (x.status == 401 || x.status == 403)
    text += keyed ? "; this key is not taken: put a valid one for this validator into the target's"
                    " key_file, and reports go on by themselves"
                  : "; state the target's key_file, or have this validator's hotkey registered"
                    " there";
  else if (x.status == 404 || x.status == 405)
    text += "; there is no such route: check the target's url and form";
  return text;
}

} // namespace

report_decision decide_report(const report_answer& x, bool keyed, uint64_t failures,
                              uint64_t chance, uint64_t unix_ms, const report_pauses& pauses) {
  report_decision out;
  const bool good = x.status >= 200 && x.status < 300;
  if ((good && x.success) || x.status == 409)
    return out;
  out.why = why_not_delivered(x, keyed);
  if (!may_be_taken_later(x.status)) {
    const bool about_the_key = keyed && (x.status == 401 || x.status == 403);
    out.verdict = about_the_key ? sending_verdict::stopped : sending_verdict::rejected;
    return out;
  }
  out.verdict = sending_verdict::again;
  out.pause_ms = report_failure_pause(failures, chance, pauses);
  auto wish = retry_after_ms(x.retry_after, unix_ms);
  if (!wish && x.status == 429)
    wish = pauses.unstated_ms;
  if (wish) {
    const auto kept = std::min(*wish, pauses.obeyed_ms);
    out.pause_ms = std::max(out.pause_ms, kept + chance % (kept / 10 + 1));
  }
  return out;
}

report_plan::report_plan(std::vector<report_target> targets, const report_pauses& pauses)
  : pauses_(pauses) {
  for (auto& x : targets) {
    if (x.mode == report_mode::first)
      group_.push_back(targets_.size());
    target_state made;
    made.keyed = !x.key_file.empty();
    made.shown.url = std::move(x.url);
    made.shown.form = x.form;
    made.shown.mode = x.mode;
    targets_.push_back(std::move(made));
  }
}

bool report_plan::group_is_open() const {
  return std::any_of(group_.begin(), group_.end(),
                     [this](size_t i) { return targets_[i].open != 0; });
}

bool report_plan::group_lacks() const {
  return !group_.empty() && group_has_ < newest_;
}

/// A report that none of them takes needs nothing more.
void report_plan::settle_group() {
  uint64_t all_have = newest_;
  for (const auto i : group_)
    all_have = std::min(all_have, targets_[i].has);
  group_has_ = std::max(group_has_, all_have);
}

void report_plan::count_replaced(target_state& x) {
  auto& counted = x.shown.mode == report_mode::first ? targets_[group_.front()] : x;
  ++counted.shown.replaced;
}

void report_plan::offer(uint64_t number) {
  const auto last = std::exchange(newest_, number);
  if (last == 0)
    return;
  for (auto& x : targets_)
    if (x.shown.mode == report_mode::all && x.has < last && x.open != last)
      count_replaced(x);
  const bool on_its_way
    = std::any_of(group_.begin(), group_.end(), [&](size_t i) { return targets_[i].open == last; });
  if (!group_.empty() && group_has_ < last && !on_its_way)
    count_replaced(targets_[group_.front()]);
}

bool report_plan::may_try(const target_state& x, uint64_t now_ms) const {
  switch (x.shown.state) {
  case report_target_state::idle:
    return x.has < newest_;
  case report_target_state::waiting:
    return x.has < newest_ && x.shown.next_ms <= now_ms;
  case report_target_state::open:
  case report_target_state::stopped:
    break;
  }
  return false;
}

std::vector<report_attempt> report_plan::due(uint64_t now_ms) {
  std::vector<report_attempt> out;
  const auto begin = [&](size_t i) {
    targets_[i].open = newest_;
    targets_[i].shown.state = report_target_state::open;
    out.push_back({i, newest_});
  };
  for (size_t i = 0; i < targets_.size(); ++i)
    if (targets_[i].shown.mode == report_mode::all && may_try(targets_[i], now_ms))
      begin(i);
  if (!group_lacks() || group_is_open())
    return out;
  const auto found = std::find_if(group_.begin(), group_.end(),
                                  [&](size_t i) { return may_try(targets_[i], now_ms); });
  if (found != group_.end())
    begin(*found);
  return out;
}

std::optional<sending_verdict>
report_plan::answered(const report_attempt& x, const report_answer& answer, uint64_t now_ms,
                      uint64_t unix_ms, uint64_t chance) {
  if (x.target >= targets_.size() || x.report == 0 || targets_[x.target].open != x.report)
    return {};
  auto& target = targets_[x.target];
  auto& shown = target.shown;
  target.open = 0;
  ++shown.attempts;
  shown.last_status = answer.status;
  const auto decided
    = decide_report(answer, target.keyed, shown.in_a_row + 1, chance, unix_ms, pauses_);
  shown.last_error = decided.why;
  switch (decided.verdict) {
  case sending_verdict::delivered:
  case sending_verdict::rejected: {
    const bool delivered = decided.verdict == sending_verdict::delivered;
    shown.state = report_target_state::idle;
    shown.in_a_row = 0;
    target.has = x.report;
    ++(delivered ? shown.delivered : shown.rejected);
    if (delivered) {
      shown.last_report = x.report;
      shown.miners_processed = answer.miners_processed;
      shown.consensus_updated = answer.consensus_updated;
      if (shown.mode == report_mode::first)
        group_has_ = std::max(group_has_, x.report);
    }
    break;
  }
  case sending_verdict::again:
  case sending_verdict::stopped:
    ++shown.failures;
    ++shown.in_a_row;
    shown.state = decided.verdict == sending_verdict::again ? report_target_state::waiting
                                                            : report_target_state::stopped;
    shown.next_ms = decided.verdict == sending_verdict::again ? now_ms + decided.pause_ms : 0;
    if (x.report < newest_)
      count_replaced(target);
    break;
  }
  if (shown.mode == report_mode::first)
    settle_group();
  return decided.verdict;
}

void report_plan::refuse(const report_attempt& x, const std::string& why) {
  if (x.target >= targets_.size() || x.report == 0 || targets_[x.target].open != x.report)
    return;
  auto& target = targets_[x.target];
  target.open = 0;
  target.shown.state = report_target_state::stopped;
  target.shown.next_ms = 0;
  target.shown.last_error = why;
  if (x.report < newest_)
    count_replaced(target);
}

void report_plan::resume(size_t target) {
  if (!stopped(target))
    return;
  targets_[target].shown.state = report_target_state::idle;
  targets_[target].shown.in_a_row = 0;
}

bool report_plan::stopped(size_t target) const {
  return target < targets_.size() && targets_[target].shown.state == report_target_state::stopped;
}

std::optional<uint64_t> report_plan::next_ms() const {
  std::optional<uint64_t> next;
  const bool group_waits = group_lacks() && !group_is_open();
  for (const auto& x : targets_)
    if (x.shown.state == report_target_state::waiting && x.has < newest_
        && (x.shown.mode == report_mode::all || group_waits))
      next = std::min(next.value_or(x.shown.next_ms), x.shown.next_ms);
  return next;
}

std::vector<report_target_view> report_plan::view() const {
  std::vector<report_target_view> all;
  for (const auto& x : targets_)
    all.push_back(x.shown);
  return all;
}

} // namespace sluice
