#include "actors/chain/dev_chain.hpp"

#include "actors/base/default_handlers.hpp"
#include "actors/base/thrown_fault.hpp"
#include "rules/json_text.hpp"
#include "storage/tables.hpp"

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <optional>
#include <tuple>

namespace sluice {

namespace {

namespace tables = storage::tables;

chain_head head_of(const dev_chain& chain) {
  return {chain.block, epoch_at(chain.block, chain.params)};
}

class dev_chain_state {
public:
  static inline const char* name = "dev_chain";

  explicit dev_chain_state(enrolling_chain_actor::pointer self) : self_(self) {}

  void restore(dev_chain genesis, dev_chain_links links, std::vector<allowed_miner> allow) {
    links_ = std::move(links);
    auto stored = tables::chain_state.get(*links_.disk, tables::chain_key);
    if (!stored && stored.error().code != ec::no_such_key)
      throw thrown_fault("the dev chain's state: ", stored.error());
    const bool is_new = !stored;
    chain_ = is_new ? std::move(genesis) : *std::move(stored);
    if (auto enrolled = chain_.enrol(std::move(allow)); !enrolled)
      throw thrown_fault(enrolled.error());
    auto last = tables::extrinsics.last(*links_.disk);
    if (!last)
      throw thrown_fault("the dev chain's blocks: ", last.error());
    next_extrinsic_ = *last ? (*last)->first + 1 : 0;
    if (is_new)
      write_genesis();
  }

  chain_view view(const hotkey& who) const { return view_of(chain_, who); }

  std::string describe() const {
    return json_object{}
      .add("block", chain_.block)
      .add("epoch", head().epoch.value)
      .add("neurons", chain_.neurons.size())
      .add("extrinsics", next_extrinsic_)
      .raw("params", json_of(chain_.params))
      .text();
  }

  caf::result<chain_head> advance(uint64_t block) {
    if (block <= chain_.block)
      return head();
    chain_.advance_to(block);
    return keep({}, head());
  }

  caf::result<std::string> submit(const weights_extrinsic& x) {
    auto taken = chain_.submit(x);
    if (!taken)
      return to_error(taken.error());
    storage::batch writes;
    tables::extrinsics.put(writes, next_extrinsic_++, *taken);
    const auto hash = taken->hash;
    inclusions_.emplace(hash, *std::move(taken));
    return keep(std::move(writes), hash);
  }

  caf::result<inclusion> find(const std::string& hash) const {
    if (auto i = inclusions_.find(hash); i != inclusions_.end())
      return i->second;
    std::optional<inclusion> stored;
    auto walked = tables::extrinsics.for_prefix_back(*links_.disk, std::tuple<>{},
                                                     [&](uint64_t, inclusion x) {
                                                       if (x.hash == hash)
                                                         stored = std::move(x);
                                                       return !stored;
                                                     });
    if (!walked)
      return to_error(walked.error());
    if (stored)
      return *std::move(stored);
    return caf::make_error(ec::no_such_key, "the chain has never included " + hash);
  }

  caf::result<allowed_miner> allow(const allowed_miner& who) {
    const auto before = chain_.neurons.size();
    auto enrolled = chain_.enrol({who});
    if (!enrolled)
      return to_error(enrolled.error());
    auto got = enrolled->front();
    if (!who.any_uid && got.uid != who.uid)
      return caf::make_error(ec::refused, who.key.value + " has uid "
                                            + std::to_string(got.uid.value)
                                            + " already; leave the uid out");
    if (chain_.neurons.size() == before)
      return got;
    return keep({}, std::move(got));
  }

  caf::result<atom::done> remove(const hotkey& key) {
    if (!chain_.drop(key))
      return atom::done_v;
    return keep({}, atom::done_v);
  }

private:
  /// A new chain is on disk before it moves, so that whoever looks sees who is registered.
  void write_genesis() {
    storage::batch writes;
    tables::chain_state.put(writes, tables::chain_key, chain_);
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([](atom::done) {},
            [](const caf::error& why) {
              spdlog::warn("the dev chain is not on the disk yet: {}",
                           sentence(why)); // the next write is
            });
  }

  chain_head head() const { return head_of(chain_); }

  /// Answers when it is durable; a chain that cannot write is gone.
  template <class T>
  caf::result<T> keep(storage::batch writes, T answer) {
    tables::chain_state.put(writes, tables::chain_key, chain_);
    auto promise = self_->template make_response_promise<T>();
    self_->request(links_.storage_writer, caf::infinite, std::move(writes))
      .then([promise, answer](atom::done) mutable { promise.deliver(answer); },
            [this, promise](const caf::error& why) mutable {
              promise.deliver(why);
              self_->quit(why);
            });
    return promise;
  }

  enrolling_chain_actor::pointer self_;
  dev_chain_links links_;
  dev_chain chain_;
  std::map<std::string, inclusion> inclusions_; // of this incarnation; older ones are on disk
  uint64_t next_extrinsic_ = 0;
};

enrolling_chain_actor::behavior_type
dev_chain_behavior(observed_pointer<enrolling_chain_actor, dev_chain_state> self, dev_chain genesis,
                   dev_chain_links links, std::vector<allowed_miner> allow) {
  auto& state = self->state;
  install_default_handlers(self, [&state] { return state.describe(); });
  state.restore(std::move(genesis), std::move(links), std::move(allow));
  return {
    [&state](atom::view, const hotkey& who) { return state.view(who); },
    [&state](atom::advance, uint64_t block) { return state.advance(block); },
    [&state](const weights_extrinsic& x) { return state.submit(x); },
    [&state](atom::included, const std::string& hash) { return state.find(hash); },
    [&state](atom::allow, const allowed_miner& who) { return state.allow(who); },
    [&state](atom::remove, const hotkey& key) { return state.remove(key); },
  };
}

} // namespace

chain_view view_of(const dev_chain& chain, const hotkey& who) {
  chain_view seen{head_of(chain), chain.params, chain.neurons, {}, 0, {}, "dev chain, embedded"};
  for (const auto& [uid, row] : chain.rows)
    seen.weights_set[uid] = row.last_update;
  if (const auto* neuron = chain.find(who))
    if (const auto row = chain.rows.find(neuron->uid); row != chain.rows.end())
      seen.ours = row->second;
  if (const auto nonce = chain.nonces.find(who); nonce != chain.nonces.end())
    seen.next_nonce = nonce->second;
  return seen;
}

enrolling_chain_actor spawn_dev_chain(caf::actor_system& system, dev_chain genesis,
                                      dev_chain_links links, std::vector<allowed_miner> allow) {
  return system.spawn(dev_chain_behavior, std::move(genesis), std::move(links), std::move(allow));
}

} // namespace sluice
