#include "rules/leads/flow.hpp"

#include <algorithm>
#include <limits>

namespace sluice {

namespace {

constexpr uint64_t never_ms = std::numeric_limits<uint64_t>::max();

flow_action act(flow_action::kind what, uint64_t request = 0) {
  flow_action made;
  made.what = what;
  made.request = request;
  return made;
}

} // namespace

std::string_view name_of(curation_state x) {
  switch (x) {
  case curation_state::idle:
    return "idle";
  case curation_state::storing:
    return "storing";
  case curation_state::replied:
    return "replied";
  case curation_state::publishing:
    return "publishing";
  }
  return "";
}

std::string_view name_of(publish_trigger x) {
  switch (x) {
  case publish_trigger::start:
    return "start";
  case publish_trigger::timer:
    return "timer";
  case publish_trigger::retry:
    return "retry";
  case publish_trigger::curated:
    return "curated";
  case publish_trigger::operator_:
    return "operator";
  }
  return "";
}

std::string_view name_of(publish_end x) {
  switch (x) {
  case publish_end::open:
    return "open";
  case publish_end::done:
    return "done";
  case publish_end::failed:
    return "failed";
  case publish_end::skipped:
    return "skipped";
  case publish_end::unknown:
    return "unknown";
  }
  return "";
}

flow_terms flow_terms_of(const leads_settings& settings) {
  flow_terms made;
  made.interval_ms = settings.interval_s * 1000;
  if (!settings.retry_s.empty()) {
    made.retry_ms.clear();
    for (const auto seconds : settings.retry_s)
      made.retry_ms.push_back(seconds * 1000);
  }
  made.bound_ms = settings.publish_bound_s * 1000;
  made.spacing_ms = settings.rate_limit_blocks * settings.block_seconds * 1000;
  return made;
}

uint64_t pause_ms(const flow_terms& terms, uint64_t failures) {
  if (failures == 0 || terms.retry_ms.empty())
    return terms.interval_ms;
  return terms.retry_ms[std::min<size_t>(failures, terms.retry_ms.size()) - 1];
}

curation_flow::curation_flow(flow_terms terms, const flow_record& before, uint64_t now_ms)
  : terms_(std::move(terms)), record_(before), now_ms_(now_ms), timer_ms_(now_ms) {
  record_.taken_ms = std::min(record_.taken_ms, now_ms); // a clock that was put back
}

flow_actions curation_flow::curated(uint64_t request, uint64_t now_ms) {
  at(now_ms);
  flow_actions out;
  const bool known_one
    = requests_.contains(request) || std::find(held_.begin(), held_.end(), request) != held_.end();
  if (!known_one && is_overdue() && !requests_.empty()) {
    held_.push_back(request);
  } else if (!known_one) {
    requests_[request] = step::storing;
    out.push_back(act(flow_action::kind::store, request));
  }
  return settled(std::move(out));
}

flow_actions curation_flow::stored(uint64_t request, uint64_t now_ms) {
  at(now_ms);
  flow_actions out;
  if (const auto found = requests_.find(request);
      found != requests_.end() && found->second == step::storing) {
    found->second = step::replying;
    record_.pending = true;
    out.push_back(act(flow_action::kind::reply, request));
  }
  return settled(std::move(out));
}

flow_actions curation_flow::store_failed(uint64_t request, uint64_t now_ms) {
  at(now_ms);
  flow_actions out;
  if (const auto found = requests_.find(request);
      found != requests_.end() && found->second == step::storing) {
    requests_.erase(found);
    out.push_back(act(flow_action::kind::reply_error, request));
  }
  return settled(std::move(out));
}

flow_actions curation_flow::replied(uint64_t request, uint64_t now_ms) {
  at(now_ms);
  if (const auto found = requests_.find(request);
      found != requests_.end() && found->second == step::replying) {
    requests_.erase(found);
    if (!fresh_ms_)
      fresh_ms_ = now_ms_;
  }
  return settled();
}

flow_actions curation_flow::publish_ended(uint64_t number, publish_end how, uint64_t now_ms) {
  at(now_ms);
  if (open_ && open_->number == number) {
    end(how);
  } else if (number != 0 && number == given_up_ && how == publish_end::done) {
    given_up_ = 0;
    record_.taken_ms = now_ms_;
    if (!open_) {
      record_.failures = 0;
      record_.pending = has_uncovered();
      timer_ms_ = now_ms_ + terms_.interval_ms;
      timer_trigger_ = publish_trigger::timer;
    }
  }
  return settled();
}

flow_actions curation_flow::publish_wanted(uint64_t now_ms) {
  at(now_ms);
  if (!asked_ms_)
    asked_ms_ = now_ms_;
  return settled();
}

flow_actions curation_flow::tick(uint64_t now_ms) {
  at(now_ms);
  return settled();
}

curation_state curation_flow::state() const {
  if (!requests_.empty() || !held_.empty())
    return curation_state::storing;
  if (waits_for_publish())
    return curation_state::replied;
  return open_ && open_->curated ? curation_state::publishing : curation_state::idle;
}

uint64_t curation_flow::wake_ms() const {
  uint64_t wake = never_ms;
  if (open_)
    wake = open_->began_ms + terms_.bound_ms;
  else if (requests_.empty())
    wake = earliest_ms();
  if (waits_for_publish())
    wake = std::min(wake, *fresh_ms_ + terms_.bound_ms);
  return wake;
}

std::optional<uint64_t> curation_flow::due_ms() const {
  return open_ ? std::nullopt : std::optional{earliest_ms()};
}

/// Time goes on; an attempt that outlasts its bound is given up: the chain may still take it.
void curation_flow::at(uint64_t now_ms) {
  now_ms_ = std::max(now_ms_, now_ms);
  if (open_ && now_ms_ - open_->began_ms >= terms_.bound_ms) {
    given_up_ = open_->number;
    end(publish_end::unknown);
  }
}

/// What follows from where everything is now; sourced leads are paused first and resumed last.
flow_actions curation_flow::settled(flow_actions out) {
  begin_if_due(out);
  const bool pause = state() != curation_state::idle;
  if (pause && !paused_)
    out.insert(out.begin(), act(flow_action::kind::pause_sourced));
  if (!pause && paused_)
    out.push_back(act(flow_action::kind::resume_sourced));
  paused_ = pause;
  return out;
}

void curation_flow::begin_if_due(flow_actions& out) {
  if (open_ || !requests_.empty() || now_ms_ < earliest_ms())
    return;
  auto begin = act(flow_action::kind::publish);
  begin.number = ++record_.attempts;
  begin.trigger = fresh_ms_   ? publish_trigger::curated
                  : asked_ms_ ? publish_trigger::operator_
                              : timer_trigger_;
  open_ = attempt{begin.number, now_ms_, waits_for_publish()};
  fresh_ms_.reset();
  asked_ms_.reset();
  out.push_back(begin);
  for (const auto request : held_) {
    requests_[request] = step::storing;
    out.push_back(act(flow_action::kind::store, request));
  }
  held_.clear();
}

void curation_flow::end(publish_end how) {
  open_.reset();
  const bool failed = how == publish_end::failed || how == publish_end::unknown;
  if (how == publish_end::done || how == publish_end::unknown)
    record_.taken_ms = now_ms_;
  record_.failures = failed ? record_.failures + 1 : 0;
  if (!failed)
    record_.pending = has_uncovered();
  timer_ms_ = now_ms_ + pause_ms(terms_, record_.failures);
  timer_trigger_ = failed ? publish_trigger::retry : publish_trigger::timer;
}

/// Are results stored that the attempt which ends now did not cover?
bool curation_flow::has_uncovered() const {
  return fresh_ms_ || std::any_of(requests_.begin(), requests_.end(), [](const auto& x) {
           return x.second == step::replying;
         });
}

/// Sourced leads wait for a publish to begin, but not for longer than the bound.
bool curation_flow::waits_for_publish() const {
  return fresh_ms_ && now_ms_ - *fresh_ms_ < terms_.bound_ms;
}

/// Should a publish have begun for longer than the bound, and only requests are in its way?
bool curation_flow::is_overdue() const {
  return !open_ && now_ms_ >= earliest_ms() && now_ms_ - earliest_ms() >= terms_.bound_ms;
}

uint64_t curation_flow::earliest_ms() const {
  uint64_t wanted = timer_ms_;
  for (const auto& since : {fresh_ms_, asked_ms_})
    if (since)
      wanted = std::min(wanted, *since);
  return record_.taken_ms == 0 ? wanted : std::max(wanted, record_.taken_ms + terms_.spacing_ms);
}

} // namespace sluice
