/// The plan that a miner's score is compared with.
#pragma once

#include "rules/ids.hpp"
#include "rules/liquidity/plan.hpp"

#include <vector>

namespace sluice {

/// `kept`, the vault's own plan, with the positions that are this miner's work withdrawn at the
/// start: burned at `sqrt_price_x96` (Q64.96), rounded down as the periphery does. `owners`: of
/// kept.positions, in their order; an empty list or "": the vault's own. No error.
plan baseline_plan(plan kept, const std::vector<hotkey>& owners, const hotkey& miner,
                   const u256& sqrt_price_x96);

} // namespace sluice
