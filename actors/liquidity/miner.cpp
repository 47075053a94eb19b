#include "actors/liquidity/miner.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/thrown_fault.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "rules/liquidity/name.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <stdexcept>

namespace sluice {

namespace {

class miner_state {
public:
  static inline const char* name = "miner";

  explicit miner_state(miner_actor::pointer self) : self_(self) {}

  void start(strategy what) { strategy_ = std::move(what); }

  caf::result<miner_answer> answer(const miner_question& question) {
    if (question.mechanism != liquidity_name)
      return to_error({ec::refused, "this miner plays liquidity, not " + question.mechanism});
    if (const auto* query = question.body.as<rebalance_query>())
      return answer(*query);
    const auto query = net::question_in(question.body, question.deadline_ms);
    if (!query)
      return to_error(query.error());
    return answer(*query);
  }

private:
  caf::result<miner_answer> answer(const rebalance_query& query) {
    auto& memory = memories_[{query.round.job, query.round.kind}];
    auto move = propose(strategy_, query, memory);
    if (move.act == strategy_act::crash)
      throw std::runtime_error("this miner crashes when it is asked");
    if (move.act == strategy_act::stay_silent)
      return self_->make_response_promise<miner_answer>(); // never kept, never fulfilled
    return miner_answer{net::answer_body(std::move(move.reply))};
  }

  miner_actor::pointer self_;
  strategy strategy_;
  std::map<std::pair<job_id, round_kind>, strategy_memory> memories_;
};

miner_actor::behavior_type
miner_behavior(observed_pointer<miner_actor, miner_state> self, strategy what) {
  install_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(what));
  return {
    [&state](const miner_question& question) { return state.answer(question); },
    [](const miner_notice&) {}, // these strategies do not learn
    [](atom::fence) { return atom::done_v; },
  };
}

} // namespace

miner_actor spawn_miner(caf::actor_system& system, strategy what) {
  return system.spawn(miner_behavior, std::move(what));
}

std::vector<local_miner> local_miners(const std::vector<local_miner_config>& miners) {
  std::vector<local_miner> all;
  for (const auto& miner : miners) {
    auto what = parse_strategy(miner.strategy);
    if (!what)
      throw thrown_fault(what.error());
    all.push_back(
      {miner.uid, miner.key, miner.strategy,
       [what = *std::move(what)](caf::actor_system& system) { return spawn_miner(system, what); }});
  }
  return all;
}

} // namespace sluice
