#include "actors/base/supervisor.hpp"

#include "actors/base/log.hpp"
#include "messages/atoms.hpp"
#include "messages/errors.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

/// Runs for a while, then until `first` has answered; its end is the alarm.
caf::behavior timer(caf::event_based_actor* self, caf::timespan pause, const caf::actor& first) {
  if (pause.count() > 0)
    self->delayed_send(self, pause, atom::due_v);
  else
    self->send(self, atom::due_v);
  return {[self, first](atom::due) {
    if (!first)
      return self->quit();
    self->request(first, caf::infinite, atom::fence_v, std::string{})
      .then([self](uint64_t) { self->quit(); },
            [self](const caf::error&) { self->quit(); }); // gone: nothing of it is to come
  }};
}

} // namespace

supervisor::supervisor(caf::scheduled_actor* owner, supervisor_config config)
  : owner_(owner), config_(config) {
  owner_->set_down_handler([this](caf::down_msg& down) { child_down(down); });
  owner_->set_exit_handler([this](caf::exit_msg& exit) { leave(exit.reason); });
}

supervisor::~supervisor() {
  for (auto x = children_.rbegin(); x != children_.rend(); ++x)
    if (x->second.handle)
      caf::anon_send_exit(x->second.handle, caf::exit_reason::kill);
}

void supervisor::show(observed_parts& own) {
  stats_ = own.stats;
  own.restart_child = [this](const std::string& name) { return restart_child(name); };
}

void supervisor::add(child_spec spec) {
  auto& x = children_[next_++];
  x.status.name = spec.name;
  x.slot = stats_->add_slot(spec.name);
  x.spec = std::move(spec);
  start(x);
}

bool supervisor::remove(const std::string& name) {
  const auto i = std::find_if(children_.begin(), children_.end(),
                              [&](const auto& x) { return x.second.status.name == name; });
  if (i == children_.end())
    return false;
  auto& x = i->second;
  to_restart_.erase(i->first);
  for (auto& [alarm, who] : waiting_)
    who.erase(i->first);
  if (!x.handle) {
    forget(i);
    return true;
  }
  x.spec.restart = restart_rule::temporary; // forgotten when it is down
  x.stopping = true;
  caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
  return true;
}

void supervisor::start(child& x) {
  const spawn_watch spawned;
  x.handle = x.spec.start();
  x.slot->taken(spawned.stats_of(x.handle.id()), x.handle.address());
  x.status.alive = true;
  owner_->monitor(x.handle);
}

void supervisor::come_back(child& x) {
  ++x.status.restarts;
  x.slot->restarted();
  start(x);
}

/// It is gone for good, and its place with it.
void supervisor::forget(std::map<size_t, child>::iterator x) {
  x->second.slot->empty(slot_state::ended, x->second.status.last_error);
  stats_->leave_slot(x->second.slot);
  children_.erase(x);
}

/// At once the first time; a child that keeps failing has to wait longer and longer.
caf::timespan supervisor::pause_before(const child& x) const {
  const auto again = x.restarts.size();
  if (again < 2)
    return caf::timespan{0};
  auto pause = config_.pause;
  for (size_t i = 2; i < again && pause < config_.pause_max; ++i)
    pause *= 2;
  return std::min(pause, config_.pause_max);
}

/// Brings these children back, in order, after the longest of their pauses.
void supervisor::restart(std::set<size_t> who) {
  caf::timespan pause{0};
  for (auto i : who)
    pause = std::max(pause, pause_before(children_.at(i)));
  const auto first = settle_first ? settle_first() : caf::actor{};
  if (pause.count() == 0 && !first) {
    for (auto i : who) {
      come_back(children_.at(i));
    }
    return;
  }
  auto alarm = owner_->system().spawn(timer, pause, first);
  owner_->monitor(alarm);
  waiting_.emplace_back(std::move(alarm), std::move(who));
}

bool supervisor::alarm_rang(const caf::down_msg& down) {
  const auto i = std::find_if(waiting_.begin(), waiting_.end(),
                              [&](const auto& x) { return x.first == down.source; });
  if (i == waiting_.end())
    return false;
  const auto who = std::move(i->second);
  waiting_.erase(i);
  if (leaving_)
    return true;
  for (auto i : who)
    if (auto& x = children_.at(i); !x.handle)
      come_back(x);
  return true;
}

void supervisor::child_down(const caf::down_msg& down) {
  if (alarm_rang(down))
    return;
  const auto i = std::find_if(children_.begin(), children_.end(), [&](const auto& x) {
    return x.second.handle && x.second.handle == down.source;
  });
  if (i == children_.end())
    return;
  auto& x = i->second;
  x.handle = nullptr;
  x.status.alive = false;
  const bool asked = std::exchange(x.stopping, false);
  x.slot->empty(leaving_ ? slot_state::ended : slot_state::restarting, "");
  if (!asked && !leaving_)
    child_failed(i->first, down.reason);
  else if (x.spec.restart == restart_rule::temporary)
    forget(i);
  settle();
}

void supervisor::child_failed(size_t number, const caf::error& reason) {
  auto& x = children_.at(number);
  const bool failed
    = reason && reason != caf::exit_reason::normal && reason != caf::exit_reason::user_shutdown;
  if (failed) {
    x.status.last_error = sentence(reason);
    x.slot->empty(slot_state::restarting, x.status.last_error);
    spdlog::log(config_.expects_failures ? spdlog::level::debug : spdlog::level::warn,
                "{} failed: {}", x.status.name, x.status.last_error);
  }
  if (x.spec.restart == restart_rule::temporary
      || (x.spec.restart == restart_rule::transient && !failed)) {
    forget(children_.find(number)); // it has done its work
    return;
  }
  if (exhausted(x)) {
    if (config_.then == when_exhausted::escalate) {
      leave(failed ? reason : caf::make_error(caf::exit_reason::unhandled_exception));
      return;
    }
    x.status.abandoned = true;
    x.slot->empty(slot_state::abandoned, "");
    if (on_abandoned)
      on_abandoned(x.status.name, x.status.last_error);
    return;
  }
  to_restart_.insert(number);
  if (config_.how == strategy_of_restart::rest_for_one)
    stop_from(number + 1);
}

/// The owner goes after its children, never before.
void supervisor::leave(const caf::error& reason) {
  if (leaving_)
    return;
  leaving_ = reason;
  to_restart_.clear();
  if (reason == caf::exit_reason::kill) {
    owner_->quit(reason);
    return;
  }
  stop_from(0);
  settle();
}

void supervisor::stop_from(size_t number) {
  if (!leaving_)
    for (auto& [alarm, who] :
         waiting_) { // whoever waits has to wait for those that are started before it as well
      to_restart_.insert(who.lower_bound(number), who.end());
      who.erase(who.lower_bound(number), who.end());
    }
  for (auto i = children_.rbegin(); i != children_.rend() && i->first >= number; ++i) {
    auto& x = i->second;
    if (!x.handle || x.stopping)
      continue;
    x.stopping = true;
    if (!leaving_ && x.spec.restart != restart_rule::temporary)
      to_restart_.insert(i->first);
    caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
  }
}

/// Once nobody is on the way out: go, or start again in order.
void supervisor::settle() {
  if (std::any_of(children_.begin(), children_.end(), [](auto& x) { return x.second.stopping; }))
    return;
  if (leaving_) {
    owner_->quit(*leaving_);
    return;
  }
  auto who = std::exchange(to_restart_, {});
  if (config_.how == strategy_of_restart::rest_for_one) {
    if (!who.empty())
      restart(std::move(who));
    return;
  }
  for (auto i : who)
    restart({i});
}

bool supervisor::exhausted(child& x) {
  const auto now = owner_->clock().now();
  x.restarts.push_back(now);
  while (now - x.restarts.front() > config_.window)
    x.restarts.pop_front();
  return x.restarts.size() > config_.restarts_max;
}

std::string supervisor::restart_child(const std::string& name) {
  const auto i = std::find_if(children_.begin(), children_.end(),
                              [&](const auto& x) { return x.second.status.name == name; });
  if (i == children_.end())
    return "it has no child " + name;
  auto& x = i->second;
  if (leaving_)
    return "it is on its way out";
  if (!x.handle || x.stopping)
    return name + " is not running: it is restarting, abandoned or ended";
  if (x.spec.restart == restart_rule::temporary)
    return name + " never comes back once it ends";
  if (on_asked)
    on_asked(name);
  if (config_.how == strategy_of_restart::rest_for_one) {
    stop_from(i->first);
    return "";
  }
  x.stopping = true;
  to_restart_.insert(i->first);
  caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
  return "";
}

std::vector<child_status> supervisor::children() const {
  std::vector<child_status> result;
  for (const auto& [number, x] : children_)
    result.push_back(x.status);
  return result;
}

} // namespace sluice
