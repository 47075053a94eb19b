/// In-process miners of leads: a strategy of the dev world with a mailbox.
#pragma once

#include "actors/roster.hpp"
#include "messages/miner.hpp"
#include "rules/config/node_config.hpp"
#include "rules/leads/dev_buyer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Answers questions of the leads mechanism as its strategy does; of any other, with an error.
/// `sources`: who sourced what a curator finds.
miner_actor
spawn_lead_miner(caf::actor_system& system, dev_lead_miner miner, std::vector<hotkey> sources);

/// The configured miners of leads as the roster takes them. Throws std::runtime_error when a
/// strategy is none.
std::vector<local_miner> local_lead_miners(const std::vector<local_miner_config>& miners);

/// The same, as the dev world's prospects are made from them: those whose mechanism is leads, by
/// uid. One with a strategy that is none is left out.
std::vector<dev_lead_miner> dev_lead_miners(const std::vector<local_miner_config>& miners);

/// What is wrong with a strategy of a miner in this process; "" when it is good.
std::string lead_strategy_fault(std::string_view strategy);

} // namespace sluice
