#include "actors/chain/chain_writer.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/log.hpp"
#include "rules/json_text.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>

namespace sluice {

namespace {

namespace tables = storage::tables;

/// What the record holds, as the chain expects it.
weights_extrinsic
extrinsic_of(const publish_record& record, const hotkey& signer, uint16_t netuid) {
  weights_extrinsic x{signer, record.nonce, netuid, {}, {}, record.version_key};
  for (const auto& [uid, value] : record.row) {
    x.dests.push_back(uid);
    x.values.push_back(value);
  }
  return x;
}

class chain_writer_state {
public:
  static inline const char* name = "chain_writer";

  explicit chain_writer_state(chain_writer_actor::pointer self) : self_(self) {}

  void start(chain_writer_config config, chain_writer_links links) {
    config_ = std::move(config);
    links_ = std::move(links);
  }

  /// One order at a time: nonces have no gaps.
  caf::result<publish_record> take(const weight_order& order) {
    auto promise = self_->make_response_promise<publish_record>();
    orders_.push_back({order, promise});
    if (orders_.size() == 1)
      next();
    return promise;
  }

  std::string describe() const {
    json_list epochs;
    for (const auto& x : orders_)
      epochs.raw(json_of(x.order.epoch));
    return json_object{}
      .raw("orders", epochs.text())
      .add("last_epoch", record_.epoch.value)
      .add("last_status", static_cast<int>(record_.status))
      .add("last_error", record_.reason)
      .text();
  }

private:
  struct open_order {
    weight_order order;
    caf::typed_response_promise<publish_record> promise;
  };

  void next() {
    if (orders_.empty())
      return;
    const auto& order = orders_.front().order;
    auto stored = tables::published.get(*links_.disk, order.epoch);
    if (!stored && stored.error().code != ec::no_such_key)
      return give_up(to_error(stored.error()));
    if (!stored || (order.over_skipped && stored->status == publish_status::skipped))
      return ask_chain([this](const chain_view& seen) { intend(seen); });
    record_ = *std::move(stored);
    spdlog::debug("weights of epoch {}: taken up again, status {}", order.epoch.value,
                  static_cast<int>(record_.status));
    if (record_.status == publish_status::intended || record_.status == publish_status::sent)
      look_up();
    else
      finish();
  }

  void intend(const chain_view& seen) {
    const auto& order = orders_.front().order;
    record_ = publish_record{};
    record_.epoch = order.epoch;
    record_.status = publish_status::intended;
    record_.row = order.row;
    record_.weights = order.weights;
    record_.nonce = seen.next_nonce;
    record_.version_key = order.version_key;
    record_.netuid = seen.params.netuid;
    record_.hash = extrinsic_hash(extrinsic());
    keep([this] { send(); });
  }

  void send() {
    sent_ = true;
    spdlog::debug("weights of epoch {}: sending {}", record_.epoch.value, record_.hash);
    self_->request(links_.backend, caf::infinite, extrinsic())
      .then([this](const std::string&) { look_up(); },
            [this](const caf::error& why) {
              if (to_fault(why).code == ec::chain_rejected)
                fail(sentence(why));
              else
                give_up(why); // nobody knows whether it was taken: the intent stays
            });
  }

  /// Was it included? Never seen: send it (again).
  void look_up() {
    self_->request(links_.backend, caf::infinite, atom::included_v, record_.hash)
      .then([this](const inclusion& x) { included(x); },
            [this](const caf::error& why) {
              if (to_fault(why).code != ec::no_such_key)
                give_up(why);
              else if (sent_)
                fail("the chain took it but does not know it");
              else
                send();
            });
  }

  void included(const inclusion& x) {
    record_.included_block = x.block;
    if (!x.error.empty())
      return fail(x.error);
    record_.status = publish_status::sent;
    keep([this] { ask_chain([this](const chain_view& seen) { read_back(seen); }); });
  }

  /// Done is only what the chain holds.
  void read_back(const chain_view& seen) {
    record_.read_back = seen.ours.weights;
    record_.read_back_block = seen.ours.last_update;
    if (seen.ours.weights != record_.row)
      return fail("the chain holds something else than what was sent");
    record_.status = publish_status::confirmed;
    record_.reason.clear();
    keep([this] { finish(); });
  }

  void fail(std::string why) {
    spdlog::warn("weights of epoch {} failed: {}", record_.epoch.value, why);
    record_.status = publish_status::failed;
    record_.reason = std::move(why);
    keep([this] { finish(); });
  }

  template <class F>
  void ask_chain(F then) {
    self_->request(links_.backend, caf::infinite, atom::view_v, config_.validator)
      .then([then](const chain_view& seen) { then(seen); },
            [this](const caf::error& why) { give_up(why); });
  }

  template <class F>
  void keep(F then) {
    storage::batch writes;
    tables::published.put(writes, record_.epoch, record_);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([then](atom::done) { then(); }, [this](const caf::error& why) { self_->quit(why); });
  }

  void finish() {
    auto open = std::move(orders_.front());
    orders_.pop_front();
    sent_ = false;
    open.promise.deliver(record_);
    next();
  }

  void give_up(const caf::error& why) {
    auto open = std::move(orders_.front());
    orders_.pop_front();
    sent_ = false;
    open.promise.deliver(why);
    next();
  }

  weights_extrinsic extrinsic() const {
    return extrinsic_of(record_, config_.validator, record_.netuid);
  }

  chain_writer_actor::pointer self_;
  chain_writer_config config_;
  chain_writer_links links_;
  std::deque<open_order> orders_;
  publish_record record_; // of orders_.front()
  bool sent_ = false;     // in this incarnation
};

chain_writer_actor::behavior_type
chain_writer_behavior(observed_pointer<chain_writer_actor, chain_writer_state> self,
                      chain_writer_config config, chain_writer_links links) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.start(std::move(config), std::move(links));
  return {
    [&state](const weight_order& order) { return state.take(order); },
  };
}

} // namespace

chain_writer_actor spawn_chain_writer(caf::actor_system& system, chain_writer_config config,
                                      chain_writer_links links) {
  return system.spawn(chain_writer_behavior, std::move(config), std::move(links));
}

} // namespace sluice
