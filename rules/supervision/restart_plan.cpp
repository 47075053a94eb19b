#include "rules/supervision/restart_plan.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

using order_kind = restart_order::kind;

} // namespace

restart_plan::restart_plan(const restart_terms& terms) : terms_(terms) {}

size_t restart_plan::add(restart_rule rule) {
  children_.emplace(next_, child{rule});
  return next_++;
}

restart_orders
restart_plan::ended(size_t number, bool failed, std::chrono::nanoseconds now, uint64_t chance) {
  restart_orders out;
  const auto at = children_.find(number);
  if (at == children_.end() || is_down(at->second))
    return out;
  auto& x = at->second;
  const bool ordered = x.state == child_state::stopping || x.to_stop;
  x.state = child_state::waiting;
  x.to_stop = false;
  if (x.removed || (ordered && x.rule == restart_rule::temporary))
    forget(number, out);
  else if (!ordered && !leaving_)
    down_for_itself(number, failed, now, out);
  stop_next(out);
  if (!leaving_) {
    comes_back_if_ready(chance, out);
    start_next(out);
  } else if (!anybody_up()) {
    out.push_back({order_kind::leave});
  }
  return out;
}

/// Nobody had ordered it: what its rule and the limit on restarts say.
void restart_plan::down_for_itself(size_t number, bool failed, std::chrono::nanoseconds now,
                                   restart_orders& out) {
  auto& x = children_.at(number);
  if (x.rule == restart_rule::temporary || (x.rule == restart_rule::transient && !failed))
    return forget(number, out); // it has done its work
  if (!exhausted(x, now)) {
    to_restart_.insert(number);
    if (terms_.how == strategy_of_restart::rest_for_one)
      stop_from(number + 1, out);
    return;
  }
  if (terms_.then == when_exhausted::abandon) {
    x.state = child_state::abandoned;
    out.push_back({order_kind::abandon, number});
    return;
  }
  out.push_back({order_kind::escalate, number});
  auto stops = leave();
  std::erase_if(stops, [](const auto& one) { return one.what == order_kind::leave; }); // comes last
  out.insert(out.end(), stops.begin(), stops.end());
}

restart_orders restart_plan::started(size_t number) {
  restart_orders out;
  const auto at = children_.find(number);
  if (at == children_.end() || at->second.state != child_state::starting)
    return out;
  auto& x = at->second;
  x.state = child_state::running;
  if (leaving_)
    return leave();
  if (x.removed) { // meanwhile
    x.state = child_state::stopping;
    out.push_back({order_kind::stop, number});
  }
  stop_next(out);
  start_next(out);
  return out;
}

restart_orders restart_plan::waited(size_t wait) {
  restart_orders out;
  auto found = waits_.extract(wait);
  if (found.empty() || leaving_)
    return out;
  to_start_.merge(found.mapped());
  start_next(out);
  return out;
}

restart_orders restart_plan::remove(size_t number) {
  restart_orders out;
  const auto at = children_.find(number);
  if (at == children_.end())
    return out;
  auto& x = at->second;
  withdraw(number);
  if (is_down(x)) {
    forget(number, out);
    return out;
  }
  x.removed = true;
  x.to_stop = false;
  if (x.state == child_state::running) {
    x.state = child_state::stopping;
    out.push_back({order_kind::stop, number});
  }
  return out;
}

std::string_view restart_plan::why_not_again(size_t number) const {
  const auto at = children_.find(number);
  if (leaving_)
    return "its owner is on its way out";
  if (at == children_.end() || at->second.state != child_state::running || at->second.to_stop)
    return "is not running: it is restarting, abandoned or ended";
  if (at->second.rule == restart_rule::temporary)
    return "never comes back once it ends";
  return {};
}

restart_orders restart_plan::again(size_t number) {
  restart_orders out;
  if (!why_not_again(number).empty())
    return out;
  if (terms_.how == strategy_of_restart::rest_for_one) {
    stop_from(number, out);
    return out;
  }
  to_restart_.insert(number);
  children_.at(number).state = child_state::stopping;
  out.push_back({order_kind::stop, number});
  return out;
}

restart_orders restart_plan::leave() {
  restart_orders out;
  leaving_ = true;
  to_restart_.clear();
  waits_.clear();
  to_start_.clear();
  if (terms_.how == strategy_of_restart::rest_for_one) {
    for (auto& [number, x] : children_)
      x.to_stop = is_up(x);
    stop_next(out);
  } else {
    for (auto i = children_.rbegin(); i != children_.rend(); ++i)
      if (i->second.state == child_state::running) {
        i->second.state = child_state::stopping;
        out.push_back({order_kind::stop, i->first});
      }
  }
  if (!anybody_up())
    out.push_back({order_kind::leave});
  return out;
}

bool restart_plan::is_up(const child& x) {
  return x.state == child_state::running || x.state == child_state::starting;
}

bool restart_plan::is_down(const child& x) {
  return x.state == child_state::waiting || x.state == child_state::abandoned;
}

/// More than `restarts_max` within the window: of this child, or of all.
bool restart_plan::exhausted(child& x, std::chrono::nanoseconds now) {
  const auto own = x.failures.note(now, terms_.window);
  const auto counted
    = terms_.then == when_exhausted::abandon ? own : failures_.note(now, terms_.window);
  return terms_.restarts_max < restart_times::counted_max && counted > terms_.restarts_max;
}

/// Those from `number` on end, the last first, and come back; those that wait there wait anew, for
/// the ones that are started before them.
void restart_plan::stop_from(size_t number, restart_orders& out) {
  for (auto i = children_.lower_bound(number); i != children_.end(); ++i) {
    auto& x = i->second;
    if (x.removed || x.state == child_state::abandoned)
      continue;
    if (x.state == child_state::waiting)
      withdraw(i->first);
    x.to_stop = is_up(x);
    if (x.rule != restart_rule::temporary)
      to_restart_.insert(i->first);
  }
  stop_next(out);
}

/// Under rest_for_one one after another: the next when the one before has ended.
void restart_plan::stop_next(restart_orders& out) {
  for (auto i = children_.rbegin(); i != children_.rend(); ++i) {
    auto& x = i->second;
    if (x.state == child_state::stopping && !x.removed)
      return;
    if (x.to_stop && x.state == child_state::starting)
      return; // when it has been started
    if (x.to_stop) {
      x.to_stop = false;
      x.state = child_state::stopping;
      out.push_back({order_kind::stop, i->first});
      return;
    }
  }
}

/// Under one_for_one each for itself; under rest_for_one together, when everybody from the first of
/// them on is down.
void restart_plan::comes_back_if_ready(uint64_t chance, restart_orders& out) {
  const auto down
    = [this](size_t number) { return children_.at(number).state == child_state::waiting; };
  if (terms_.how == strategy_of_restart::one_for_one) {
    for (const auto number : numbers{to_restart_})
      if (down(number))
        wait_for({number}, chance, out);
    return;
  }
  if (to_restart_.empty())
    return;
  for (auto i = children_.lower_bound(*to_restart_.begin()); i != children_.end(); ++i)
    if (i->second.to_stop || i->second.state == child_state::stopping
        || i->second.state == child_state::starting)
      return;
  wait_for(numbers{to_restart_}, chance, out);
}

/// The longest of their pauses.
void restart_plan::wait_for(numbers who, uint64_t chance, restart_orders& out) {
  std::chrono::nanoseconds pause{0};
  for (const auto number : who) {
    to_restart_.erase(number);
    pause = std::max(pause, restart_pause(children_.at(number).failures.count(), terms_.pause,
                                          terms_.pause_max, chance));
  }
  out.push_back({order_kind::wait, next_wait_, pause});
  waits_.emplace(next_wait_++, std::move(who));
}

/// One after another: the next when this one has been started.
void restart_plan::start_next(restart_orders& out) {
  if (leaving_ || to_start_.empty())
    return;
  for (const auto& [number, x] : children_)
    if (x.state == child_state::starting)
      return;
  const auto number = to_start_.extract(to_start_.begin()).value();
  children_.at(number).state = child_state::starting;
  out.push_back({order_kind::start, number});
}

void restart_plan::forget(size_t number, restart_orders& out) {
  withdraw(number);
  children_.erase(number);
  out.push_back({order_kind::forget, number});
}

/// It is not to come back.
void restart_plan::withdraw(size_t number) {
  to_restart_.erase(number);
  to_start_.erase(number);
  for (auto& [wait, who] : waits_)
    who.erase(number);
}

bool restart_plan::anybody_up() const {
  return std::any_of(children_.begin(), children_.end(), [](const auto& x) {
    return is_up(x.second) || x.second.state == child_state::stopping;
  });
}

} // namespace sluice
