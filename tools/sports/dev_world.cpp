#include "tools/sports/dev_world.hpp"

#include "rules/sports/league_miner.hpp"
#include "rules/sports/node_settings.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace sluice::tools {

namespace {

/// What a strategy has to know to play in a world.
std::string world_text(const sports_world& x) {
  const auto margin = nano_of(x.margin);
  return "seed=" + std::to_string(x.seed) + ",start_s=" + std::to_string(x.start_s) + ",step_s="
         + std::to_string(x.step_s) + ",teams=" + std::to_string(x.teams) + ",games_per_day="
         + std::to_string(x.games_per_day) + ",margin=" + text_of_nano(margin ? *margin : 0);
}

} // namespace

result<nothing> make_dev_sports(node_config& config, std::optional<uint64_t> seed) {
  const auto at = config.mechanisms.find(std::string{sports_name});
  if (at == config.mechanisms.end())
    return nothing{};
  auto& settings = at->second.edit<sports_node_settings>();
  if (!settings.world)
    return nothing{};
  if (seed)
    settings.world->seed = *seed;
  auto& miners = config.miners;
  if (std::ranges::any_of(miners, [](const auto& x) { return x.mechanism == sports_name; }))
    return nothing{};
  for (size_t i = 0; i < dev_sports_miners; ++i) {
    const miner_uid own{static_cast<uint16_t>(dev_sports_uid + i)};
    const auto has_it = [own](const auto& x) { return x.uid == own; };
    if (std::ranges::any_of(miners, has_it) || std::ranges::any_of(config.neurons, has_it))
      return fault{ec::bad_input, "the dev world of sports needs uid " + std::to_string(own.value)
                                    + ", which another neuron has"};
    local_miner_config x;
    x.uid = own;
    x.key = {"sports-" + std::to_string(own.value)};
    x.strategy = std::string{league_miner_names.at(i)} + ':' + world_text(*settings.world);
    x.mechanism = sports_name;
    if (!config.neurons.empty()) // else the chain is made of the miners
      config.neurons.push_back({x.uid, x.key, 0, false});
    miners.push_back(std::move(x));
  }
  std::ranges::sort(config.neurons, {}, &neuron::uid);
  return nothing{};
}

} // namespace sluice::tools
