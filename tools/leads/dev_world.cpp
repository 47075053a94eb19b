#include "tools/leads/dev_world.hpp"

#include "rules/leads/lead_strategy.hpp"
#include "rules/leads/name.hpp"

#include <algorithm>
#include <string>

namespace sluice::tools {

result<nothing> make_dev_leads(node_config& config, std::optional<uint64_t> seed) {
  if (!config.mechanisms.contains(std::string{leads_name}))
    return nothing{};
  auto& miners = config.miners;
  if (std::ranges::any_of(miners, [](const auto& x) { return x.mechanism == leads_name; }))
    return nothing{};
  auto uid = dev_lead_uid;
  for (const auto name : lead_strategy_names) {
    const miner_uid own{uid++};
    const auto has_it = [own](const auto& x) { return x.uid == own; };
    if (std::ranges::any_of(miners, has_it) || std::ranges::any_of(config.neurons, has_it))
      return fault{ec::bad_input, "the dev world of leads needs uid " + std::to_string(own.value)
                                    + ", which another neuron has"};
    local_miner_config x;
    x.uid = own;
    x.key = {"lead-" + std::string{name}};
    x.strategy = std::string{name} + ":seed=" + std::to_string(seed.value_or(config.seed));
    x.mechanism = leads_name;
    if (!config.neurons.empty()) // else the chain is made of the miners
      config.neurons.push_back({x.uid, x.key, 0, false});
    miners.push_back(std::move(x));
  }
  std::ranges::sort(config.neurons, {}, &neuron::uid);
  return nothing{};
}

} // namespace sluice::tools
