#include "actors/liquidity/work/simulators.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "actors/base/supervisor.hpp"
#include "actors/liquidity/work/work_messages.hpp"
#include "rules/json_text.hpp"
#include "sim/evaluate/batch.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sluice {

namespace {

using outcomes = std::vector<result<plan_outcome>>;

simulator_actor::behavior_type simulator_behavior(observed_plain_pointer<simulator_actor> self) {
  install_default_handlers(self);
  return {[](const simulation& work) {
    return simulation_result{
      evaluate_all(*work.market, work.plans, work.model, work.positions_max, work.how)};
  }};
}

/// One request, cut into parts that come back in any order.
struct shared_work {
  std::vector<outcomes> parts;
  size_t missing = 0;
  bool failed = false;
  caf::typed_response_promise<simulation_result> promise;

  void take(size_t index, outcomes part) {
    parts[index] = std::move(part);
    if (--missing > 0 || failed)
      return;
    simulation_result all;
    for (auto& one : parts)
      std::move(one.begin(), one.end(), std::back_inserter(all.outcomes));
    promise.deliver(std::move(all));
  }

  void fail(const caf::error& why) {
    if (!std::exchange(failed, true))
      promise.deliver(why);
  }
};

/// A part on its way through the ledger.
struct open_part {
  std::shared_ptr<shared_work> whole;
  size_t index = 0;
  simulation work;
  std::optional<outcomes> ours, theirs; // of a sample, until both are there
  uint64_t checked = 0;                 // whose
};

struct far_worker {
  std::string name;
  uint32_t cores = 1;
  simulator_actor handle;
  uint64_t batches = 0;
  uint64_t checked = 0;
};

bool same(const outcomes& a, const outcomes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return bool(x) == bool(y) && (x ? *x == *y : x.error() == y.error());
  });
}

class simulators_state {
public:
  static inline const char* name = "simulators";

  explicit simulators_state(observed_plain_pointer<simulator_pool_actor> self)
    : self_(self), children_(self, {.restarts_max = 20}) {}

  void setup(uint32_t count, ledger_terms terms) {
    ledger_ = work_ledger{terms};
    near_.resize(std::max<uint32_t>(count, 1));
    for (size_t i = 0; i < near_.size(); ++i)
      children_.add({"simulator-" + std::to_string(i + 1), restart_rule::permanent, [this, i] {
                       auto& [id, handle] = near_[i];
                       ledger_.lose(id); // its last incarnation
                       id = ledger_.add_near();
                       handle = spawn_simulator(self_->system());
                       hand_out();
                       return caf::actor_cast<caf::actor>(handle);
                     }});
  }

  caf::result<simulation_result> play(const simulation& work) {
    if (work.plans.empty())
      return simulation_result{};
    const auto count = parts_of(work.plans.size(), near_.size(), ledger_.far_capacity());
    auto whole = std::make_shared<shared_work>();
    whole->parts.resize(count);
    whole->missing = count;
    whole->promise = self_->make_response_promise<simulation_result>();
    for (size_t i = 0; i < count; ++i) {
      const auto from = static_cast<long>(work.plans.size() * i / count);
      const auto to = static_cast<long>(work.plans.size() * (i + 1) / count);
      simulation part{work.market, {}, work.model, work.positions_max, work.how};
      part.plans.assign(work.plans.begin() + from, work.plans.begin() + to);
      parts_[ledger_.add_part()] = {whole, i, std::move(part), {}, {}, 0};
    }
    hand_out();
    return whole->promise;
  }

  void worker_joined(const worker_came& worker) {
    const auto id = ledger_.add_far(worker.cores * work_bounds::batches_per_core);
    far_[id] = {worker.name, worker.cores, worker.handle, 0, 0};
    worker.handle->attach_functor([self = caf::actor_cast<simulator_pool_actor>(self_), id](
                                    const caf::error&) { caf::anon_send(self, worker_gone{id}); });
    hand_out();
  }

  void lose(const worker_gone& worker) {
    far_.erase(worker.id);
    ledger_.lose(worker.id);
    std::erase_if(parts_, [this](const auto& x) { return !ledger_.knows(x.first); });
    hand_out();
  }

  void look() {
    look_at_.reset();
    hand_out();
  }

  std::vector<worker_row> roster() const {
    std::vector<worker_row> rows;
    for (const auto& [id, one] : far_)
      rows.push_back(
        {one.name, one.cores, one.batches, ledger_.open(id), one.checked, ledger_.suspected(id)});
    return rows;
  }

private:
  uint64_t now_ms() const {
    return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(self_->clock().now().time_since_epoch())
        .count());
  }

  void hand_out() {
    for (const auto& one : ledger_.deal(now_ms()))
      ask(one);
    const auto next = ledger_.next_look_ms();
    if (!next || (look_at_ && *look_at_ <= *next))
      return;
    look_at_ = next;
    const auto now = now_ms();
    self_->delayed_send(self_, std::chrono::milliseconds{*next - std::min(now, *next)},
                        atom::due_v);
  }

  void ask(const work_ledger::order& one) {
    const auto far = far_.find(one.worker);
    const auto near = std::find_if(near_.begin(), near_.end(),
                                   [&](const auto& x) { return x.first == one.worker; });
    const auto& whom = far != far_.end() ? far->second.handle : near->second;
    self_->request(whom, caf::infinite, parts_.at(one.part).work)
      .then(
        [this, one](simulation_result& done) { take(one, std::move(done.outcomes)); },
        [this, one, is_far = far != far_.end()](const caf::error& why) { fail(one, is_far, why); });
  }

  void take(const work_ledger::order& one, outcomes came) {
    const auto far = far_.find(one.worker);
    if (far != far_.end())
      ++far->second.batches;
    const auto worth = ledger_.done(one.part, one.worker, now_ms());
    if (worth == work_ledger::worth::checked) {
      auto& part = parts_.at(one.part);
      part.theirs = std::move(came);
      part.checked = one.worker;
      compare(part);
    } else if (worth == work_ledger::worth::first) {
      auto& part = parts_.at(one.part);
      if (part.theirs || ledger_.knows(one.part))
        part.ours = came;
      part.whole->take(part.index, std::move(came));
      compare(part);
    }
    if (!ledger_.knows(one.part))
      parts_.erase(one.part);
    hand_out();
  }

  /// A worker that calculates differently would be a disaster, so it ends here.
  void compare(const open_part& part) {
    if (!part.ours || !part.theirs)
      return;
    const auto far = far_.find(part.checked);
    if (far == far_.end())
      return;
    ++far->second.checked;
    if (same(*part.ours, *part.theirs))
      return;
    spdlog::error("worker {} CALCULATES DIFFERENTLY: its outcomes of {} plans are not ours; it is "
                  "sent away. Check its machine and its build before it comes again",
                  far->second.name, part.work.plans.size());
    self_->send_exit(far->second.handle, caf::exit_reason::user_shutdown);
  }

  void fail(const work_ledger::order& one, bool is_far, const caf::error& why) {
    if (is_far) {
      ledger_.decline(one.part, one.worker);
    } else if (!ledger_.failed(one.part, one.worker)) {
      if (const auto part = parts_.find(one.part); part != parts_.end())
        part->second.whole->fail(why);
      ledger_.forget(one.part);
    }
    if (!ledger_.knows(one.part))
      parts_.erase(one.part);
    hand_out();
  }

  observed_plain_pointer<simulator_pool_actor> self_;
  work_ledger ledger_;
  std::vector<std::pair<uint64_t, simulator_actor>>
    near_; // by its number in the ledger; 0: not spawned yet
  std::map<uint64_t, far_worker> far_;
  std::map<uint64_t, open_part> parts_;
  std::optional<uint64_t> look_at_;
  supervisor children_;
};

simulator_pool_actor::behavior_type
simulators_behavior(observed_pointer<simulator_pool_actor, simulators_state> self, uint32_t count,
                    ledger_terms terms) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return json_of(state.roster()); });
  state.setup(count, terms);
  return {
    [&state](const simulation& work) { return state.play(work); },
    [&state](const worker_came& worker) { state.worker_joined(worker); },
    [&state](const worker_gone& worker) { state.lose(worker); },
    [&state](atom::due) { state.look(); },
    [&state](atom::roster) { return state.roster(); },
  };
}

} // namespace

simulator_actor spawn_simulator(caf::actor_system& system) {
  return system.spawn(simulator_behavior);
}

simulator_pool_actor
spawn_simulators(caf::actor_system& system, uint32_t count, ledger_terms terms) {
  return system.spawn(simulators_behavior, count, terms);
}

} // namespace sluice
