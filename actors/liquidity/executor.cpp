#include "actors/liquidity/executor.hpp"

#include "actors/base/default_handlers.hpp"
#include "rules/chain/sha256.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace sluice {

namespace {

namespace tables = storage::tables;

class executor_state {
public:
  static inline const char* name = "executor";

  explicit executor_state(executor_actor::pointer self) : self_(self) {}

  void start(executor_links links) { links_ = std::move(links); }

  caf::result<live_execution> take(const execution_order& order) {
    const execution_key key{order.round.job, order.round.number, order.block};
    auto stored = tables::live_executions.get(*links_.disk, key);
    if (!stored && stored.error().code != ec::no_such_key)
      return to_error(stored.error());
    if (stored && stored->status != execution_status::pending)
      return *std::move(stored);
    auto promise = self_->make_response_promise<live_execution>();
    auto intent = stored ? *std::move(stored) : intend(order);
    keep(key, intent, promise, [=, this]() mutable {
      auto done = execute(order, intent);
      keep(key, done, promise, [=]() mutable { promise.deliver(done); });
    });
    return promise;
  }

private:
  static live_execution intend(const execution_order& order) {
    live_execution intent;
    intent.id = to_string(order.round) + '@' + std::to_string(order.block);
    intent.round = order.round;
    intent.uid = order.miner;
    intent.block = order.block;
    intent.status = execution_status::pending;
    intent.asked = order.asked;
    return intent;
  }

  /// On paper a transaction is mined in its own block, at the pool's own price, or not at all.
  static live_execution execute(const execution_order& order, live_execution x) {
    x.transactions = {"0x" + sha256_hex(x.id)};
    auto after = evaluate(*order.market, order.so_far, order.model, order.positions_max);
    if (!after || after->rebalances.empty() || !after->rebalances.back().executed) {
      x.status = execution_status::failed;
      x.error = !after                      ? after.error().what
                : after->rebalances.empty() ? "nothing to execute"
                                            : after->rebalances.back().note;
      return x;
    }
    x.status = execution_status::mined;
    x.achieved = after->end.positions;
    x.after = after->end.free;
    return x;
  }

  template <class F>
  void keep(const execution_key& key, const live_execution& x,
            caf::typed_response_promise<live_execution> promise, F then) {
    storage::batch writes;
    tables::live_executions.put(writes, key, x);
    self_
      ->request(links_.storage_writer, caf::infinite,
                incarnation_batch{links_.writer, links_.incarnation, std::move(writes)})
      .then([then](atom::done) mutable { then(); },
            [promise](const caf::error& why) mutable { promise.deliver(why); });
  }

  executor_actor::pointer self_;
  executor_links links_;
};

executor_actor::behavior_type
executor_behavior(observed_pointer<executor_actor, executor_state> self, executor_links links) {
  install_default_handlers(self);
  auto& state = self->state;
  state.start(std::move(links));
  return {
    [&state](const execution_order& order) { return state.take(order); },
  };
}

} // namespace

executor_actor spawn_paper_executor(caf::actor_system& system, executor_links links) {
  return system.spawn(executor_behavior, std::move(links));
}

} // namespace sluice
