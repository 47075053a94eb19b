#include "tests/fuzz/pool_books.hpp"

#include "sim/math/tick_math.hpp"

namespace sluice::test {

namespace {

/// Modulo 2^256, where a negative number is as good as any.
u256 signed_bits(i128 x) {
  return x < 0 ? -u256{static_cast<u128>(-(x + 1))} - 1 : u256{static_cast<u128>(x)};
}

std::string price_and_tick(const pool_state& at) {
  if (at.sqrt_price_x96 < min_sqrt_ratio || at.sqrt_price_x96 >= max_sqrt_ratio)
    return "the price is not one";
  // A swap down that ends on a tick is already below it.
  if (at.tick != tick_at_sqrt_ratio(at.sqrt_price_x96)
      && at.sqrt_price_x96 != sqrt_ratio_at_tick(at.tick + 1))
    return "the tick is not the price's";
  return {};
}

std::string liquidity(const pool& x, bool honest_gauge) {
  u256 in_range, all, gross, held, staked, all_staked;
  for (const auto& [tick, info] : x.ticks()) {
    const auto stake = x.stake_of(tick);
    if (info.liquidity_gross == 0 || info.liquidity_gross > x.max_liquidity_per_tick())
      return "tick " + std::to_string(tick) + " has an impossible liquidity";
    gross += info.liquidity_gross;
    all += signed_bits(info.liquidity_net);
    all_staked += signed_bits(stake.liquidity_net);
    if (tick <= x.state().tick) {
      in_range += signed_bits(info.liquidity_net);
      staked += signed_bits(stake.liquidity_net);
    }
  }
  for (const auto& [key, info] : x.positions())
    held += info.liquidity;
  if (in_range != x.state().liquidity)
    return "liquidity in range is not what the ticks state";
  if (!all.is_zero() || gross != held * 2)
    return "the ticks' liquidity is not the positions'";
  if (x.slipstream() && honest_gauge
      && (staked != x.slipstream()->staked_liquidity || !all_staked.is_zero()))
    return "staked liquidity is not what the ticks state";
  return {};
}

} // namespace

std::string books_of(const pool& x, bool honest_gauge) {
  const auto& at = x.state();
  if (at.sqrt_price_x96.is_zero())
    return x.ticks().empty() ? "" : "ticks before the first price";
  if (auto wrong = price_and_tick(at); !wrong.empty())
    return wrong;
  if (auto wrong = liquidity(x, honest_gauge); !wrong.empty())
    return wrong;
  if (honest_gauge && (at.protocol_fees0 > at.balance0 || at.protocol_fees1 > at.balance1))
    return "fees that are not there";
  if (at.observation_index >= at.observation_cardinality
      || at.observation_cardinality > at.observation_cardinality_next)
    return "observations are miscounted";
  return {};
}

std::string what_saving_loses(const pool& x) {
  const auto loaded = pool::load(x.save());
  if (!loaded)
    return "what was saved is refused: " + loaded.error().what;
  return *loaded == x ? "" : "what was loaded is not what was saved";
}

} // namespace sluice::test
