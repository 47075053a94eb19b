#include "sim/slipstream/slipstream.hpp"

#include "sim/math/fee_growth.hpp"

namespace sluice {

namespace {

constexpr uint32_t fee_unit = 1'000'000;

} // namespace

std::optional<fee_split>
split_fee(const u256& fee, u128 liquidity, u128 staked_liquidity, uint32_t unstaked_fee) {
  if (liquidity == staked_liquidity)
    return fee_split{fee, {}};
  u256 gauge;
  if (staked_liquidity != 0) {
    auto staked = mul_div_up(fee, staked_liquidity, liquidity);
    if (!staked)
      return std::nullopt;
    gauge = *staked;
  }
  u256 unstaked = fee - gauge;
  auto cut = mul_div_up(unstaked, unstaked_fee, fee_unit);
  if (!cut)
    return std::nullopt;
  unstaked -= *cut;
  auto growth = growth_of(unstaked, liquidity - staked_liquidity);
  if (!growth)
    return std::nullopt;
  return fee_split{gauge + *cut, *growth};
}

u256 unstaked_part(const u256& fee, uint32_t unstaked_fee) {
  return fee - *mul_div_up(fee, unstaked_fee, fee_unit); // at most `fee`
}

bool slipstream_rewards::update(uint32_t now, u128 staked_liquidity) {
  if (now == last_updated)
    return true;
  if (!reserve.is_zero()) {
    u256 due = rate * (u256{now} - u256{last_updated}); // wraps as in the contract
    if (due > reserve)
      due = reserve;
    if (staked_liquidity != 0) {
      auto growth = growth_of(due, staked_liquidity);
      if (!growth)
        return false;
      growth_global_x128 += *growth;
    } else {
      rollover += due;
    }
    reserve -= due;
  }
  last_updated = now;
  return true;
}

} // namespace sluice
