#include "actors/keeper.hpp"

#include "actors/manners.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <span>
#include <utility>
#include <vector>

namespace sluice {

namespace {

class keeper_state {
public:
  static inline const char* name = "keeper";

  explicit keeper_state(keeper_actor::pointer self) : self_(self) {}

  void start(keeper_links links) { links_ = std::move(links); }

  caf::result<atom::done> take(const storage::batch& writes) {
    auto promise = self_->make_response_promise<atom::done>();
    gathered_.push_back(writes);
    waiting_.push_back(promise);
    if (waiting_.size() == 1)
      self_->send(self_, atom::flush_v); // lands behind everything that already waits
    return promise;
  }

  void flush() {
    const auto batches = std::exchange(gathered_, {});
    const auto written = links_.disk->commit(std::span{batches});
    for (auto& promise : std::exchange(waiting_, {})) {
      if (written)
        promise.deliver(atom::done_v);
      else
        promise.deliver(to_error(written.error()));
    }
    if (!written)
      self_->quit(to_error(written.error()));
  }

private:
  keeper_actor::pointer self_;
  keeper_links links_;
  std::vector<storage::batch> gathered_;
  std::vector<caf::typed_response_promise<atom::done>> waiting_;
};

keeper_actor::behavior_type
keeper_behavior(keeper_actor::stateful_pointer<keeper_state> self, keeper_links links) {
  mind_manners(self);
  auto& state = self->state;
  state.start(std::move(links));
  return {
    [&state](const storage::batch& writes) { return state.take(writes); },
    [&state](atom::flush) { state.flush(); },
  };
}

} // namespace

keeper_actor spawn_keeper(caf::actor_system& system, keeper_links links) {
  return links.own_thread ? system.spawn<caf::detached>(keeper_behavior, std::move(links))
                          : system.spawn(keeper_behavior, std::move(links));
}

} // namespace sluice
