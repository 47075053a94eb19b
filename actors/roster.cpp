#include "actors/roster.hpp"

#include "actors/liquidity/miner.hpp"
#include "actors/manners.hpp"
#include "actors/supervisor.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <limits>
#include <map>
#include <stdexcept>

namespace sluice {

namespace {

class roster_state {
public:
  static inline const char* name = "roster";

  explicit roster_state(roster_actor::pointer self)
    : self_(self), children_(self, {.restarts_max = std::numeric_limits<size_t>::max(),
                                    .pause_max = std::chrono::milliseconds(50),
                                    .expects_falls = true}) {}

  void setup(const std::vector<local_miner_config>& miners) {
    for (const auto& config : miners) {
      auto what = parse_strategy(config.strategy);
      if (!what)
        throw std::runtime_error(what.error().what);
      entries_[config.uid] = {config.uid, config.key, config.strategy, {}};
      children_.add(
        {config.key.value, restart_rule::permanent, [this, uid = config.uid, what = *what] {
           auto& way = entries_[uid].way = spawn_miner(self_->system(), what);
           return caf::actor_cast<caf::actor>(way);
         }});
    }
  }

  std::vector<roster_entry> everybody() const {
    std::vector<roster_entry> all;
    for (const auto& [uid, entry] : entries_)
      all.push_back(entry);
    return all;
  }

private:
  roster_actor::pointer self_;
  std::map<miner_uid, roster_entry> entries_;
  supervisor children_;
};

roster_actor::behavior_type roster_behavior(roster_actor::stateful_pointer<roster_state> self,
                                            const std::vector<local_miner_config>& miners) {
  mind_manners(self);
  auto& state = self->state;
  state.setup(miners);
  return {
    [&state](atom::roster) { return state.everybody(); },
  };
}

} // namespace

roster_actor spawn_roster(caf::actor_system& system, std::vector<local_miner_config> miners) {
  return system.spawn(roster_behavior, std::move(miners));
}

} // namespace sluice
