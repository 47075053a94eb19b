#include "actors/consensus/local_workers.hpp"

#include "actors/base/default_handlers.hpp"
#include "net/consensus/task_bodies.hpp"
#include "rules/consensus/name.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>
#include <utility>

namespace sluice {

namespace {

class task_worker_state {
public:
  static inline const char* name = "task_worker";

  explicit task_worker_state(miner_actor::pointer self) : self_(self) {}

  void start(hotkey key, worker_strategy what) {
    key_ = std::move(key);
    what_ = what;
  }

  caf::result<miner_answer> answer(const miner_question& question) {
    if (question.mechanism != consensus_name)
      return to_error(
        {ec::refused, "this miner takes tasks, it does not play " + question.mechanism});
    const auto asked = net::task_question_in(question.body, question.deadline_ms);
    if (!asked)
      return to_error(asked.error());
    auto answer = worker_answer(what_, key_, *asked);
    if (!answer)
      return self_->make_response_promise<miner_answer>(); // never kept, never fulfilled
    return miner_answer{net::task_answer_body(*std::move(answer))};
  }

private:
  miner_actor::pointer self_;
  hotkey key_;
  worker_strategy what_;
};

miner_actor::behavior_type
task_worker_behavior(observed_pointer<miner_actor, task_worker_state> self, hotkey key,
                     worker_strategy what) {
  install_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(key), what);
  return {
    [&state](const miner_question& question) { return state.answer(question); },
    [](const miner_notice&) {}, // these strategies do not learn
    [](atom::fence) { return atom::done_v; },
  };
}

} // namespace

miner_actor spawn_task_worker(caf::actor_system& system, hotkey key, worker_strategy what) {
  return system.spawn(task_worker_behavior, std::move(key), what);
}

std::vector<local_miner> local_task_workers(const std::vector<local_miner_config>& miners) {
  std::vector<local_miner> made;
  for (const auto& x : miners) {
    const auto what = parse_worker_strategy(x.strategy);
    if (!what)
      throw std::runtime_error("miner " + x.key.value + ": " + what.error().what);
    made.push_back(
      {x.uid, x.key, x.strategy, [key = x.key, what = *what](caf::actor_system& system) {
         return spawn_task_worker(system, key, what);
       }});
  }
  return made;
}

std::string worker_strategy_fault(std::string_view strategy) {
  const auto read = parse_worker_strategy(strategy);
  return read ? "" : read.error().what;
}

} // namespace sluice
