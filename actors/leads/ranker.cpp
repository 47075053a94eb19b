#include "actors/leads/ranker.hpp"

#include "actors/base/default_handlers.hpp"
#include "rules/json_text.hpp"
#include "tools/leads/rank_program.hpp"

#include <caf/actor_system.hpp>
#include <caf/spawn_options.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace sluice {

namespace {

struct lead_ranker_state {
  static inline const char* name = "lead_ranker";
  ranker_config config;
  uint64_t ranked = 0;
  uint64_t failed = 0;
};

lead_ranker_actor::behavior_type
lead_ranker_behavior(observed_pointer<lead_ranker_actor, lead_ranker_state> self,
                     ranker_config config) {
  auto& state = self->state;
  install_default_handlers(self, [&state] {
    return json_object{}
      .raw("command", json_of(state.config.command))
      .add("ranked", state.ranked)
      .add("failed", state.failed)
      .text();
  });
  state.config = std::move(config);
  return {
    [&state](const ranking& x) -> caf::result<std::vector<lead>> {
      auto best = tools::rank_by_program(state.config.command, x.leads, x.num_leads,
                                         x.business_desc, state.config.bounds);
      ++(best ? state.ranked : state.failed);
      if (!best)
        return to_error(best.error());
      return *std::move(best);
    },
  };
}

} // namespace

lead_ranker_actor spawn_lead_ranker(caf::actor_system& system, ranker_config config) {
  return config.own_thread ? system.spawn<caf::detached>(lead_ranker_behavior, std::move(config))
                           : system.spawn(lead_ranker_behavior, std::move(config));
}

} // namespace sluice
