/// The traders of a generated market: their keys, their neurons, their stakes and unstakes.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/dev_market.hpp"
#include "rules/trading/event.hpp"
#include "rules/trading/world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// When the run of a generated world begins unless its settings state another moment: 2026-01-01,
/// UTC, in microseconds since 1970.
inline constexpr int64_t dev_start_us = 1'767'225'600 * us_per_second;

/// Addresses (SS58) of one trader.
struct dev_keys {
  std::string hotkey;
  std::string coldkey;
};

/// By index of dev_traders(). Any seed.
std::vector<dev_keys> dev_keys_of(uint64_t seed);

/// Does it have a feed of kind "world"?
bool has_dev_world(const trading_settings& x);

/// The run's first moment: `now` of the settings, else dev_start_us. Microseconds since 1970.
int64_t dev_start_of(const trading_settings& x);

/// The miners as three metagraphs of the history show them, the coldkey that is a neuron on a
/// subnet, the blacklist.
trading_world dev_trading_world(const trading_settings& x);

/// The feed of kind "world": what the traders do. Two of the same settings give the same.
class dev_feed {
public:
  explicit dev_feed(const trading_settings& x);

  /// Every event that was not given yet, up to and including this moment (microseconds since 1970),
  /// by time.
  std::vector<trading_event> advance_to(int64_t now_us);

private:
  int64_t market_began_us_;
  std::vector<dev_keys> keys_;
  std::string delegate_;
  dev_market market_;
};

/// Puts the traders of a generated world, or the registered miners of a world file, among the
/// neurons of the dev chain. Of a file whoever has a uid or a hotkey that is somebody else's is
/// left out; of a generated world that is ec::bad_input. Faults of the file as read_world_file.
result<nothing> add_trading_neurons(node_config& config);

/// What `--seed` makes of the world's own seed.
void seed_dev_world(trading_settings& x, uint64_t seed);

} // namespace sluice::tools
