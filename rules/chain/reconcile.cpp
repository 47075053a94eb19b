#include "rules/chain/reconcile.hpp"

#include <algorithm>
#include <map>

namespace sluice {

namespace {

std::string slot_text(miner_uid uid) {
  return "uid " + std::to_string(uid.value);
}

/// The chain as two maps, while it is changed.
class reconciliation {
public:
  explicit reconciliation(const dev_chain& chain) : rows_(chain.rows) {
    for (const auto& x : chain.neurons)
      slots_[x.uid] = x;
  }

  void drop(miner_uid uid, const std::string& why) {
    notes_[uid] = slot_text(uid) + ": " + slots_.at(uid).key.value + ' ' + why;
    slots_.erase(uid);
    rows_.erase(uid);
  }

  /// Where a hotkey stands; null: nowhere.
  const neuron* find(const hotkey& key) const {
    const auto at
      = std::ranges::find_if(slots_, [&](const auto& x) { return x.second.key == key; });
    return at == slots_.end() ? nullptr : &at->second;
  }
  const neuron* at(miner_uid uid) const {
    const auto found = slots_.find(uid);
    return found == slots_.end() ? nullptr : &found->second;
  }

  void put(const neuron& x) {
    const auto* there = at(x.uid);
    if (there && *there == x)
      return;
    auto& note = notes_[x.uid];
    if (!there)
      note += (note.empty() ? slot_text(x.uid) + ": " : ", then ") + x.key.value + " is registered";
    else if (there->key == x.key)
      note += slot_text(x.uid) + ": stake or permit of " + x.key.value + " is another";
    slots_[x.uid] = x;
  }

  void give_to(dev_chain& chain) {
    chain.neurons.clear();
    for (auto& [uid, x] : slots_)
      chain.neurons.push_back(std::move(x));
    chain.rows = std::move(rows_);
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> all;
    for (const auto& [uid, text] : notes_)
      all.push_back(text);
    return all;
  }

private:
  std::map<miner_uid, neuron> slots_;
  std::map<miner_uid, chain_row> rows_;
  std::map<miner_uid, std::string> notes_;
};

bool has_key(const std::vector<neuron>& all, const hotkey& key) {
  return std::ranges::any_of(all, [&](const neuron& x) { return x.key == key; });
}

} // namespace

result<std::vector<std::string>>
reconcile(dev_chain& chain, const configured_chain& now, const configured_chain* before) {
  reconciliation work{chain};
  if (before)
    for (const auto& was : before->neurons)
      if (const auto* there = work.find(was.key); there && !has_key(now.neurons, was.key))
        work.drop(there->uid, "is not configured any more and is dropped");
  for (const auto& x : now.neurons)
    if (const auto* there = work.find(x.key); there && there->uid != x.uid)
      work.drop(there->uid, "gives up this uid and has " + slot_text(x.uid) + " from now on");
  for (const auto& x : now.neurons) {
    if (const auto* there = work.at(x.uid); there && there->key != x.key) {
      if (before)
        return fault{ec::refused,
                     "the dev chain gave " + slot_text(x.uid) + " to " + there->key.value
                       + ", which was let in at run time, so " + x.key.value
                       + " cannot have it; give it another uid, or let the other go under the"
                         " configuration so far: miner remove "
                       + there->key.value};
      work.drop(x.uid, "gives way to " + x.key.value);
    }
    work.put(x);
  }
  work.give_to(chain);
  auto notes = work.notes();
  if (chain.params != now.params)
    notes.emplace_back("the chain has the parameters of the configuration");
  chain.params = now.params;
  return notes;
}

bool epochs_go_back(const dev_chain& chain, const chain_params& now) {
  return epoch_at(chain.block, now) < epoch_at(chain.block, chain.params);
}

bool blocks_go_back(const dev_chain& chain, uint64_t steps, uint64_t blocks_per_step) {
  return 1 + steps * blocks_per_step < chain.block;
}

} // namespace sluice
