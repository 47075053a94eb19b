/// In-process workers of the consensus mechanism: a strategy of the dev world with a mailbox.
#pragma once

#include "actors/roster.hpp"
#include "messages/miner.hpp"
#include "rules/config/node_config.hpp"
#include "rules/consensus/worker_strategy.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Answers tasks as its strategy does; questions of any other mechanism with an error.
miner_actor spawn_task_worker(caf::actor_system& system, hotkey key, worker_strategy what);

/// The configured miners of the mechanism as the roster takes them. Throws std::runtime_error when
/// a strategy is none.
std::vector<local_miner> local_task_workers(const std::vector<local_miner_config>& miners);

/// What is wrong with a strategy of a miner in this process; "" when it is good.
std::string worker_strategy_fault(std::string_view strategy);

} // namespace sluice
