#include "actors/periodic/task_manager.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/promised_answer.hpp"
#include "actors/events/event_outlet.hpp"
#include "rules/json_text.hpp"
#include "rules/periodic/events.hpp"
#include "rules/periodic/periodic_task.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {

namespace {

/// A task, who runs it, and who waits for the end of its run.
struct owned_task {
  owned_task(periodic_task x, task_owner_actor by) : task(std::move(x)), owner(std::move(by)) {}

  periodic_task task;
  task_owner_actor owner; // null: gone
  uint64_t asked = 0;     // number of the request whose answer is waited for; 0: none
  std::vector<promised_answer<task_view>> waiting;
};

class task_manager_state {
public:
  static inline const char* name = "task_manager";

  explicit task_manager_state(observed_plain_pointer<task_manager_actor> self)
    : self_(self), events_(self, name) {}

  void setup(task_manager_config config, event_manager_actor events) {
    config_ = std::move(config);
    events_.to(std::move(events));
    began_ = self_->clock().now();
    self_->set_down_handler([this](const caf::down_msg& x) { gone(x); });
  }

  caf::result<uint64_t> add(const add_task& x) {
    if (!is_task_name(x.name))
      return caf::make_error(ec::bad_input,
                             "a task's name: expected 1 to "
                               + std::to_string(periodic_limits::name_bytes_max)
                               + " of a to z, 0 to 9, _, - and . that are not digits only, got "
                               + json_text(x.name.substr(0, periodic_limits::name_bytes_max)));
    if (const auto why = terms_fault(x.terms); !why.empty())
      return caf::make_error(ec::bad_input, "task " + x.name + ": " + why);
    if (!x.owner)
      return caf::make_error(ec::bad_input, "task " + x.name + ": expected an owner, got none");
    const auto at = tasks_.find(x.name);
    if (at == tasks_.end() && tasks_.size() >= periodic_limits::tasks_max)
      return caf::make_error(ec::out_of_range, "task " + x.name + ": there are "
                                                 + std::to_string(tasks_.size())
                                                 + " tasks already, and no more are taken");
    const auto id = at == tasks_.end() ? begin_task(x) : change_owner(at->second, x);
    self_->monitor(x.owner);
    go_on();
    return id;
  }

  caf::result<task_view> obey(const task_command& x) {
    auto* const one = find(x.task);
    if (one == nullptr)
      return to_error(unknown(x.task));
    auto done = ordered(*one, x.order);
    if (!done)
      return to_error(done.error());
    auto seen = one->task.view(now());
    if (x.order == task_order::remove)
      remove(one->task.name());
    go_on();
    if (const auto* const still = find(x.task))
      seen = still->task.view(now());
    return seen;
  }

  caf::result<task_view> run(const run_with_timeout& x) {
    auto* const one = find(x.task);
    if (one == nullptr)
      return to_error(unknown(x.task));
    if (x.timeout_ms == 0 || x.timeout_ms > periodic_limits::timeout_ms_max)
      return caf::make_error(ec::bad_input, "task " + x.task + ": timeout_ms: expected 1 to "
                                              + std::to_string(periodic_limits::timeout_ms_max)
                                              + ", got " + std::to_string(x.timeout_ms));
    const auto ordered = one->task.run_now(now(), x.timeout_ms);
    if (!ordered)
      return to_error(ordered.error());
    promised_answer<task_view> promised{self_};
    const auto promise = promised.promise();
    one->waiting.push_back(std::move(promised));
    go_on();
    return promise;
  }

  task_list view() const {
    task_list all;
    all.uptime_s = static_cast<double>(now().now_ms) / 1000;
    all.total_runs = gone_runs_;
    all.total_errors = gone_errors_;
    for (const auto& [name, x] : tasks_) {
      const auto& seen = all.tasks.emplace_back(x.task.view(now()));
      all.total_runs += seen.runs;
      all.total_errors += seen.failures;
    }
    all.success_rate = success_rate(all.total_runs, all.total_errors);
    return all;
  }

  void due(uint64_t timer) {
    if (timer != timer_)
      return;
    armed_ms_.reset();
    go_on();
  }

  std::string describe() const { return json_of(view()); }

private:
  // -- tasks

  uint64_t begin_task(const add_task& x) {
    const auto id = ++last_id_;
    tasks_.emplace(x.name, owned_task{periodic_task{id, x.name, x.terms, now()}, x.owner});
    return id;
  }

  uint64_t change_owner(owned_task& one, const add_task& x) {
    if (one.owner)
      self_->demonitor(one.owner.address());
    lost_owner(one, "its owner was replaced");
    one.owner = x.owner;
    one.task.owner_came(x.terms, now(), config_.chance());
    return one.task.id();
  }

  void gone(const caf::down_msg& x) {
    for (auto& [name, one] : tasks_)
      if (one.owner && one.owner.address() == x.source) {
        lost_owner(one, "its owner ended: " + sentence(x.reason));
        one.owner = nullptr;
      }
    go_on();
  }

  void lost_owner(owned_task& one, const std::string& why) {
    one.asked = 0;
    report(one, one.task.owner_gone(why, now(), config_.chance()));
  }

  void remove(const std::string& name) {
    const auto at = tasks_.find(name);
    const auto last = at->second.task.view(now());
    gone_runs_ += last.runs;
    gone_errors_ += last.failures;
    for (auto& x : at->second.waiting)
      x.deliver(caf::make_error(ec::no_such_key, "task " + name + " was removed"));
    if (at->second.owner)
      self_->demonitor(at->second.owner.address());
    tasks_.erase(at);
  }

  /// By name, or by id; null: there is none.
  owned_task* find(const std::string& what) {
    if (const auto at = tasks_.find(what); at != tasks_.end())
      return &at->second;
    const auto at = std::ranges::find_if(
      tasks_, [&](const auto& x) { return std::to_string(x.second.task.id()) == what; });
    return at == tasks_.end() ? nullptr : &at->second;
  }

  fault unknown(const std::string& what) const {
    std::string names;
    for (const auto& [name, x] : tasks_)
      names += (names.empty() ? "" : ", ") + name;
    return {ec::no_such_key, "no task " + what.substr(0, periodic_limits::name_bytes_max)
                               + (names.empty() ? "; there is none" : "; there are " + names)};
  }

  result<nothing> ordered(owned_task& one, task_order order) {
    switch (order) {
    case task_order::pause:
      return one.task.pause();
    case task_order::resume:
      return one.task.resume(now(), config_.chance());
    case task_order::run:
      return one.task.run_now(now());
    case task_order::remove:
    case task_order::look:
      break;
    }
    return nothing{};
  }

  // -- attempts

  /// Begins and ends whatever is due, and waits for what is next.
  void go_on() {
    std::optional<uint64_t> next;
    for (auto& [name, one] : tasks_) {
      if (const auto end = one.task.late(now(), config_.chance()))
        report(one, end);
      if (const auto attempt = one.task.begin(now()))
        ask(one, *attempt);
      if (const auto at = one.task.due_ms())
        next = std::min(next.value_or(*at), *at);
    }
    arm(next);
  }

  void arm(std::optional<uint64_t> at) {
    if (at == armed_ms_)
      return;
    armed_ms_ = at;
    ++timer_; // the one before means nothing any more
    if (!at)
      return;
    const auto from = now().now_ms;
    self_->delayed_send(self_, std::chrono::milliseconds{*at > from ? *at - from : 0}, atom::due_v,
                        timer_);
  }

  void ask(owned_task& one, task_attempt attempt) {
    one.asked = ++last_request_;
    const auto& name = one.task.name();
    events_.publish(task_topics::started,
                    task_started_event{name, one.task.id(), attempt.run, attempt.attempt, time()});
    self_->request(one.owner, caf::infinite, run_task{name, attempt.run, attempt.attempt})
      .then([this, name, request = one.asked](atom::done) { answered(name, request, {}); },
            [this, name, request = one.asked](const caf::error& why) {
              auto text = sentence(why);
              answered(name, request, text.empty() ? "it failed without a reason" : text);
            });
  }

  void answered(const std::string& name, uint64_t request, const std::string& why) {
    const auto at = tasks_.find(name);
    if (at == tasks_.end() || at->second.asked != request)
      return;
    at->second.asked = 0;
    report(at->second,
           at->second.task.ended(why.substr(0, why_bytes_max), now(), config_.chance()));
    go_on();
  }

  /// An attempt has ended, if one has: everybody who is concerned is sent how.
  void report(owned_task& one, const std::optional<task_attempt_end>& end) {
    if (!end)
      return;
    const auto& name = one.task.name();
    const auto id = one.task.id();
    const auto seconds = [](uint64_t ms) { return static_cast<double>(ms) / 1000; };
    if (end->failed) {
      spdlog::debug("task {} failed: {}", name, end->why);
      events_.publish(task_topics::failed,
                      task_failed_event{name, id, end->which.run, end->which.attempt, end->why,
                                        seconds(end->retry_in_ms), time()});
    } else {
      events_.publish(task_topics::completed,
                      task_completed_event{name, id, end->which.run, end->which.attempt,
                                           seconds(end->took_ms), time()});
    }
    if (end->retries())
      return;
    const auto code = one.asked != 0 ? ec::timeout : ec::refused;
    for (auto& x : std::exchange(one.waiting, {}))
      if (end->failed)
        x.deliver(caf::make_error(code, "task " + name + ": " + end->why));
      else
        x.deliver(one.task.view(now()));
  }

  // -- time

  task_moment now() const {
    const auto passed = self_->clock().now() - began_;
    return {
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(passed).count()),
      config_.unix_ms ? config_.unix_ms() : 0};
  }

  double time() const { return static_cast<double>(now().unix_ms) / 1000; }

  static constexpr size_t why_bytes_max = 512;

  observed_plain_pointer<task_manager_actor> self_;
  task_manager_config config_;
  event_outlet<std::remove_pointer_t<observed_plain_pointer<task_manager_actor>>> events_;
  caf::actor_clock::time_point began_;
  std::map<std::string, owned_task> tasks_; // by name
  std::optional<uint64_t> armed_ms_;        // what the timer is for
  uint64_t timer_ = 0;
  uint64_t last_id_ = 0;
  uint64_t last_request_ = 0;
  uint64_t gone_runs_ = 0; // of tasks that were removed
  uint64_t gone_errors_ = 0;
};

task_manager_actor::behavior_type
task_manager_behavior(observed_pointer<task_manager_actor, task_manager_state> self,
                      task_manager_config config, event_manager_actor events) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.setup(std::move(config), std::move(events));
  return {
    [&state](const add_task& x) { return state.add(x); },
    [&state](const task_command& x) { return state.obey(x); },
    [&state](const run_with_timeout& x) { return state.run(x); },
    [&state](atom::view) { return state.view(); },
    [&state](atom::due, uint64_t timer) { state.due(timer); },
  };
}

} // namespace

task_manager_actor spawn_task_manager(caf::actor_system& system, task_manager_config config,
                                      event_manager_actor events) {
  return system.spawn(task_manager_behavior, std::move(config), std::move(events));
}

} // namespace sluice
