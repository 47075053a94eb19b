#include "io/sports/miner_settings.hpp"

#include "io/config/config_table.hpp"

#include <utility>

namespace sluice::io {

result<sports_miner_settings> read_sports_miner_settings(setting_overrides set) {
  constexpr uint64_t day_s = 86'400;
  toml::table root;
  auto origins = apply_overrides(root, set, {}, nullptr);
  if (!origins)
    return origins.error();
  config_trouble trouble{"the settings of the miner", {}, *std::move(origins)};
  config_table table{root, {}, trouble};
  sports_miner_settings out;
  table.allow(
    {"heartbeat_s", "connect_timeout_s", "stats_s", "predictions_s", "games_s", "wager_min"});
  table.read("heartbeat_s", out.heartbeat_s, 1, 3600);
  table.read("connect_timeout_s", out.connect_timeout_s, 1, 600);
  table.read("stats_s", out.stats_s, 1, day_s);
  table.read("predictions_s", out.predictions_s, 1, day_s);
  table.read("games_s", out.games_s, 1, day_s);
  auto wager = double_of(out.wager_min);
  table.read("wager_min", wager, 1e-9, 1e9);
  if (trouble.first)
    return *trouble.first;
  const auto exact = nano_of(wager);
  if (!exact)
    return fault{ec::bad_input, "wager_min: " + exact.error().what};
  out.wager_min = *exact;
  return out;
}

} // namespace sluice::io
