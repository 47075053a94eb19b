#include "tools/consensus/dev_world.hpp"

#include "rules/consensus/node_settings.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::tools {

namespace {

constexpr std::array<const char*, dev_consensus_miners> dev_worker_strategies{
  "worker", "worker", "slow", "worker", "lazy", "worker", "liar", "silent"};

/// TAO are 10^9 rao. None of them has half of the stake.
constexpr std::array<uint64_t, dev_validators> dev_stakes_rao{1'000'000'000'000, 900'000'000'000,
                                                              800'000'000'000};

} // namespace

net::key_pair dev_validator_keys(uint64_t seed, dev_validator_kind x) {
  return net::make_key_pair(net::secret_seed{dev_validator_secret(seed, x)});
}

result<nothing> make_dev_consensus(node_config& config, std::optional<uint64_t> seed) {
  if (!config.mechanisms.contains(std::string{consensus_name}))
    return nothing{};
  auto& miners = config.miners;
  if (std::ranges::any_of(miners, [](const auto& x) { return x.mechanism == consensus_name; }))
    return nothing{};
  auto uid = dev_consensus_uid;
  for (const auto* strategy : dev_worker_strategies) {
    const miner_uid own{uid++};
    const auto has_it = [own](const auto& x) { return x.uid == own; };
    if (std::ranges::any_of(miners, has_it) || std::ranges::any_of(config.neurons, has_it))
      return fault{ec::bad_input, "the dev world of consensus needs uid "
                                    + std::to_string(own.value) + ", which another neuron has"};
    local_miner_config x;
    x.uid = own;
    x.key = {"consensus-" + std::to_string(own.value)};
    x.strategy = std::string{strategy} + ":seed=" + std::to_string(seed.value_or(config.seed));
    x.mechanism = consensus_name;
    if (!config.neurons.empty()) // else the chain is made of the miners
      config.neurons.push_back({x.uid, x.key, 0, false});
    miners.push_back(std::move(x));
  }
  std::ranges::sort(config.neurons, {}, &neuron::uid);
  return nothing{};
}

result<nothing> add_consensus_neurons(node_config& config) {
  const auto* settings = find_consensus(config);
  if (!settings || !settings->world)
    return nothing{};
  for (size_t i = 0; i < dev_validators; ++i) {
    const auto kind = static_cast<dev_validator_kind>(i);
    const neuron own{{static_cast<uint16_t>(dev_validator_uid + i)},
                     {dev_validator_keys(settings->world->seed, kind).address},
                     dev_stakes_rao.at(i),
                     true};
    const auto found
      = std::ranges::find_if(config.neurons, [&](const auto& x) { return x.uid == own.uid; });
    if (found == config.neurons.end()) {
      config.neurons.push_back(own);
    } else if (found->key != own.key) {
      return fault{ec::bad_input, "the validators of [consensus.world] have the uids 13 to 15, but "
                                  "uid "
                                    + std::to_string(own.uid.value) + " is that of the hotkey \""
                                    + found->key.value + "\"; give it another uid"};
    }
  }
  std::ranges::sort(config.neurons, {}, &neuron::uid);
  return nothing{};
}

} // namespace sluice::tools
