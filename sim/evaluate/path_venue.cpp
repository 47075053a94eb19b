#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/evaluate/fraction.hpp"
#include "sim/evaluate/observed_path.hpp"
#include "sim/evaluate/observed_share.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_prices.hpp"
#include "sim/pool/liquidity_amounts.hpp"

#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <type_traits>

namespace sluice {

namespace {

struct path_position {
  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  u128 liquidity = 0;
  u256 low; // prices of its bounds
  u256 high;
  token_amounts below; // what it is worth at prices below its range
  token_amounts above;
  token_amounts fees{};
};

/// A position that earns in a zone, with the liquidity of all up to and including it.
struct zone_sharer {
  size_t position = 0;
  u256 until;
  fraction of_zone{}; // `until` of the zone's; not of the last, which gets what is left
};

/// Ticks between two neighbouring bounds of positions, or beyond them: the same ones earn
/// everywhere in it.
struct tick_zone {
  int32_t low = std::numeric_limits<int32_t>::min();
  int32_t high = std::numeric_limits<int32_t>::max();
  std::vector<zone_sharer> sharers{};
  u256 own{}; // their liquidity

  /// The plan's part of a fee at one of the path's levels of liquidity.
  struct known_level {
    uint32_t level = std::numeric_limits<uint32_t>::max();
    bool narrow = false; // 128 bits are enough, and the plan is not alone
    fraction part{};
  };
  static constexpr size_t levels_max = 32; // remembered; the price goes back and forth
  std::vector<known_level> levels{};

  const known_level& at(const observed_path& path, uint32_t level) {
    auto& known = levels[level % levels_max];
    if (known.level != level) {
      known.level = level;
      const u128 pool = path.liquidity[level];
      known.narrow = pool != 0 && (own + pool).fits_u128();
      if (known.narrow)
        known.part = fraction(static_cast<u128>(own), static_cast<u128>(own) + pool);
    }
    return known;
  }
};

/// The observed model for plans that are not staked: what observed_venue answers, from a path that
/// was laid out once for all of them.
class path_market : public window_venue {
public:
  path_market(const window& market, const observed_path& path)
    : at_(market.start), path_(path),
      liquidity_max_(pool(market.terms.fee, market.terms.tick_spacing).max_liquidity_per_tick()) {
    find_zones();
  }

  price_point price() const override { return at_; }

  void pass(const window& market, size_t first, size_t end, swap_count& swaps) override {
    constexpr auto chunk = path_extents::chunk_blocks;
    size_t from = first; // blocks from here on are near
    const auto skips = [&](size_t i, size_t count, const path_extent& where) {
      if (is_near(where))
        return false;
      pass_near(from, i, swaps);
      swaps.all += where.swaps;
      from = i + count;
      return true;
    };
    for (size_t i = first; i < end;)
      if (i % chunk == 0 && i + chunk <= end && skips(i, chunk, path_.extents.chunk(i / chunk)))
        i += chunk;
      else {
        skips(i, 1, path_.extents.block(i));
        ++i;
      }
    pass_near(from, end, swaps);
    if (first < end)
      at_ = {market.blocks[end - 1]->sqrt_price_x96, market.blocks[end - 1]->tick};
  }

  result<token_amounts> mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) override {
    if (liquidity > liquidity_max_)
      return fault{ec::refused, "more liquidity than a tick may hold"};
    const u256 low = tick_price(tick_lower), high = tick_price(tick_upper);
    const path_position fresh{tick_lower,
                              tick_upper,
                              liquidity,
                              low,
                              high,
                              amounts_for_liquidity(low, low, high, liquidity),
                              amounts_for_liquidity(high, low, high, liquidity)};
    const u256 mid = std::clamp(at_.sqrt_price_x96, low, high);
    positions_.push_back(fresh);
    find_zones();
    return token_amounts{amount0_delta(mid, high, liquidity, true),
                         amount1_delta(low, mid, liquidity, true)};
  }

  withdrawal burn(size_t index) override {
    const auto gone = positions_[index];
    positions_.erase(positions_.begin() + static_cast<ptrdiff_t>(index));
    find_zones();
    return {amounts(gone, at_.sqrt_price_x96), gone.fees};
  }

  std::vector<held_position> held() const override {
    std::vector<held_position> all;
    all.reserve(positions_.size());
    for (const auto& p : positions_) {
      const auto [amount0, amount1] = amounts(p, at_.sqrt_price_x96);
      all.push_back({p.tick_lower, p.tick_upper, p.liquidity, amount0, amount1, p.fees.amount0,
                     p.fees.amount1});
    }
    return all;
  }

private:
  static token_amounts amounts(const path_position& p, const u256& price) {
    if (price <= p.low)
      return p.below;
    if (price >= p.high)
      return p.above;
    return amounts_for_liquidity(price, p.low, p.high, p.liquidity);
  }

  bool is_near(const path_extent& where) const {
    return std::ranges::any_of(
      positions_, [&](const auto& p) { return p.low <= where.highest && where.lowest <= p.high; });
  }

  void find_zones() {
    std::vector<int32_t> bounds;
    for (const auto& p : positions_)
      bounds.insert(bounds.end(), {p.tick_lower, p.tick_upper});
    std::ranges::sort(bounds);
    bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
    zones_.assign(1, {});
    for (const int32_t bound : bounds) {
      zones_.back().high = bound;
      zones_.push_back({bound});
    }
    ranges_.clear();
    for (auto& zone : zones_)
      fill(zone);
    here_ = 0;
  }

  void fill(tick_zone& zone) {
    for (size_t n = 0; n < positions_.size(); ++n)
      if (positions_[n].tick_lower <= zone.low && zone.high <= positions_[n].tick_upper) {
        zone.own += positions_[n].liquidity;
        zone.sharers.push_back({n, zone.own});
      }
    if (zone.sharers.empty())
      return;
    zone.levels.resize(tick_zone::levels_max);
    if (zone.own.fits_u128())
      for (size_t i = 0; i + 1 < zone.sharers.size(); ++i)
        zone.sharers[i].of_zone
          = fraction(static_cast<u128>(zone.sharers[i].until), static_cast<u128>(zone.own));
    if (!ranges_.empty() && ranges_.back().second == zone.low)
      ranges_.back().second = zone.high;
    else
      ranges_.emplace_back(zone.low, zone.high);
  }

  /// Blocks that a position is near.
  void pass_near(size_t first, size_t end, swap_count& swaps) {
    if (first >= end)
      return;
    const size_t from = path_.block_swaps[first], to = path_.block_swaps[end];
    if (swaps.by_value) {
      pass_by_value(first, end, swaps);
    } else {
      earn(path_.block_steps[first], path_.block_steps[end]);
      swaps.in_range += in_range(from, to);
    }
    swaps.all += to - from;
  }

  uint64_t in_range(size_t from, size_t to) const {
    uint64_t sum = 0;
    for (const auto& [low, high] : ranges_) {
      const auto width = static_cast<uint32_t>(high) - static_cast<uint32_t>(low);
      uint32_t here = 0;
      for (size_t i = from; i < to; ++i)
        here += static_cast<uint32_t>(path_.swap_tick[i]) - static_cast<uint32_t>(low) < width;
      sum += here;
    }
    return sum;
  }

  void pass_by_value(size_t first, size_t end, swap_count& swaps) {
    size_t earned = path_.block_steps[first];
    for (size_t i = path_.block_swaps[first]; i < path_.block_swaps[end]; ++i) {
      const int32_t tick = path_.swap_tick[i];
      if (std::ranges::none_of(
            ranges_, [tick](const auto& x) { return x.first <= tick && tick < x.second; }))
        continue;
      earn(earned, path_.swap_steps[i]);
      earned = path_.swap_steps[i];
      ++swaps.in_range;
      range_worth worth(swaps.beside);
      for (const auto& p : positions_)
        worth.add(p.tick_lower <= tick && tick < p.tick_upper, amounts(p, path_.swap_price[i]),
                  p.fees);
      swaps.value_shares += worth.share(path_.swap_price[i]);
    }
    earn(earned, path_.block_steps[end]);
  }

  /// The zone that a tick is in.
  size_t zone_of(int32_t tick) {
    while (tick < zones_[here_].low)
      --here_;
    while (tick >= zones_[here_].high)
      ++here_;
    return here_;
  }

  /// The steps from `at` to `end` - 1.
  void earn(size_t at, size_t end) {
    const auto& floor_tick = path_.floor_tick;
    const auto& ceiling_tick = path_.ceiling_tick;
    while (at < end) {
      const size_t index = zone_of(floor_tick[at]);
      auto& zone = zones_[index];
      if (ceiling_tick[at] > zone.high) {
        earn_parts(*path_.steps[at], ceiling_tick[at], index);
        ++at;
        continue;
      }
      const bool empty = zone.sharers.empty();
      const size_t most = empty ? end : std::min<size_t>(end, path_.level_until[at]);
      size_t until = at + 1;
      while (until < most && zone.low <= floor_tick[until] && floor_tick[until] < zone.high
             && ceiling_tick[until] <= zone.high) // a step may stand still on a bound
        ++until;
      if (!empty)
        earn_whole(zone, at, until);
      at = until;
    }
  }

  /// Steps of one level inside of a zone: floor(fee * own / (own + pool)) of each.
  void earn_whole(tick_zone& zone, size_t at, size_t end) {
    const auto& known = zone.at(path_, path_.level[at]);
    if (!known.narrow)
      for (; at < end; ++at)
        earn_widely(zone, *path_.steps[at]);
    else if (path_.narrow)
      earn_narrowly<uint64_t>(zone, known.part, at, end);
    else
      earn_narrowly<u128>(zone, known.part, at, end);
  }

  /// Sums of parts of fees: every fee has at most 64 or 128 bits, and there are below 2^32 of them.
  template <class Fee>
  using sum_of = std::conditional_t<std::same_as<Fee, uint64_t>, u128, u256>;

  template <class Fee>
  void earn_narrowly(const tick_zone& zone, const fraction& part, size_t at, size_t end) {
    using sum = sum_of<Fee>;
    const size_t last = zone.sharers.size() - 1;
    sum all0{}, all1{};
    if (last == 0) {
      for (; at < end; ++at) {
        all0 += sum{part.of(static_cast<Fee>(path_.fee0[at]))};
        all1 += sum{part.of(static_cast<Fee>(path_.fee1[at]))};
      }
      pay(zone.sharers[0], u256{all0}, u256{all1});
      return;
    }
    // Sharer i gets floor(fee * c(i) / own) - floor(fee * c(i-1) / own) of each fee
    // (sim/evaluate/observed.cpp): sums of floors, subtracted once.
    std::vector<std::array<sum, 2>> until(last);
    for (; at < end; ++at) {
      const Fee fee0 = part.of(static_cast<Fee>(path_.fee0[at]));
      const Fee fee1 = part.of(static_cast<Fee>(path_.fee1[at]));
      all0 += sum{fee0};
      all1 += sum{fee1};
      for (size_t i = 0; i < last; ++i) {
        until[i][0] += sum{zone.sharers[i].of_zone.of(fee0)};
        until[i][1] += sum{zone.sharers[i].of_zone.of(fee1)};
      }
    }
    std::array<sum, 2> given{};
    for (size_t i = 0; i < last; ++i) {
      pay(zone.sharers[i], u256{until[i][0] - given[0]}, u256{until[i][1] - given[1]});
      given = until[i];
    }
    pay(zone.sharers[last], u256{all0 - given[0]}, u256{all1 - given[1]});
  }

  void pay(const zone_sharer& whom, const u256& fee0, const u256& fee1) {
    auto& fees = positions_[whom.position].fees;
    fees.amount0 += fee0;
    fees.amount1 += fee1;
  }

  void earn_widely(const tick_zone& zone, const path_step& step) {
    const u256 together = zone.own + step.liquidity; // own is no more: the quotients fit
    share(zone, *mul_div(step.fee0, zone.own, together), *mul_div(step.fee1, zone.own, together));
  }

  /// A step that passes a zone's bounds.
  void earn_parts(const path_step& step, int32_t ceiling, size_t index) {
    const auto [low, high] = std::minmax(step.sqrt_price_from_x96, step.sqrt_price_to_x96);
    const price_span whole{low, high};
    for (; index < zones_.size() && zones_[index].low < ceiling; ++index) {
      const auto& zone = zones_[index];
      if (zone.sharers.empty())
        continue;
      const price_span part{std::max(low, tick_price(zone.low)),
                            std::min(high, tick_price(zone.high))};
      const auto part_of = [&](const u256& fee, fee_token paid_in) {
        return fee.is_zero() ? u256{}
                             : share_of_part(fee, paid_in, part, whole, zone.own, step.liquidity);
      };
      share(zone, part_of(step.fee0, fee_token::token0), part_of(step.fee1, fee_token::token1));
    }
  }

  /// As earn_narrowly for one fee, whatever its size.
  void share(const tick_zone& zone, const u256& fee0, const u256& fee1) {
    token_amounts given;
    for (const auto& sharer : zone.sharers) {
      const auto until = [&](const u256& fee) {
        return sharer.until == zone.own ? fee : *mul_div(fee, sharer.until, zone.own);
      };
      const token_amounts sum{until(fee0), until(fee1)};
      pay(sharer, sum.amount0 - given.amount0, sum.amount1 - given.amount1);
      given = sum;
    }
  }

  price_point at_;
  const observed_path& path_;
  u128 liquidity_max_;
  std::vector<path_position> positions_;
  std::vector<tick_zone> zones_;                    // ascending, without a gap
  size_t here_ = 0;                                 // the zone of the last step
  std::vector<std::pair<int32_t, int32_t>> ranges_; // ticks with a position, ascending, disjoint
};

} // namespace

std::unique_ptr<window_venue> path_venue(const window& market, const observed_path& path) {
  return std::make_unique<path_market>(market, path);
}

} // namespace sluice
