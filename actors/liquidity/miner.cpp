#include "actors/liquidity/miner.hpp"

#include "actors/manners.hpp"

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

  caf::result<rebalance_reply> answer(const rebalance_query& query) {
    auto& memory = memories_[{query.round.job, query.round.kind}];
    auto move = propose(strategy_, query, memory);
    if (move.act == strategy_act::crash)
      throw std::runtime_error("this miner crashes when it is asked");
    if (move.act == strategy_act::stay_silent)
      return self_->make_response_promise<rebalance_reply>(); // never kept, never fulfilled
    return std::move(move.reply);
  }

private:
  miner_actor::pointer self_;
  strategy strategy_;
  std::map<std::pair<job_id, round_kind>, strategy_memory> memories_;
};

miner_actor::behavior_type
miner_behavior(observed_pointer<miner_actor, miner_state> self, strategy what) {
  mind_manners(self);
  auto& state = self->state;
  state.start(std::move(what));
  return {
    [&state](const rebalance_query& query) { return state.answer(query); },
    [](const proposal_refused&) {}, // these strategies do not learn
    [](const miner_scores&) {},
    [](atom::fence) { return atom::done_v; },
  };
}

} // namespace

miner_actor spawn_miner(caf::actor_system& system, strategy what) {
  return system.spawn(miner_behavior, std::move(what));
}

} // namespace sluice
