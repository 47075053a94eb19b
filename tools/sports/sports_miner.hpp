/// A miner of sports that is asked over the miner gateway: answers by a model, or by a command of
/// its user's.
#pragma once

#include "tools/miner/miner_side.hpp"

#include <memory>

namespace sluice::tools {

/// For `sluice miner --mechanism sports` with the address of a gateway or a fleet, where the node
/// asks and nothing is stored here (docs/sports-miner.md). Models learn from the results in
/// notices. ec::bad_input: the strategy is none.
result<std::unique_ptr<miner_side>> make_sports_miner(const miner_side_config& config);

} // namespace sluice::tools
