#include "actors/simulators.hpp"

#include "actors/manners.hpp"
#include "actors/supervisor.hpp"
#include "sim/batch.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace sluice {

namespace {

simulator_actor::behavior_type simulator_behavior(observed_plain_pointer<simulator_actor> self) {
  mind_manners(self);
  return {[](const simulation& work) {
    return simulation_result{
      evaluate_all(*work.market, work.plans, work.model, work.positions_max)};
  }};
}

/// One request, cut into parts that come back in any order.
struct shared_work {
  std::vector<std::vector<result<plan_outcome>>> parts;
  size_t missing = 0;
  bool failed = false;
  caf::typed_response_promise<simulation_result> promise;

  void deliver() {
    simulation_result all;
    for (auto& part : parts)
      std::move(part.begin(), part.end(), std::back_inserter(all.outcomes));
    promise.deliver(std::move(all));
  }
};

class simulators_state {
public:
  static inline const char* name = "simulators";

  explicit simulators_state(observed_plain_pointer<simulator_actor> self)
    : self_(self), children_(self, {.restarts_max = 20}) {}

  void setup(uint32_t count) {
    workers_.resize(std::max<uint32_t>(count, 1));
    for (size_t i = 0; i < workers_.size(); ++i)
      children_.add({"simulator-" + std::to_string(i + 1), restart_rule::permanent, [this, i] {
                       workers_[i] = spawn_simulator(self_->system());
                       for (auto& again : std::exchange(lost_, {}))
                         again();
                       return caf::actor_cast<caf::actor>(workers_[i]);
                     }});
  }

  caf::result<simulation_result> play(const simulation& work) {
    if (work.plans.empty())
      return simulation_result{};
    const auto parts = std::min(workers_.size(), work.plans.size());
    auto open = std::make_shared<shared_work>();
    open->parts.resize(parts);
    open->missing = parts;
    open->promise = self_->make_response_promise<simulation_result>();
    for (size_t i = 0; i < parts; ++i) {
      const auto from = work.plans.size() * i / parts;
      const auto to = work.plans.size() * (i + 1) / parts;
      simulation part{work.market, {}, work.model, work.positions_max};
      part.plans.assign(work.plans.begin() + static_cast<long>(from),
                        work.plans.begin() + static_cast<long>(to));
      hand_out(open, i, std::move(part), true);
    }
    return open->promise;
  }

private:
  void hand_out(const std::shared_ptr<shared_work>& open, size_t index, simulation part,
                bool once_more) {
    const auto number = next_++ % workers_.size();
    self_->request(workers_[number], caf::infinite, part)
      .then(
        [open, index](simulation_result& done) {
          open->parts[index] = std::move(done.outcomes);
          if (--open->missing == 0 && !open->failed)
            open->deliver();
        },
        [this, open, index, part, once_more, number,
         fallen = workers_[number]](const caf::error& why) {
          if (once_more)
            avoid(number, fallen,
                  [this, open, index, part] { hand_out(open, index, part, false); });
          else if (!std::exchange(open->failed, true))
            open->promise.deliver(why);
        });
  }

  /// Goes on with anybody but the fallen one; when there is nobody else, with its next life.
  void avoid(size_t number, const simulator_actor& fallen, std::function<void()> again) {
    if (workers_[number] != fallen)
      return again();
    if (workers_.size() == 1) {
      lost_.push_back(std::move(again));
      return;
    }
    if (next_ % workers_.size() == number)
      ++next_;
    again();
  }

  simulator_actor::pointer self_;
  std::vector<simulator_actor> workers_;
  size_t next_ = 0;
  std::vector<std::function<void()>> lost_; // work of a simulator that has not come back yet
  supervisor children_;
};

simulator_actor::behavior_type
simulators_behavior(observed_pointer<simulator_actor, simulators_state> self, uint32_t count) {
  mind_manners(self);
  auto& state = self->state;
  state.setup(count);
  return {
    [&state](const simulation& work) { return state.play(work); },
  };
}

} // namespace

simulator_actor spawn_simulator(caf::actor_system& system) {
  return system.spawn(simulator_behavior);
}

simulator_actor spawn_simulators(caf::actor_system& system, uint32_t count) {
  return system.spawn(simulators_behavior, count);
}

} // namespace sluice
