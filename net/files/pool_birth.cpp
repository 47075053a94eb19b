#include "net/files/pool_birth.hpp"

#include "net/files/lines.hpp"
#include "sim/sqrt_price_math.hpp"
#include "sim/tick_math.hpp"
#include "sim/window.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

namespace sluice::net {

namespace {

constexpr size_t swaps_tried_max = 256; // that tell one set of terms from another

struct standard_terms {
  uint32_t fee;
  int32_t tick_spacing;
};
constexpr std::array<standard_terms, 4> standards{{{10000, 200}, {3000, 60}, {500, 10}, {100, 1}}};

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

/// What comes before the first swap, and that swap if there is one.
struct opening {
  std::vector<pool_event> before;
  const pool_event* swap = nullptr;
};

opening opening_of(const std::vector<feed_block>& blocks) {
  opening found;
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

/// A pool that began at `price` and saw what came before the first swap.
std::optional<pool> pool_from(const pool_terms& terms, const u256& price, const opening& first) {
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
price_range near_liquidity(price_range within, const opening& first) {
  u256 low = first.swap->sqrt_price_x96;
  u256 high = low;
  for (const auto& event : first.before) {
    low = std::min(low, sqrt_ratio_at_tick(event.tick_lower));
    high = std::max(high, sqrt_ratio_at_tick(event.tick_upper));
  }
  return {std::max(within.low, low - 1), std::min(within.high, high + 1)};
}

/// The first price, if the first swap was asked for as `order`.
std::optional<u256> price_before(const pool_terms& terms, const opening& first, price_range within,
                                 const swap_request& order) {
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

/// All ways in which the first swap could have been asked for.
std::vector<swap_request> ways_of(const pool_event& swap) {
  std::vector<swap_request> ways;
  const bool nothing_moved = swap.amount0.is_zero() && swap.amount1.is_zero();
  for (const bool falls : {true, false}) {
    const auto& in = falls ? swap.amount0 : swap.amount1;
    const auto& out = falls ? swap.amount1 : swap.amount0;
    const u256 no_limit = falls ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
    if (!nothing_moved && (in.is_negative() || in.is_zero()))
      continue;
    if (!nothing_moved)
      ways.push_back({falls, in, no_limit});
    if (out.is_negative())
      ways.push_back({falls, out, no_limit});
    ways.push_back({falls, i256::max(), swap.sqrt_price_x96});
  }
  return ways;
}

/// First prices that agree with everything up to and including the first swap.
std::vector<u256> first_prices(const pool_terms& terms, const opening& first) {
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
  for (const auto& way : ways_of(*swap))
    if (auto price = price_before(terms, first, within, way))
      prices.push_back(*price);
  return prices;
}

/// How far a candidate goes.
struct trial {
  pool_birth birth;
  uint64_t events = 0;        // re-executed as recorded, in whole blocks
  std::optional<fault> wrong; // none: all that was tried
};

trial attempt(const pool_birth& birth, const pool_terms& terms,
              const std::vector<feed_block>& blocks) {
  trial made{birth, 0, {}};
  auto market = replica::of_pool(terms, pool(terms.fee, terms.tick_spacing));
  std::vector<feed_block> front{blocks.front()};
  initialize_at(front, birth.sqrt_price_x96);
  size_t swaps = 0;
  for (size_t i = 0; i < blocks.size() && swaps < swaps_tried_max; ++i) {
    auto record = market.apply(i == 0 ? front.front() : blocks[i]);
    if (!record) {
      made.wrong = record.error();
      return made;
    }
    made.events += blocks[i].events.size();
    for (const auto& swap : (*record)->swaps)
      swaps += swap.steps_until > 0; // an empty pool's swaps count too, they are rare
  }
  return made;
}

/// The fees and spacings that the overrides and the ticks leave.
std::vector<standard_terms>
possible_terms(const std::vector<feed_block>& blocks, const pool_overrides& overrides) {
  if (overrides.fee && overrides.tick_spacing)
    return {{*overrides.fee, *overrides.tick_spacing}};
  std::vector<standard_terms> left;
  for (const auto& x : standards) {
    bool fits = (!overrides.fee || *overrides.fee == x.fee)
                && (!overrides.tick_spacing || *overrides.tick_spacing == x.tick_spacing);
    for (const auto& block : blocks)
      for (const auto& event : block.events)
        if (event.kind == pool_event_kind::mint || event.kind == pool_event_kind::burn)
          fits = fits && event.tick_lower % x.tick_spacing == 0
                 && event.tick_upper % x.tick_spacing == 0;
    if (fits)
      left.push_back(x);
  }
  return left;
}

fault at_first(const std::string& path, const std::vector<feed_block>& blocks,
               std::string_view field, std::string_view expected, std::string_view got,
               std::string_view what_to_do) {
  return bad_line(path, blocks.front().events.front().line, field, expected, got, what_to_do);
}

/// Can the first event be a pool's first?
result<nothing> check_opening(const std::string& path, const std::vector<feed_block>& blocks,
                              const opening& first) {
  constexpr std::string_view what_to_do = "start the file at the pool's first event";
  if (first.before.empty() && !first.swap)
    return at_first(path, blocks, "", "a mint or a swap", "none in the file", what_to_do);
  if (!first.before.empty() && first.before.front().kind == pool_event_kind::burn)
    return at_first(path, blocks, "table", "a mint or a swap first", "a burn", what_to_do);
  const auto* swap = first.before.empty() ? first.swap : nullptr;
  if (swap && swap->liquidity != 0)
    return at_first(path, blocks, "liquidity", "0, as in a pool that nobody has minted in",
                    to_string(u256{swap->liquidity}), what_to_do);
  if (swap && !(swap->amount0.is_zero() && swap->amount1.is_zero()))
    return at_first(path, blocks, "amount0", "0, as in a pool that nobody has minted in",
                    to_string(swap->amount0), what_to_do);
  return nothing{};
}

/// "line 7: swap: ..." as "FILE:7: swap: ...".
std::string placed(const std::string& path, const std::string& what) {
  constexpr std::string_view line = "line ";
  return what.starts_with(line) ? path + ":" + what.substr(line.size()) : path + ": " + what;
}

std::string text_of(const pool_birth& x) {
  return "fee=" + std::to_string(x.fee) + ",tick-spacing=" + std::to_string(x.tick_spacing);
}

} // namespace

void initialize_at(std::vector<feed_block>& blocks, const u256& sqrt_price_x96) {
  pool_event birth;
  birth.kind = pool_event_kind::initialize;
  birth.sqrt_price_x96 = sqrt_price_x96;
  auto& events = blocks.front().events;
  events.insert(events.begin(), birth);
}

result<pool_birth> find_pool_birth(const std::string& path, const std::vector<feed_block>& blocks,
                                   const pool_overrides& overrides) {
  const auto first = opening_of(blocks);
  if (auto checked = check_opening(path, blocks, first); !checked && !overrides.sqrt_price_x96)
    return checked.error();
  const auto candidates = possible_terms(blocks, overrides);
  if (candidates.empty())
    return bad_line(path, 0, "tick_lower",
                    "ticks of a standard pool (fee/tick spacing 100/1, "
                    "500/10, 3000/60, 10000/200)",
                    "others or --pool with only one of the two",
                    "give --pool fee=...,tick-spacing=...");
  std::vector<trial> good;
  std::optional<trial> best;
  for (const auto& [fee, tick_spacing] : candidates) {
    const pool_terms terms{fee, tick_spacing, 18, 18};
    const auto prices = overrides.sqrt_price_x96 ? std::vector<u256>{*overrides.sqrt_price_x96}
                                                 : first_prices(terms, first);
    for (const auto& price : prices) {
      auto tried = attempt({fee, tick_spacing, price}, terms, blocks);
      const bool known
        = std::any_of(good.begin(), good.end(), [&](const trial& x) { return x.birth.fee == fee; });
      if (!tried.wrong && !known)
        good.push_back(tried);
      if (!best || tried.events > best->events)
        best = std::move(tried);
    }
  }
  if (good.size() == 1 || (overrides.fee && overrides.tick_spacing && best))
    return good.empty() ? best->birth : good.front().birth;
  if (good.size() > 1)
    return bad_line(path, 0, "", "swaps that only one pool can have made",
                    text_of(good[0].birth) + " and " + text_of(good[1].birth) + " agree with them",
                    "give --pool fee=...,tick-spacing=...");
  if (!best)
    return at_first(path, blocks, "amount0", "amounts that some first price explains",
                    "amounts that none does", "give --pool sqrt-price-x96=...");
  return fault{ec::bad_input,
               placed(path, best->wrong->what) + "; the best guess was " + text_of(best->birth)
                 + ",sqrt-price-x96=" + to_string(best->birth.sqrt_price_x96)
                 + ": give --pool what is true, or a file that starts at the pool's first event"};
}

} // namespace sluice::net
