/// A miner of the consensus mechanism on a machine of its own: does the tasks that it is given.
#pragma once

#include "tools/miner/miner_side.hpp"

#include <memory>

namespace sluice::tools {

/// For `sluice miner --mechanism consensus --strategy worker`, or any other of
/// rules/consensus/worker_strategy.hpp. It answers at once, whatever the strategy; `once`: over
/// when a task that it answered has ended, or it is refused. ec::bad_input: the strategy is none.
result<std::unique_ptr<miner_side>> make_consensus_miner(const miner_side_config& config);

} // namespace sluice::tools
