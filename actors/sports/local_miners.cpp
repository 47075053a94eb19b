#include "actors/sports/local_miners.hpp"

#include "actors/base/default_handlers.hpp"
#include "net/sports/bodies.hpp"
#include "rules/sports/name.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>
#include <utility>

namespace sluice {

namespace {

/// Decided games that models learn from, at most: the newest.
constexpr uint64_t league_history_max = 300;

bool learns(league_miner_kind x) {
  return x == league_miner_kind::odds || x == league_miner_kind::elo
         || x == league_miner_kind::poisson;
}

/// Results that everybody can know at this moment: of the world, so that a miner that was restarted
/// decides as if it had not been.
std::vector<sports_game> league_history(const sports_world& world, int64_t now_us) {
  std::vector<sports_game> made;
  const auto behind = league_games_at(world, now_us).first;
  for (auto i = behind > league_history_max ? behind - league_history_max : 0; i < behind; ++i) {
    const auto x = league_game_at(world, i);
    if (x.never_decided)
      continue;
    const auto last = league_update(world, x, now_us);
    sports_game game;
    game.external_id = last.external_id;
    game.team_a = last.team_a;
    game.team_b = last.team_b;
    game.sport = last.sport;
    game.league = last.league;
    game.start_us = last.start_us;
    game.team_a_odds = last.team_a_odds;
    game.team_b_odds = last.team_b_odds;
    game.tie_odds = last.tie_odds;
    game.can_tie = last.can_tie;
    game.outcome = x.outcome;
    game.state = game_state::decided;
    made.push_back(std::move(game));
  }
  return made;
}

class sports_miner_state {
public:
  static inline const char* name = "sports_miner";

  explicit sports_miner_state(miner_actor::pointer self) : self_(self) {}

  void start(miner_uid uid, hotkey key, league_miner what) {
    uid_ = uid;
    key_ = std::move(key);
    what_ = std::move(what);
  }

  caf::result<miner_answer> answer(const miner_question& question) {
    if (question.mechanism != sports_name)
      return to_error({ec::refused, "this miner predicts games, not " + question.mechanism});
    const auto asked = net::sports_question_in(question.body, question.deadline_ms);
    if (!asked)
      return to_error(asked.error());
    if (what_.kind == league_miner_kind::silent)
      return self_->make_response_promise<miner_answer>(); // never kept, never fulfilled
    const auto history = learns(what_.kind) ? league_history(what_.world, asked->now_us)
                                            : std::vector<sports_game>{};
    auto made = league_predictions(what_, key_, uid_, asked->now_us, asked->games,
                                   asked->daily_left.value_or(0), history);
    return miner_answer{net::sports_answer_body({std::move(made)})};
  }

private:
  miner_actor::pointer self_;
  miner_uid uid_;
  hotkey key_;
  league_miner what_;
};

miner_actor::behavior_type
sports_miner_behavior(observed_pointer<miner_actor, sports_miner_state> self, miner_uid uid,
                      hotkey key, league_miner what) {
  install_default_handlers(self);
  auto& state = self->state;
  state.start(uid, std::move(key), std::move(what));
  return {
    [&state](const miner_question& question) { return state.answer(question); },
    [](const miner_notice&) {},
    [](atom::fence) { return atom::done_v; },
  };
}

} // namespace

miner_actor spawn_sports_miner(caf::actor_system& system, miner_uid uid, hotkey key,
                               league_miner what) {
  return system.spawn(sports_miner_behavior, uid, std::move(key), std::move(what));
}

std::vector<local_miner> local_sports_miners(const std::vector<local_miner_config>& miners) {
  std::vector<local_miner> made;
  for (const auto& x : miners) {
    const auto what = parse_league_miner(x.strategy);
    if (!what)
      throw std::runtime_error("miner " + x.key.value + ": " + what.error().what);
    made.push_back({x.uid, x.key, x.strategy,
                    [uid = x.uid, key = x.key, what = *what](caf::actor_system& system) {
                      return spawn_sports_miner(system, uid, key, what);
                    }});
  }
  return made;
}

} // namespace sluice
