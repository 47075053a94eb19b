#include "sim/evaluate/observed_path.hpp"

#include "sim/math/tick_prices.hpp"

#include <algorithm>
#include <unordered_map>

namespace sluice {

namespace {

/// Ticks of prices, most of which come twice in a row.
class tick_finder {
public:
  int32_t at_or_below(const u256& price) {
    if (price != price_) {
      price_ = price;
      tick_ = price.fits_u128() ? tick_at_narrow_price(static_cast<u128>(price), tick_)
                                : tick_at_price(price);
    }
    return tick_;
  }
  int32_t at_or_above(const u256& price) {
    const auto below = at_or_below(price);
    return tick_price(below) == price ? below : below + 1;
  }

private:
  u256 price_;
  int32_t tick_ = 0;
};

struct hash_of_liquidity {
  size_t operator()(u128 x) const {
    return static_cast<size_t>((static_cast<uint64_t>(x) ^ static_cast<uint64_t>(x >> 64))
                               * 0x9e3779b97f4a7c15U);
  }
};

} // namespace

observed_path::observed_path(const window& market) : extents(market) {
  size_t all_steps = 0, all_swaps = 0;
  for (const auto& block : market.blocks) {
    all_steps += block->steps.size();
    all_swaps += block->swaps.size();
  }
  steps.reserve(all_steps);
  swap_tick.reserve(all_swaps);
  for (const auto& block : market.blocks) {
    block_steps.push_back(steps.size());
    block_swaps.push_back(swap_tick.size());
    for (const auto& swap : block->swaps) {
      swap_tick.push_back(swap.tick);
      swap_price.push_back(swap.sqrt_price_x96);
      swap_steps.push_back(static_cast<uint32_t>(steps.size()) + swap.steps_until);
    }
    for (const auto& step : block->steps)
      steps.push_back(&step);
  }
  block_steps.push_back(steps.size());
  block_swaps.push_back(swap_tick.size());

  std::unordered_map<u128, uint32_t, hash_of_liquidity> known;
  tick_finder low_ticks, high_ticks;
  for (const auto* step : steps) {
    const auto [low, high] = std::minmax(step->sqrt_price_from_x96, step->sqrt_price_to_x96);
    floor_tick.push_back(low_ticks.at_or_below(low));
    ceiling_tick.push_back(high_ticks.at_or_above(high));
    for (const auto* fee : {&step->fee0, &step->fee1}) {
      fits = fits && fee->fits_u128();
      narrow = narrow && fits && (static_cast<u128>(*fee) >> 64) == 0;
      (fee == &step->fee0 ? fee0 : fee1).push_back(static_cast<u128>(*fee));
    }
    const auto [at, is_new]
      = known.emplace(step->liquidity, static_cast<uint32_t>(liquidity.size()));
    if (is_new)
      liquidity.push_back(step->liquidity);
    level.push_back(at->second);
  }
  level_until.resize(level.size());
  auto until = static_cast<uint32_t>(level.size());
  for (size_t i = level.size(); i-- > 0;) {
    if (i + 1 < level.size() && level[i] != level[i + 1])
      until = static_cast<uint32_t>(i + 1);
    level_until[i] = until;
  }
}

} // namespace sluice
