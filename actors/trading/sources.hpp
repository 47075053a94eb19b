/// Owns one actor per feed of the trading mechanism, and restarts those that fail.
#pragma once

#include "messages/trading.hpp"
#include "rules/trading/config.hpp"

#include <caf/fwd.hpp>

#include <functional>
#include <vector>

namespace sluice {

/// `spawn`: makes the actor of a feed.
struct sources_config {
  std::vector<trading_feed> feeds; // each with a name of its own
  std::function<trading_source_actor(caf::actor_system&, const trading_feed&)> spawn;
};

trading_sources_actor spawn_trading_sources(caf::actor_system& system, sources_config config);

} // namespace sluice
