/// The liquidity mechanism whose miners in this process may be players of the game: nothing else of
/// it differs from the one that a node runs.
#pragma once

#include "actors/mechanism_module.hpp"

namespace sluice::game {

/// What stands before a player's name in a miner's strategy.
inline constexpr std::string_view player_prefix = "game:";

/// One for all threads, without state.
const mechanism_module& player_module();

} // namespace sluice::game
