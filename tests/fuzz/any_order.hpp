/// Pools, ranges and swaps that bytes decide: mostly such as there could be, now and then others.
#pragma once

#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"
#include "tests/fuzz/any_bytes.hpp"

#include <utility>

namespace sluice::test {

struct fee_tier {
  uint32_t fee;
  int32_t spacing;
};
inline constexpr fee_tier fee_tiers[]{{100, 1},   {500, 10},      {3000, 60},  {10'000, 200},
                                      {0, 10},    {999'999, 7},   {2500, 50},  {1, 16'383},
                                      {450, 100}, {500'000, 200}, {3000, 200}, {80, 1}};

inline u256 any_price(any_bytes& in) {
  const auto tick = static_cast<int32_t>(in.below(1'774'545)) - 887'272;
  const auto price = sqrt_ratio_at_tick(tick);
  return std::min(price + in.up_to_bits(price.bit_width() - 14), max_sqrt_ratio - 1);
}

/// Mostly around the price and aligned, but not always what a pool takes.
inline std::pair<int32_t, int32_t> any_range(any_bytes& in, const pool& at) {
  const auto spacing = at.tick_spacing();
  const auto how = in.byte();
  if (how < 8) { // any two numbers of 24 bits
    const auto lower = static_cast<int32_t>(in.below(1 << 24)) - (1 << 23);
    return {lower, static_cast<int32_t>(in.below(1 << 24)) - (1 << 23)};
  }
  const auto edge = max_tick / spacing * spacing;
  if (how < 16)
    return {-edge, edge};
  const auto here = at.state().tick / spacing * spacing;
  const auto step = spacing << (how % 8);
  const auto lower = here + (static_cast<int32_t>(in.byte()) - 160) / 4 * step;
  const auto upper = lower + (1 + in.byte() % 32) * step;
  return {std::clamp(lower, -edge, edge), std::clamp(upper, -edge, edge)};
}

/// Around what moves the price a little, or anything.
inline i256 any_amount(any_bytes& in, const pool& at, uint8_t how) {
  const bool input = how % 8 < 6;
  const bool in_token0 = (how % 2 == 0) == input;
  const auto depth = static_cast<int>(u256{at.state().liquidity}.bit_width());
  const auto price = static_cast<int>(at.state().sqrt_price_x96.bit_width());
  const int most = in_token0 ? depth + 97 - price : depth + price - 95;
  const auto size = in.one_in(8) ? in.up_to_bits(255)
                                 : in.up_to_bits(static_cast<unsigned>(std::clamp(most, 8, 250)));
  if (in.one_in(128))
    return i256::min();
  return input ? i256::from_u256(size) : -i256::from_u256(size);
}

/// Close by, on a tick, anything, or so far away that a swap walks through some empty words.
inline u256 any_limit(any_bytes& in, const pool& at, bool down) {
  constexpr int64_t empty_words_max = 300;
  const auto how = in.byte();
  if (how == 255)
    return in.up_to_bits(256);
  const auto& state = at.state();
  if (how >= 160) {
    const u256 slip = state.sqrt_price_x96 >> (how % 64);
    return down ? state.sqrt_price_x96 - slip : state.sqrt_price_x96 + slip;
  }
  if (how >= 96) {
    const auto tick = state.tick + (static_cast<int32_t>(in.below(1 << 12)) - 2048);
    return sqrt_ratio_at_tick(std::clamp(tick, min_tick, max_tick));
  }
  const int64_t words = empty_words_max * 256 * at.tick_spacing();
  const auto tick
    = std::clamp(state.tick + (down ? -words : words), int64_t{min_tick}, int64_t{max_tick});
  const auto price = sqrt_ratio_at_tick(static_cast<int32_t>(tick));
  return std::clamp(price, min_sqrt_ratio + 1, max_sqrt_ratio - 1);
}

/// `how`: even for down, six of eight with an exact input.
inline swap_request any_order(any_bytes& in, const pool& at, uint8_t how) {
  swap_request order;
  order.zero_for_one = how % 2 == 0;
  order.amount_specified = any_amount(in, at, how);
  order.sqrt_price_limit_x96 = any_limit(in, at, order.zero_for_one);
  return order;
}

} // namespace sluice::test
