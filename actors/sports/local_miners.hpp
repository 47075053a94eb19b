/// In-process miners of the sports mechanism: a strategy of the invented league with a mailbox.
#pragma once

#include "actors/roster.hpp"
#include "messages/miner.hpp"
#include "rules/config/node_config.hpp"
#include "rules/sports/league_miner.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Answers questions about games as its strategy does; questions of any other mechanism with an
/// error.
miner_actor
spawn_league_miner(caf::actor_system& system, hotkey key, miner_uid uid, league_miner what);

/// The configured miners of the mechanism as the roster takes them. Throws std::runtime_error when
/// a strategy is none.
std::vector<local_miner> local_league_miners(const std::vector<local_miner_config>& miners);

} // namespace sluice
