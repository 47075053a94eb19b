#include "rules/chain/dev_chain.hpp"

#include "rules/chain/sha256.hpp"
#include "rules/limits.hpp"

#include <algorithm>
#include <set>

namespace sluice {

namespace {

constexpr uint16_t root_netuid = 0;
constexpr uint16_t weight_max = 65535;

/// Little-endian, as SCALE would: the hash must not depend on the machine.
template <class T>
void append(std::string& bytes, T x) {
  for (size_t i = 0; i < sizeof(T); ++i)
    bytes += static_cast<char>(x >> (8 * i) & 0xff);
}

void append(std::string& bytes, const std::vector<uint16_t>& list) {
  append(bytes, uint64_t{list.size()});
  for (const auto x : list)
    append(bytes, x);
}

const neuron* by_uid(const dev_chain& chain, uint16_t uid) {
  const auto it = std::find_if(chain.neurons.begin(), chain.neurons.end(),
                               [uid](const neuron& x) { return x.uid.value == uid; });
  return it == chain.neurons.end() ? nullptr : &*it;
}

bool too_fast(const dev_chain& chain, miner_uid uid) {
  const auto row = chain.rows.find(uid);
  if (row == chain.rows.end() || row->second.last_update == 0)
    return false;
  return chain.block - row->second.last_update < chain.params.weights_rate_limit;
}

/// max-upscale of the runtime: integer division below the middle, a 32.32 fixed-point ratio above.
std::vector<uint16_t> upscale(const std::vector<uint16_t>& values) {
  const uint64_t largest = values.empty() ? 0 : *std::max_element(values.begin(), values.end());
  if (largest == 0 || largest == weight_max)
    return values;
  std::vector<uint16_t> scaled;
  scaled.reserve(values.size());
  const uint64_t ratio = (uint64_t{weight_max} << 32) / largest;
  for (const uint64_t x : values) {
    const uint64_t y = largest > 32768 ? (x * ratio + (uint64_t{1} << 31)) >> 32
                                       : (x * weight_max * 2 + largest) / (largest * 2);
    scaled.push_back(static_cast<uint16_t>(y));
  }
  return scaled;
}

} // namespace

epoch_no epoch_at(uint64_t block, const chain_params& params) {
  return {(block + params.netuid + 1) / (params.tempo + 1)};
}

std::string extrinsic_hash(const weights_extrinsic& x) {
  std::string bytes = "sluice set_weights 1\n";
  append(bytes, uint64_t{x.signer.value.size()});
  bytes += x.signer.value;
  append(bytes, x.nonce);
  append(bytes, x.netuid);
  append(bytes, x.dests);
  append(bytes, x.values);
  append(bytes, x.version_key);
  return sha256_hex(bytes);
}

const neuron* dev_chain::find(const hotkey& key) const {
  const auto it
    = std::find_if(neurons.begin(), neurons.end(), [&](const neuron& x) { return x.key == key; });
  return it == neurons.end() ? nullptr : &*it;
}

bool dev_chain::drop(const hotkey& key) {
  const auto it
    = std::find_if(neurons.begin(), neurons.end(), [&](const neuron& x) { return x.key == key; });
  if (it == neurons.end())
    return false;
  rows.erase(it->uid);
  neurons.erase(it);
  return true;
}

std::string dispatch_error(const dev_chain& chain, const weights_extrinsic& x) {
  const auto& params = chain.params;
  if (x.netuid == root_netuid)
    return "CanNotSetRootNetworkWeights";
  if (x.dests.size() != x.values.size())
    return "WeightVecNotEqualSize";
  if (x.netuid != params.netuid)
    return "MechanismDoesNotExist";
  if (x.dests.size() > chain.neurons.size())
    return "UidsLengthExceedUidsInSubNet";
  const auto* signer = chain.find(x.signer);
  if (signer == nullptr)
    return "HotKeyNotRegisteredInSubNet";
  if (signer->stake < params.stake_min)
    return "NotEnoughStakeToSetWeights";
  if (params.weights_version_key != 0 && x.version_key < params.weights_version_key)
    return "IncorrectWeightVersionKey";
  if (too_fast(chain, signer->uid))
    return "SettingWeightsTooFast";
  // One weight on oneself needs neither permit nor company.
  const bool only_itself = x.dests.size() == 1 && x.dests.front() == signer->uid.value;
  if (!signer->permit && !only_itself)
    return "NeuronNoValidatorPermit";
  if (std::set<uint16_t>(x.dests.begin(), x.dests.end()).size() != x.dests.size())
    return "DuplicateUids";
  for (const auto uid : x.dests)
    if (by_uid(chain, uid) == nullptr)
      return "UidVecContainInvalidOne";
  // A subnet smaller than the minimum can only be asked for all it has.
  const size_t wanted = std::min<size_t>(params.min_allowed_weights, chain.neurons.size());
  if (x.dests.size() < wanted && !only_itself)
    return "WeightVecLengthIsLow";
  return {}; // MaxWeightExceeded cannot happen: the limit is the constant 65535
}

result<inclusion> dev_chain::submit(const weights_extrinsic& x) {
  const auto known = nonces.find(x.signer);
  const uint64_t expected = known == nonces.end() ? 0 : known->second;
  const std::string invalid = "1010 Invalid Transaction: Transaction ";
  if (x.nonce < expected)
    return fault{ec::chain_rejected, invalid + "is outdated"};
  if (x.nonce > expected)
    return fault{ec::chain_rejected, invalid + "will be valid in the future"};
  inclusion done{extrinsic_hash(x), block, dispatch_error(*this, x), x};
  nonces[x.signer] = expected + 1;
  if (!done.error.empty())
    return done;
  chain_row row{{}, block};
  const auto values = upscale(x.values);
  for (size_t i = 0; i < values.size(); ++i)
    row.weights.emplace_back(x.dests[i], values[i]);
  rows[find(x.signer)->uid] = std::move(row);
  return done;
}

result<std::vector<allowed_miner>> dev_chain::enrol(std::vector<allowed_miner> who) {
  auto grown = *this;
  uint16_t next = 0;
  const auto free_uid = [&] {
    while (next < limits::miners_max && by_uid(grown, next) != nullptr)
      ++next;
    return next;
  };
  // Who asks for a uid comes before those who take any.
  std::vector<allowed_miner*> order;
  for (const bool any : {false, true})
    for (auto& one : who)
      if (one.any_uid == any)
        order.push_back(&one);
  for (auto* one : order) {
    if (const auto* known = grown.find(one->key)) {
      one->uid = known->uid;
    } else {
      if (one->any_uid)
        one->uid.value = free_uid();
      if (one->uid.value >= limits::miners_max)
        return fault{ec::refused, "the dev chain has no uid left for " + one->key.value};
      if (const auto* other = by_uid(grown, one->uid.value))
        return fault{ec::refused, "the dev chain gave uid " + std::to_string(one->uid.value)
                                    + " to " + other->key.value + ", not to " + one->key.value
                                    + "; leave the uid out and it chooses one"};
      const neuron fresh{one->uid, one->key, 0, false};
      const auto at
        = std::upper_bound(grown.neurons.begin(), grown.neurons.end(), fresh,
                           [](const neuron& a, const neuron& b) { return a.uid < b.uid; });
      grown.neurons.insert(at, fresh);
    }
    one->any_uid = false;
  }
  neurons = std::move(grown.neurons);
  return who;
}

} // namespace sluice
