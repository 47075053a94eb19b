#include "actors/chain/chain_reader.hpp"

#include "actors/base/default_handlers.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace sluice {

namespace {

struct chain_reader_state {
  static inline const char* name = "chain_reader";
  chain_reader_config config;
  chain_reader_links links;
};

chain_reader_actor::behavior_type
chain_reader_behavior(observed_pointer<chain_reader_actor, chain_reader_state> self,
                      chain_reader_config config, chain_reader_links links) {
  install_default_handlers(self);
  auto& state = self->state;
  state.config = std::move(config);
  state.links = std::move(links);
  return {
    [self](atom::view) {
      return self->delegate(self->state.links.backend, atom::view_v, self->state.config.validator);
    },
    [self](atom::step, uint64_t steps) {
      return self->delegate(self->state.links.backend, atom::advance_v,
                            1 + steps * self->state.config.blocks_per_step);
    },
  };
}

} // namespace

chain_reader_actor spawn_chain_reader(caf::actor_system& system, chain_reader_config config,
                                      chain_reader_links links) {
  return system.spawn(chain_reader_behavior, std::move(config), std::move(links));
}

} // namespace sluice
