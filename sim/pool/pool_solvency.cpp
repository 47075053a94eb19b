#include "sim/math/fee_growth.hpp"
#include "sim/math/liquidity_math.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_prices.hpp"
#include "sim/pool/pool.hpp"

#include <algorithm>

namespace sluice {

namespace {

/// Amounts in units of 2^-32 wei, rounded up: many stretches, next to no rounding.
u256 scaled_amount0(const u256& low, const u256& high, u128 liquidity) {
  return div_up(*mul_div_up(u256{liquidity} << 128, high - low, high), low); // below L << 128
}
u256 scaled_amount1(const u256& low, const u256& high, u128 liquidity) {
  return *mul_div_up(high - low, liquidity, u256{1} << 64); // 160 + 128 - 64 bits
}

} // namespace

/// What liquidity is made of at the price it stands at, stretch by stretch away from the price.
token_amounts pool::scaled_principal() const {
  token_amounts sum;
  const auto keys = ticks_.keys();
  const size_t below = ticks_below_;
  u128 liquidity = state_.liquidity;
  u256 from = state_.sqrt_price_x96;
  for (size_t i = below; i < keys.size(); ++i) {
    const u256 to = tick_price(keys[i]);
    sum.amount0 += scaled_amount0(from, to, liquidity);
    liquidity += static_cast<u128>(ticks_.net_at_index(i));
    from = to;
  }
  liquidity = state_.liquidity;
  from = state_.sqrt_price_x96;
  for (size_t i = below; i-- > 0;) {
    const u256 to = tick_price(keys[i]);
    sum.amount1 += scaled_amount1(to, from, liquidity);
    liquidity -= static_cast<u128>(ticks_.net_at_index(i));
    from = to;
  }
  return sum;
}

bool pool::is_solvent() const {
  token_amounts owed{state_.protocol_fees0, state_.protocol_fees1};
  const growth_view now{state_.tick, state_.fee_growth_global0_x128,
                        state_.fee_growth_global1_x128};
  positions_.for_each([&](const position_key& key, const position_info& p) {
    owed.amount0 += p.tokens_owed0;
    owed.amount1 += p.tokens_owed1;
    if (p.liquidity == 0)
      return;
    const auto inside = growth_inside(key.tick_lower, ticks_.get(key.tick_lower), key.tick_upper,
                                      ticks_.get(key.tick_upper), now);
    const auto earned = [&p](const u256& growth, const u256& last) {
      return static_cast<u128>(*mul_div(growth - last, p.liquidity, q128));
    };
    owed.amount0 += earned(inside.amount0, p.fee_growth_inside0_last_x128);
    owed.amount1 += earned(inside.amount1, p.fee_growth_inside1_last_x128);
  });
  const auto principal = scaled_principal();
  const auto covers = [](const u256& balance, const u256& due, const u256& rest) {
    return balance >= due && (balance - due) >= ((rest + (u256{1} << 32) - 1) >> 32);
  };
  return covers(state_.balance0, owed.amount0, principal.amount0)
         && covers(state_.balance1, owed.amount1, principal.amount1);
}

} // namespace sluice
