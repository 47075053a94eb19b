/// Questions as a round would ask them, at any price and with any holdings.
#pragma once

#include "rules/liquidity/query.hpp"

#include <cmath>
#include <random>

namespace sluice::test {

/// sqrt(1.0001^tick) * 2^96 to double precision: what a strategy sees, not what a pool computes
/// with.
inline u256 rough_sqrt_price(int32_t tick) {
  int exponent = 0;
  const double mantissa = std::frexp(std::exp(tick * std::log(1.0001) / 2), &exponent);
  const u256 digits{static_cast<uint64_t>(std::ldexp(mantissa, 53))};
  const int shift = exponent + 96 - 53;
  return shift >= 0 ? digits << static_cast<unsigned>(shift)
                    : digits >> static_cast<unsigned>(-shift);
}

/// A question at this tick to a miner that owns these free tokens.
inline rebalance_query question(int32_t tick, u256 amount0, u256 amount1, int32_t spacing = 10) {
  rebalance_query query;
  query.job = {"eth"};
  query.round = {{"eth"}, round_kind::evaluation, {7}};
  query.block_number = 1'000;
  query.tick = tick;
  query.sqrt_price_x96 = rough_sqrt_price(tick);
  query.current_price = std::exp(tick * std::log(1.0001));
  query.terms = {500, spacing, 18, 18};
  query.inventory_remaining = {amount0, amount1};
  return query;
}

inline u256 random_amount(std::mt19937_64& chance) {
  switch (chance() % 8) {
  case 0:
    return 0;
  case 1:
    return u256::max() - u256{chance() % 3};
  case 2:
    return u256{chance() % 5};
  default:
    return (u256{chance()} << static_cast<unsigned>(chance() % 120)) + u256{chance()};
  }
}

/// Any tick, spacing and holdings, sensible and not.
inline rebalance_query random_question(std::mt19937_64& chance) {
  constexpr int32_t spacings[] = {1, 10, 60, 200, 2'000, 16'383};
  const int32_t spacing = spacings[chance() % std::size(spacings)];
  const int32_t edges[] = {-887'272, 887'271, 887'272, 0, -1};
  const int32_t tick = chance() % 4 == 0 ? edges[chance() % std::size(edges)]
                                         : static_cast<int32_t>(chance() % 1'774'545) - 887'272;
  auto query = question(tick, random_amount(chance), random_amount(chance), spacing);
  const int32_t steps = 887'272 / spacing;
  for (uint64_t n = chance() % 4; n > 0; --n) {
    const auto lower = static_cast<int32_t>(chance() % static_cast<uint64_t>(2 * steps)) - steps;
    const auto above = static_cast<uint64_t>(steps - lower);
    const auto upper = lower + 1 + static_cast<int32_t>(chance() % above);
    query.current_positions.push_back({lower * spacing, upper * spacing, 5, random_amount(chance),
                                       random_amount(chance), random_amount(chance),
                                       random_amount(chance)});
  }
  return query;
}

} // namespace sluice::test
