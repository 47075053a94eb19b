#include "tests/game/player_module.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/liquidity/module.hpp"
#include "net/liquidity/miner_bodies.hpp"
#include "tests/game/players.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <stdexcept>

namespace sluice::game {

namespace {

/// One player with a mailbox, as actors/liquidity/miner.cpp is one strategy with a mailbox.
class player_state {
public:
  static inline const char* name = "player";

  explicit player_state(miner_actor::pointer self) : self_(self) {}

  void start(const player& who) { who_ = &who; }

  caf::result<miner_answer> answer(const miner_question& question) {
    const auto query = net::question_in(question.body, question.deadline_ms);
    if (!query)
      return to_error(query.error());
    auto move = who_->decide(*query, memories_[{query->round.job, query->round.kind}]);
    if (!move)
      return self_->make_response_promise<miner_answer>(); // never kept, never fulfilled
    return miner_answer{net::answer_body(*std::move(move))};
  }

private:
  miner_actor::pointer self_;
  const player* who_ = nullptr;
  std::map<std::pair<job_id, round_kind>, player_memory> memories_;
};

miner_actor::behavior_type
player_behavior(observed_pointer<miner_actor, player_state> self, const player* who) {
  install_default_handlers(self);
  auto& state = self->state;
  state.start(*who);
  return {
    [&state](const miner_question& question) { return state.answer(question); },
    [](const miner_notice&) {},
    [](atom::fence) { return atom::done_v; },
  };
}

const player* player_in(std::string_view strategy) {
  return strategy.starts_with(player_prefix) ? find_player(strategy.substr(player_prefix.size()))
                                             : nullptr;
}

class game_module final : public mechanism_module {
public:
  std::string_view name() const override { return real_.name(); }

  io::mechanism_section section() const override {
    auto own = real_.section();
    own.strategy_fault = [real = own.strategy_fault](std::string_view strategy) {
      return player_in(strategy) ? std::string{} : real(strategy);
    };
    return own;
  }

  void add_messages(caf::actor_system_config& config) const override { real_.add_messages(config); }

  storage::schema_part schema() const override { return real_.schema(); }

  result<std::vector<std::string>> open_sources(const node_config& config) const override {
    return real_.open_sources(config);
  }

  bool endless(const node_config& config) const override { return real_.endless(config); }

  result<std::optional<uint64_t>> steps_done(const storage::data_dir& disk) const override {
    return real_.steps_done(disk);
  }

  std::unique_ptr<mechanism_run> make_run(const mechanism_context& context) const override {
    return real_.make_run(context);
  }

  std::string engine_digest() const override { return real_.engine_digest(); }

  std::optional<miner_part> miners() const override { return real_.miners(); }

  std::vector<local_miner>
  local_miners(const std::vector<local_miner_config>& miners) const override {
    std::vector<local_miner> all;
    for (const auto& x : miners) {
      const auto* who = player_in(x.strategy);
      if (!who) {
        for (auto& own : real_.local_miners({x}))
          all.push_back(std::move(own));
        continue;
      }
      all.push_back({x.uid, x.key, x.strategy, [who](caf::actor_system& system) -> miner_actor {
                       return system.spawn(player_behavior, who);
                     }});
    }
    return all;
  }

  result<std::vector<audit_finding>>
  audit(const storage::data_dir& disk, const audit_scope& scope) const override {
    return real_.audit(disk, scope);
  }

private:
  const mechanism_module& real_ = liquidity_module();
};

} // namespace

const mechanism_module& player_module() {
  static const game_module made;
  return made;
}

} // namespace sluice::game
