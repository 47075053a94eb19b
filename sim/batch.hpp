/// Many plans in one window at once.
#pragma once

#include "sim/window.hpp"

#include <span>
#include <vector>

namespace sluice {

/// evaluate() for each of the plans, with the same answers, sooner: plans of the replayed model
/// share the pool's ticks, and those that nothing reaches go along with the market
/// (docs/decisions/0014-plans-share-a-pool.md).
std::vector<result<plan_outcome>> evaluate_all(const window& market, std::span<const plan> plans,
                                               pool_model model, uint32_t positions_max);

} // namespace sluice
