#include "sim/performance.hpp"

namespace sluice {

result<plan_outcome>
evaluate(const window& market, const plan& what, pool_model model, uint32_t positions_max) {
  if (auto why = plan_fault(market, what, model); !why.empty())
    return fault{ec::invalid_argument, std::move(why)};
  const auto where = model == pool_model::replayed ? replayed_venue(market, what.staked)
                                                   : observed_venue(market, what.staked);
  performance run(market, *where, positions_max);
  if (auto opened = run.open(what); !opened)
    return opened.error();
  if (what.opening)
    run.rebalance_at(market.from, *what.opening);
  auto next = what.rebalances.begin();
  const auto rebalance_before = [&](uint64_t block) { // all that take effect before it
    for (; next != what.rebalances.end() && next->block < block; ++next)
      if (next->block < market.from)
        run.miss(next->block);
      else
        run.rebalance_at(next->block, next->desired_positions);
  };
  for (const auto& block : market.blocks) {
    rebalance_before(block->block.number);
    where->pass(*block, run.swaps());
  }
  for (; next != what.rebalances.end(); ++next)
    if (next->block < market.from || next->block > market.to)
      run.miss(next->block);
    else
      run.rebalance_at(next->block, next->desired_positions);
  return std::move(run).close();
}

} // namespace sluice
