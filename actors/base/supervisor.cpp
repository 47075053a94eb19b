#include "actors/base/supervisor.hpp"

#include "actors/base/log.hpp"
#include "actors/base/quiet_config.hpp"
#include "actors/base/thrown_fault.hpp"
#include "messages/atoms.hpp"
#include "messages/errors.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
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
  : owner_(owner), config_(config), plan_(config.terms()) {
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

supervisor::by_number::iterator supervisor::find(const std::string& name) {
  return std::find_if(children_.begin(), children_.end(),
                      [&](const auto& x) { return x.second.status.name == name; });
}

void supervisor::add(child_spec spec) {
  auto& x = children_[plan_.add(spec.restart)];
  x.status.name = spec.name;
  x.slot = stats_->add_slot(spec.name);
  x.spec = std::move(spec);
  start(x);
  if (leaving_)
    carry_out(plan_.leave());
}

bool supervisor::remove(const std::string& name) {
  const auto i = find(name);
  if (i == children_.end())
    return false;
  carry_out(plan_.remove(i->first));
  return true;
}

void supervisor::start(child& x) {
  const spawn_watch spawned;
  x.handle = x.spec.start();
  x.slot->taken(spawned.stats_of(x.handle.id()), x.handle.address());
  x.status.alive = true;
  owner_->monitor(x.handle);
}

/// A start that throws is a failure of the child, not of its owner.
bool supervisor::start_again(size_t number, child& x) {
  ++x.status.restarts;
  x.slot->restarted();
  try {
    start(x);
    return true;
  } catch (const thrown_fault& e) {
    note_failure(x, to_error(e.why()));
  } catch (const std::exception& e) {
    note_failure(x, caf::make_error(caf::sec::runtime_error, std::string{e.what()}));
  }
  carry_out(plan_.ended(number, true, now(), chance()));
  return false;
}

void supervisor::stop(child& x) {
  caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
}

/// It is gone for good, and its place with it.
void supervisor::forget(size_t number) {
  const auto i = children_.find(number);
  i->second.slot->empty(slot_state::ended, i->second.status.last_error);
  stats_->leave_slot(i->second.slot);
  children_.erase(i);
}

void supervisor::wait(const restart_order& what) {
  const auto first = settle_first ? settle_first() : caf::actor{};
  if (what.pause.count() == 0 && !first)
    return carry_out(plan_.waited(what.number));
  auto alarm = owner_->system().spawn(timer, what.pause, first);
  owner_->monitor(alarm);
  alarms_.emplace_back(std::move(alarm), what.number);
}

bool supervisor::alarm_rang(const caf::down_msg& down) {
  const auto i = std::find_if(alarms_.begin(), alarms_.end(),
                              [&](const auto& x) { return x.first == down.source; });
  if (i == alarms_.end())
    return false;
  const auto which = i->second;
  alarms_.erase(i);
  carry_out(plan_.waited(which));
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
  const auto& reason = down.reason;
  const bool failed
    = reason && reason != caf::exit_reason::normal && reason != caf::exit_reason::user_shutdown;
  x.handle = nullptr;
  x.status.alive = false;
  x.slot->empty(leaving_ ? slot_state::ended : slot_state::restarting, "");
  if (plan_.state_of(i->first) == child_state::running && !leaving_) {
    if (failed)
      note_failure(x, reason);
    else
      last_reason_ = caf::make_error(caf::exit_reason::unhandled_exception);
  }
  carry_out(plan_.ended(i->first, failed, now(), chance()));
}

void supervisor::note_failure(child& x, const caf::error& reason) {
  // Whoever asked it fails with it: that is no reason of its own.
  if (reason != caf::sec::request_receiver_down || !last_reason_)
    last_reason_ = reason;
  x.status.last_error = sentence(reason);
  x.slot->empty(slot_state::restarting, x.status.last_error);
  spdlog::log(config_.expects_failures ? spdlog::level::debug : spdlog::level::warn,
              "{} failed: {}", x.status.name, x.status.last_error);
}

/// The owner goes after its children, never before.
void supervisor::leave(const caf::error& reason) {
  if (leaving_)
    return;
  leaving_ = reason;
  if (reason == caf::exit_reason::kill)
    owner_->quit(reason);
  else
    carry_out(plan_.leave());
}

/// In their order, also those that follow from carrying out one.
void supervisor::carry_out(restart_orders orders) {
  to_do_.insert(to_do_.end(), orders.begin(), orders.end());
  if (std::exchange(busy_, true))
    return;
  for (size_t i = 0; i < to_do_.size(); ++i) {
    const auto what = to_do_[i];
    carry_out(what);
  }
  to_do_.clear();
  busy_ = false;
}

void supervisor::carry_out(const restart_order& what) {
  using kind = restart_order::kind;
  if (what.what == kind::wait)
    return wait(what);
  if (what.what == kind::leave)
    return owner_->quit(leaving_.value_or(last_reason_));
  const auto at = children_.find(what.number);
  if (at == children_.end())
    return;
  auto& x = at->second;
  switch (what.what) {
  case kind::start:
    if (start_again(what.number, x))
      carry_out(plan_.started(what.number));
    return;
  case kind::stop:
    return stop(x);
  case kind::forget:
    return forget(what.number);
  case kind::abandon:
    x.status.abandoned = true;
    x.slot->empty(slot_state::abandoned, "");
    if (on_abandoned)
      on_abandoned(x.status.name, x.status.last_error);
    return;
  case kind::escalate:
    leaving_ = last_reason_;
    return;
  default:
    return;
  }
}

caf::timespan supervisor::now() const {
  return std::chrono::duration_cast<caf::timespan>(owner_->clock().now().time_since_epoch());
}

uint64_t supervisor::chance() const {
  const auto* config = dynamic_cast<const quiet_config*>(&owner_->system().config());
  return config && config->chance ? config->chance() : restart_plan::no_jitter;
}

std::string supervisor::restart_child(const std::string& name) {
  const auto i = find(name);
  if (i == children_.end())
    return "it has no child " + name;
  if (const auto why = plan_.why_not_again(i->first); !why.empty())
    return leaving_ ? std::string{why} : name + ' ' + std::string{why};
  if (on_asked)
    on_asked(name);
  carry_out(plan_.again(i->first));
  return "";
}

std::vector<child_status> supervisor::children() const {
  std::vector<child_status> result;
  for (const auto& [number, x] : children_)
    result.push_back(x.status);
  return result;
}

} // namespace sluice
