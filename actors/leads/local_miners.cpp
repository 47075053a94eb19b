#include "actors/leads/local_miners.hpp"

#include "actors/base/default_handlers.hpp"
#include "net/leads/bodies.hpp"
#include "rules/leads/name.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sluice {

namespace {

class lead_miner_state {
public:
  static inline const char* name = "lead_miner";

  explicit lead_miner_state(miner_actor::pointer self) : self_(self) {}

  void start(dev_lead_miner miner, std::vector<hotkey> sources) {
    miner_ = std::move(miner);
    sources_ = std::move(sources);
  }

  caf::result<miner_answer> answer(const miner_question& question) {
    if (question.mechanism != leads_name)
      return to_error({ec::refused, "this miner plays leads, not " + question.mechanism});
    const auto asked = net::lead_question_in(question.body, question.deadline_ms);
    if (!asked)
      return to_error(asked.error());
    auto answer = curated_answer(miner_.what, miner_.key, sources_, *asked);
    if (!answer)
      return self_->make_response_promise<miner_answer>(); // never kept, never fulfilled
    return miner_answer{net::lead_answer_body(*std::move(answer))};
  }

private:
  miner_actor::pointer self_;
  dev_lead_miner miner_;
  std::vector<hotkey> sources_;
};

miner_actor::behavior_type lead_miner_behavior(observed_pointer<miner_actor, lead_miner_state> self,
                                               dev_lead_miner miner, std::vector<hotkey> sources) {
  install_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(miner), std::move(sources));
  return {
    [&state](const miner_question& question) { return state.answer(question); },
    [](const miner_notice&) {}, // these strategies do not learn
    [](atom::fence) { return atom::done_v; },
  };
}

/// Who sources what a curator of these may find: everybody whose prospects are good.
std::vector<hotkey> sources_among(const std::vector<dev_lead_miner>& miners) {
  std::vector<hotkey> made;
  for (const auto& x : miners)
    if (x.what.kind == lead_strategy_kind::sourcer || x.what.kind == lead_strategy_kind::both)
      made.push_back(x.key);
  return made;
}

} // namespace

miner_actor
spawn_lead_miner(caf::actor_system& system, dev_lead_miner miner, std::vector<hotkey> sources) {
  return system.spawn(lead_miner_behavior, std::move(miner), std::move(sources));
}

std::vector<local_miner> local_lead_miners(const std::vector<local_miner_config>& miners) {
  for (const auto& x : miners)
    if (const auto wrong = lead_strategy_fault(x.strategy); !wrong.empty())
      throw std::runtime_error("miner " + x.key.value + ": " + wrong);
  std::vector<dev_lead_miner> all;
  for (const auto& x : miners)
    all.push_back({x.key, *parse_lead_strategy(x.strategy)});
  const auto sources = sources_among(all);
  std::vector<local_miner> made;
  for (size_t i = 0; i < miners.size(); ++i)
    made.push_back({miners[i].uid, miners[i].key, miners[i].strategy,
                    [one = all[i], sources](caf::actor_system& system) {
                      return spawn_lead_miner(system, one, sources);
                    }});
  return made;
}

std::vector<dev_lead_miner> dev_lead_miners(const std::vector<local_miner_config>& miners) {
  std::vector<local_miner_config> own;
  for (const auto& x : miners)
    if (x.mechanism == leads_name)
      own.push_back(x);
  std::ranges::sort(own, {}, &local_miner_config::uid);
  std::vector<dev_lead_miner> made;
  for (const auto& x : own)
    if (const auto what = parse_lead_strategy(x.strategy))
      made.push_back({x.key, *what});
  return made;
}

std::string lead_strategy_fault(std::string_view strategy) {
  const auto read = parse_lead_strategy(strategy);
  return read ? "" : read.error().what;
}

} // namespace sluice
