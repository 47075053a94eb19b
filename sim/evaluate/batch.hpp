/// Many plans in one window at once.
#pragma once

#include "sim/evaluate/window.hpp"
#include "sim/lanes/lanes.hpp"

#include <span>
#include <vector>

namespace sluice {

/// evaluate() for each of the plans, with the same answers, sooner: plans of the replayed model
/// share the pool's ticks and swap side by side, those that nothing reaches go along with the
/// market, and equal plans are played once (docs/decisions/0014-plans-share-a-pool.md). One answer
/// per plan, in their order, with the errors of evaluate().
std::vector<result<plan_outcome>>
evaluate_all(const window& market, std::span<const plan> plans, pool_model model,
             uint32_t positions_max, const evaluation_options& how = {},
             lane_mode mode = fastest_mode());

} // namespace sluice
