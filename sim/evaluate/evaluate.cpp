#include "sim/evaluate/performance.hpp"

#include <algorithm>

namespace sluice {

price_point end_price(const window& market) {
  if (market.blocks.empty())
    return market.start;
  return {market.blocks.back()->sqrt_price_x96, market.blocks.back()->tick};
}

result<plan_outcome> evaluate_at(const window& market, const plan& what, window_venue& where,
                                 uint32_t positions_max, const evaluation_options& how) {
  performance run(market, where, positions_max, how);
  if (auto opened = run.open(what); !opened)
    return opened.error();
  if (what.opening)
    run.rebalance_at(market.from, *what.opening);
  size_t at = 0;
  const auto pass_until = [&](size_t end) {
    where.pass(market, at, end, run.swaps());
    at = end;
  };
  for (const auto& [block, wishes] : what.rebalances) {
    const auto after = std::ranges::upper_bound(market.blocks, block, {},
                                                [](const auto& x) { return x->block.number; });
    pass_until(static_cast<size_t>(after - market.blocks.begin()));
    if (block < market.from || block > market.to)
      run.miss(block);
    else
      run.rebalance_at(block, wishes);
  }
  pass_until(market.blocks.size());
  return std::move(run).close();
}

result<plan_outcome> evaluate(const window& market, const plan& what, pool_model model,
                              uint32_t positions_max, const evaluation_options& how) {
  if (auto why = plan_fault(market, what, model); !why.empty())
    return fault{ec::invalid_argument, std::move(why)};
  if (model == pool_model::replayed)
    return evaluate_at(market, what, *replayed_venue(market, what.staked), positions_max, how);
  const path_extents extents(market);
  return evaluate_at(market, what, *observed_venue(market, what.staked, &extents), positions_max,
                     how);
}

} // namespace sluice
