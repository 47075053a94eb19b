#include "io/pool/pool_initialization.hpp"

#include "io/pool/first_price.hpp"
#include "io/text/lines.hpp"
#include "sim/evaluate/window.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

namespace sluice::io {

namespace {

struct standard_terms {
  uint32_t fee;
  int32_t tick_spacing;
};
constexpr std::array<standard_terms, 4> standards{{{10000, 200}, {3000, 60}, {500, 10}, {100, 1}}};
constexpr std::array<standard_terms, 5> slipstream_standards{
  {{10000, 2000}, {3000, 200}, {500, 100}, {500, 50}, {100, 1}}};

/// How far a candidate goes.
struct trial {
  pool_initialization initialization;
  uint64_t events = 0;        // re-executed as recorded, in whole blocks
  std::optional<fault> wrong; // none: all that was tried
};

trial attempt(const pool_initialization& initialization, const pool_terms& terms,
              const std::vector<feed_block>& blocks) {
  trial made{initialization, 0, {}};
  auto market = replica::of_pool(terms);
  std::vector<feed_block> front{blocks.front()};
  initialize_at(front, initialization.sqrt_price_x96);
  size_t swaps = 0;
  for (size_t i = 0; i < blocks.size() && swaps < decisive_swaps; ++i) {
    auto record = market.apply(i == 0 ? front.front() : blocks[i]);
    if (!record) {
      made.wrong = record.error();
      return made;
    }
    made.events += blocks[i].events.size();
    swaps += decisive_swaps_in(blocks[i]);
  }
  return made;
}

/// The fees and spacings that the overrides and the ticks leave.
std::vector<standard_terms>
possible_terms(const std::vector<feed_block>& blocks, const pool_overrides& overrides,
               pool_kind kind, int32_t ticks_beyond) {
  if (overrides.fee && overrides.tick_spacing)
    return {{*overrides.fee, *overrides.tick_spacing}};
  const bool slipstream = kind == pool_kind::slipstream;
  const std::span<const standard_terms> all
    = slipstream ? std::span<const standard_terms>{slipstream_standards} : standards;
  std::vector<standard_terms> left;
  for (auto x : all) {
    if (slipstream) // where the fee is only what the pool starts with
      x.fee = overrides.fee.value_or(x.fee);
    bool fits = (!overrides.fee || *overrides.fee == x.fee)
                && (!overrides.tick_spacing || *overrides.tick_spacing == x.tick_spacing)
                && ticks_beyond % x.tick_spacing == 0;
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
                              const pool_opening& first) {
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

std::string text_of(const pool_initialization& x) {
  return "fee=" + std::to_string(x.fee) + ",tick-spacing=" + std::to_string(x.tick_spacing);
}

} // namespace

size_t decisive_swaps_in(const feed_block& block) {
  return static_cast<size_t>(std::ranges::count_if(block.events, [](const pool_event& event) {
    return event.kind == pool_event_kind::swap && event.liquidity != 0; // else it shows nothing
  }));
}

void initialize_at(std::vector<feed_block>& blocks, const u256& sqrt_price_x96) {
  pool_event initialization;
  initialization.kind = pool_event_kind::initialize;
  initialization.sqrt_price_x96 = sqrt_price_x96;
  auto& events = blocks.front().events;
  events.insert(events.begin(), initialization);
}

result<pool_initialization>
find_pool_initialization(const std::string& path, const std::vector<feed_block>& blocks,
                         const pool_overrides& overrides, pool_terms known, int32_t ticks_beyond) {
  const auto first = opening_of(blocks);
  if (auto checked = check_opening(path, blocks, first); !checked && !overrides.sqrt_price_x96)
    return checked.error();
  const auto candidates = possible_terms(blocks, overrides, known.kind, ticks_beyond);
  if (candidates.empty())
    return bad_line(path, 0, "tick_lower",
                    known.kind == pool_kind::slipstream
                      ? "ticks of a standard pool (tick spacing 1, 50, 100, 200, 2000)"
                      : "ticks of a standard pool (fee/tick spacing 100/1, 500/10, 3000/60, "
                        "10000/200)",
                    "others or --pool with only one of the two",
                    "give --pool fee=...,tick-spacing=...");
  std::vector<trial> good;
  std::optional<trial> best;
  for (const auto& [fee, tick_spacing] : candidates) {
    auto terms = known;
    terms.fee = fee;
    terms.tick_spacing = tick_spacing;
    const auto prices = overrides.sqrt_price_x96 ? std::vector<u256>{*overrides.sqrt_price_x96}
                                                 : first_prices(terms, first);
    for (const auto& price : prices) {
      auto tried = attempt({fee, tick_spacing, price}, terms, blocks);
      const bool counted = std::any_of(good.begin(), good.end(), [&](const trial& x) {
        return x.initialization.tick_spacing == terms.tick_spacing; // with one price or another
      });
      if (!tried.wrong && !counted)
        good.push_back(tried);
      if (!best || tried.events > best->events)
        best = std::move(tried);
    }
  }
  if (good.size() == 1 || (overrides.fee && overrides.tick_spacing && best))
    return good.empty() ? best->initialization : good.front().initialization;
  if (good.size() > 1)
    return bad_line(path, 0, "", "swaps that only one pool can have made",
                    text_of(good[0].initialization) + " and " + text_of(good[1].initialization)
                      + " agree with them",
                    "give --pool fee=...,tick-spacing=...");
  if (!best)
    return at_first(path, blocks, "amount0", "amounts that some first price explains",
                    "amounts that none does", "give --pool sqrt-price-x96=...");
  return fault{ec::bad_input,
               placed(path, best->wrong->what)
                 + "; no standard pool made these swaps (nearest: " + text_of(best->initialization)
                 + "): give --pool fee=...,tick-spacing=..., or start the "
                 + "file at the pool's first event"
                 + (known.kind == pool_kind::slipstream
                      ? ""
                      : ", or give kind=slipstream if it is a pool of Aerodrome or Velodrome")};
}

} // namespace sluice::io
