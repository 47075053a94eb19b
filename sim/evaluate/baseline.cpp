#include "sim/evaluate/baseline.hpp"

#include "rules/liquidity/vault_owners.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/liquidity_amounts.hpp"

namespace sluice {

plan baseline_plan(plan kept, const std::vector<hotkey>& owners, const hotkey& miner,
                   const u256& sqrt_price_x96) {
  if (!owns_any(owners, miner))
    return kept;
  std::vector<start_position> left;
  for (size_t i = 0; i < kept.positions.size(); ++i) {
    const auto& p = kept.positions[i];
    if (i >= owners.size() || owners[i] != miner) {
      left.push_back(p);
      continue;
    }
    const auto paid = amounts_for_liquidity(sqrt_price_x96, sqrt_ratio_at_tick(p.tick_lower),
                                            sqrt_ratio_at_tick(p.tick_upper), p.liquidity);
    kept.start.amount0 += paid.amount0;
    kept.start.amount1 += paid.amount1;
  }
  kept.positions = std::move(left);
  return kept;
}

} // namespace sluice
