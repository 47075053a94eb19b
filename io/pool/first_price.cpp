#include "io/pool/first_price.hpp"

#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/pool.hpp"

#include <algorithm>
#include <functional>
#include <optional>

namespace sluice::io {

namespace {

/// Prices `low..high`, both included; empty when high < low.
struct price_range {
  u256 low = min_sqrt_ratio;
  u256 high = max_sqrt_ratio - 1;
  bool empty() const { return high < low; }
};

/// The lowest price of `within` for which `reached` holds (it must stay true from there on); one
/// above `within.high` when there is none.
u256 bisect(price_range within, const std::function<bool(const u256&)>& reached) {
  u256 low = within.low;
  u256 high = within.high + 1;
  while (low < high) {
    const u256 middle = low + ((high - low) >> 1);
    if (reached(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/// The part of `within` where `value`, which never falls (`rising`) or never rises, is `wanted`.
price_range where_equal(price_range within, bool rising,
                        const std::function<i256(const u256&)>& value, const i256& wanted) {
  if (within.empty())
    return within;
  auto at_least = [&](const u256& x) { return rising ? value(x) >= wanted : value(x) <= wanted; };
  auto beyond = [&](const u256& x) { return rising ? value(x) > wanted : value(x) < wanted; };
  return {bisect(within, at_least), bisect(within, beyond) - 1};
}

/// Where this mint or burn moves exactly the recorded amounts.
price_range where_it_costs(price_range within, const pool_event& event) {
  const bool up = event.kind == pool_event_kind::mint;
  const u256 lower = sqrt_ratio_at_tick(event.tick_lower);
  const u256 upper = sqrt_ratio_at_tick(event.tick_upper);
  auto amount0 = [&](const u256& x) {
    return i256::from_u256(amount0_delta(std::clamp(x, lower, upper), upper, event.liquidity, up));
  };
  auto amount1 = [&](const u256& x) {
    return i256::from_u256(amount1_delta(lower, std::clamp(x, lower, upper), event.liquidity, up));
  };
  within = where_equal(within, false, amount0, event.amount0);
  return where_equal(within, true, amount1, event.amount1);
}

/// A pool that began at `price` and saw what came before the first swap.
std::optional<pool>
pool_from(const pool_terms& terms, const u256& price, const pool_opening& first) {
  pool at(terms.fee, terms.tick_spacing);
  if (!at.initialize(price, 0))
    return {};
  for (const auto& x : first.before) {
    const bool done = x.kind == pool_event_kind::mint
                        ? bool{at.mint(x.owner, x.tick_lower, x.tick_upper, x.liquidity, 0)}
                        : bool{at.burn(x.owner, x.tick_lower, x.tick_upper, x.liquidity, 0)};
    if (!done)
      return {};
  }
  return at;
}

/// The part of `within` from which the first swap meets all there is to meet: beyond the outermost
/// ticks nothing changes, and a long way through nothing costs time.
price_range near_liquidity(price_range within, const pool_opening& first) {
  u256 low = first.swap->sqrt_price_x96;
  u256 high = low;
  for (const auto& event : first.before) {
    low = std::min(low, sqrt_ratio_at_tick(event.tick_lower));
    high = std::max(high, sqrt_ratio_at_tick(event.tick_upper));
  }
  return {std::max(within.low, low - 1), std::min(within.high, high + 1)};
}

/// The first price, if the first swap was asked for as `order`.
std::optional<u256> price_before(const pool_terms& terms, const pool_opening& first,
                                 price_range within, const swap_request& order) {
  const auto& record = *first.swap;
  struct outcome {
    i256 price, amount0, amount1;
  };
  auto play = [&](const u256& price) -> outcome {
    auto at = pool_from(terms, price, first);
    auto got = at ? at->swap(order, 0) : or_revert<swap_amounts>(revert::reasonless);
    if (!got)
      return {};
    return {i256::from_u256(at->state().sqrt_price_x96), got->amount0, got->amount1};
  };
  within = near_liquidity(within, first);
  // A swap to its limit moves the price, dust may leave it where it is.
  const u256 moved = order.sqrt_price_limit_x96 == record.sqrt_price_x96 ? 1 : 0;
  if (order.zero_for_one)
    within.low = std::max(within.low, record.sqrt_price_x96 + moved);
  else
    within.high = std::min(within.high, record.sqrt_price_x96 - moved);
  // A higher start never ends lower. It takes less of the token that an exact output costs;
  // everything else that goes in or out of the pool at a falling price grows, at a rising one
  // shrinks.
  const bool exact_output = order.amount_specified.is_negative();
  const bool rising0 = !(exact_output && order.zero_for_one);
  const bool rising1 = exact_output && !order.zero_for_one;
  within = where_equal(
    within, true, [&](const u256& x) { return play(x).price; },
    i256::from_u256(record.sqrt_price_x96));
  within = where_equal(
    within, rising0, [&](const u256& x) { return play(x).amount0; }, record.amount0);
  within = where_equal(
    within, rising1, [&](const u256& x) { return play(x).amount1; }, record.amount1);
  if (within.empty())
    return {};
  return order.zero_for_one ? within.low : within.high; // the nearest to where it ended
}

/// All requests that the first swap could have been.
std::vector<swap_request> requests_of(const pool_event& swap) {
  std::vector<swap_request> requests;
  const bool nothing_moved = swap.amount0.is_zero() && swap.amount1.is_zero();
  for (const bool falls : {true, false}) {
    const auto& in = falls ? swap.amount0 : swap.amount1;
    const auto& out = falls ? swap.amount1 : swap.amount0;
    const u256 no_limit = falls ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
    if (!nothing_moved && (in.is_negative() || in.is_zero()))
      continue;
    if (!nothing_moved)
      requests.push_back({falls, in, no_limit});
    if (out.is_negative())
      requests.push_back({falls, out, no_limit});
    requests.push_back({falls, i256::max(), swap.sqrt_price_x96});
  }
  return requests;
}

} // namespace

pool_opening opening_of(const std::vector<feed_block>& blocks) {
  pool_opening found;
  for (const auto& block : blocks)
    for (const auto& event : block.events) {
      if (event.kind == pool_event_kind::swap) {
        found.swap = &event;
        return found;
      }
      if (event.kind != pool_event_kind::collect) // moves nothing that a swap sees
        found.before.push_back(event);
    }
  return found;
}

std::vector<u256> first_prices(const pool_terms& terms, const pool_opening& first) {
  const auto* swap = first.swap;
  if (first.before.empty()) {
    // Moved through an empty pool. Upwards it ends on the tick of its price; downwards onto a
    // word's border it ends one below.
    const bool rose = tick_at_sqrt_ratio(swap->sqrt_price_x96) == swap->tick;
    if (rose ? swap->sqrt_price_x96 == min_sqrt_ratio : swap->sqrt_price_x96 == max_sqrt_ratio - 1)
      return {};
    return {rose ? swap->sqrt_price_x96 - 1 : swap->sqrt_price_x96 + 1};
  }
  price_range within;
  for (const auto& event : first.before)
    within = where_it_costs(within, event);
  if (within.empty())
    return {};
  std::vector<u256> prices;
  if (!swap)
    return {within.low};
  for (const auto& request : requests_of(*swap))
    if (auto price = price_before(terms, first, within, request))
      prices.push_back(*price);
  return prices;
}

} // namespace sluice::io
