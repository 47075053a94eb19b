#include "actors/sports/local_miners.hpp"

#include "actors/base/default_handlers.hpp"
#include "net/sports/bodies.hpp"
#include "rules/sports/name.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <limits>
#include <stdexcept>
#include <utility>

namespace sluice {

namespace {

class league_miner_state {
public:
  static inline const char* name = "league_miner";

  explicit league_miner_state(miner_actor::pointer self) : self_(self) {}

  void start(hotkey key, miner_uid uid, league_miner what) {
    key_ = std::move(key);
    uid_ = uid;
    what_ = what;
  }

  caf::result<miner_answer> answer(const miner_question& question) {
    if (question.mechanism != sports_name)
      return to_error(
        {ec::refused, "this miner predicts games, it does not play " + question.mechanism});
    const auto asked = net::sports_question_in(question.body, question.deadline_ms);
    if (!asked)
      return to_error(asked.error());
    if (what_.kind == league_miner_kind::silent)
      return self_->make_response_promise<miner_answer>(); // never kept, never fulfilled
    auto predictions
      = league_predictions(what_, key_, uid_, asked->now_us, asked->games,
                           asked->daily_left.value_or(std::numeric_limits<nano>::max()));
    return miner_answer{net::sports_answer_body(net::fitting_predictions(std::move(predictions)))};
  }

private:
  miner_actor::pointer self_;
  hotkey key_;
  miner_uid uid_;
  league_miner what_;
};

miner_actor::behavior_type
league_miner_behavior(observed_pointer<miner_actor, league_miner_state> self, hotkey key,
                      miner_uid uid, league_miner what) {
  install_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(key), uid, what);
  return {
    [&state](const miner_question& question) { return state.answer(question); },
    [](const miner_notice&) {}, // what they know follows from the seed
    [](atom::fence) { return atom::done_v; },
  };
}

} // namespace

miner_actor
spawn_league_miner(caf::actor_system& system, hotkey key, miner_uid uid, league_miner what) {
  return system.spawn(league_miner_behavior, std::move(key), uid, what);
}

std::vector<local_miner> local_league_miners(const std::vector<local_miner_config>& miners) {
  std::vector<local_miner> made;
  for (const auto& x : miners) {
    const auto what = parse_league_miner(x.strategy);
    if (!what)
      throw std::runtime_error("miner " + x.key.value + ": " + what.error().what);
    made.push_back({x.uid, x.key, x.strategy,
                    [key = x.key, uid = x.uid, what = *what](caf::actor_system& system) {
                      return spawn_league_miner(system, key, uid, what);
                    }});
  }
  return made;
}

} // namespace sluice
