#include "sim/evaluate/evaluate_venue.hpp"
#include "sim/evaluate/observed_share.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/sqrt_price_math.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/pool/liquidity_amounts.hpp"

#include <algorithm>
#include <utility>

namespace sluice {

namespace {

/// A position with the prices of its bounds: low <= price < high is in range.
struct observed_position {
  int32_t tick_lower = 0;
  int32_t tick_upper = 0;
  u128 liquidity = 0;
  u256 low;
  u256 high;
  u256 fees0;
  u256 fees1;
  u256 rewards{};

  bool contains_tick(int32_t tick) const { return tick_lower <= tick && tick < tick_upper; }
};

/// Positions that share a fee: each with the liquidity of all up to and including it.
struct sharer {
  size_t position = 0;
  u256 liquidity_until;
};

/// Prices between two neighbouring bounds of positions: the same ones earn everywhere in it.
struct zone {
  u256 low;
  u256 high;
  std::vector<sharer> sharers{};
  u256 own{};            // their liquidity
  stretch own_divisor{}; // the same while it fits 128 bits, else 0
  stretch together{};    // with the pool's at the last step, if that fits too

  bool narrow() const { return own_divisor.value() != 0; }
};

class observed_market : public block_venue {
public:
  observed_market(const window& market, bool staked, const path_extents* extents)
    : at_(market.start), staked_(staked), extents_(extents),
      liquidity_max_(pool(market.terms.fee, market.terms.tick_spacing).max_liquidity_per_tick()) {}

  price_point price() const override { return at_; }

  void pass(const block_record& block, swap_count& swaps) override {
    if (staked_ && std::exchange(started_, true)) // before that nothing is known of the time
      take_reward(block.reward);
    size_t steps = 0;
    for (const path_swap& swap : block.swaps) {
      for (; steps < swap.steps_until; ++steps)
        take(block.steps[steps]);
      count({swap.sqrt_price_x96, swap.tick}, swaps);
    }
    for (; steps < block.steps.size(); ++steps)
      take(block.steps[steps]);
    at_ = {block.sqrt_price_x96, block.tick};
  }

  void pass(const window& market, size_t first, size_t end, swap_count& swaps) override {
    if (!extents_)
      return block_venue::pass(market, first, end, swaps);
    constexpr auto chunk = path_extents::chunk_blocks;
    for (size_t i = first; i < end;) {
      const bool whole = i % chunk == 0 && i + chunk <= end;
      if (whole && skip(extents_->chunk(i / chunk), *market.blocks[i + chunk - 1], swaps)) {
        i += chunk;
        continue;
      }
      if (!skip(extents_->block(i), *market.blocks[i], swaps))
        pass(*market.blocks[i], swaps);
      ++i;
    }
  }

  result<token_amounts> mint(int32_t tick_lower, int32_t tick_upper, u128 liquidity) override {
    if (liquidity > liquidity_max_)
      return fault{ec::refused, "more liquidity than a tick may hold"};
    observed_position fresh{tick_lower,
                            tick_upper,
                            liquidity,
                            sqrt_ratio_at_tick(tick_lower),
                            sqrt_ratio_at_tick(tick_upper),
                            {},
                            {}};
    const u256 mid = std::clamp(at_.sqrt_price_x96, fresh.low, fresh.high);
    positions_.push_back(fresh);
    find_zones();
    return token_amounts{amount0_delta(mid, fresh.high, liquidity, true),
                         amount1_delta(fresh.low, mid, liquidity, true)};
  }

  withdrawal burn(size_t index) override {
    const auto gone = positions_[index];
    positions_.erase(positions_.begin() + static_cast<ptrdiff_t>(index));
    find_zones();
    return {amounts(gone), {gone.fees0, gone.fees1}, gone.rewards};
  }

  u256 rewards(size_t index) const override { return positions_[index].rewards; }

  std::vector<held_position> held() const override {
    std::vector<held_position> all;
    all.reserve(positions_.size());
    for (const auto& p : positions_) {
      const auto [amount0, amount1] = amounts(p);
      all.push_back({p.tick_lower, p.tick_upper, p.liquidity, amount0, amount1, p.fees0, p.fees1});
    }
    return all;
  }

private:
  token_amounts amounts(const observed_position& p) const { return amounts_at(at_, p); }
  static token_amounts amounts_at(const price_point& at, const observed_position& p) {
    return amounts_for_liquidity(at.sqrt_price_x96, p.low, p.high, p.liquidity);
  }

  /// A swap that ended there.
  void count(const price_point& at, swap_count& swaps) const {
    ++swaps.all;
    if (std::ranges::none_of(positions_, [&](const auto& p) { return p.contains_tick(at.tick); }))
      return;
    ++swaps.in_range;
    if (!swaps.by_value)
      return;
    range_worth worth(swaps.beside);
    for (const auto& p : positions_)
      worth.add(p.contains_tick(at.tick), amounts_at(at, p), {p.fees0, p.fees1});
    swaps.value_shares += worth.share(at.sqrt_price_x96);
  }

  /// Passes blocks that no position is near; false when one is.
  bool skip(const path_extent& where, const block_record& last, swap_count& swaps) {
    for (const auto& p : positions_)
      if (p.low <= where.highest && where.lowest <= p.high)
        return false;
    swaps.all += where.swaps;
    at_ = {last.sqrt_price_x96, last.tick};
    started_ = true;
    return true;
  }

  void find_zones() {
    bounds_.clear();
    for (const auto& p : positions_) {
      bounds_.push_back(p.low);
      bounds_.push_back(p.high);
    }
    std::ranges::sort(bounds_);
    bounds_.erase(std::unique(bounds_.begin(), bounds_.end()), bounds_.end());
    zones_.clear();
    for (size_t i = 0; i + 1 < bounds_.size(); ++i) {
      zone all{bounds_[i], bounds_[i + 1]};
      for (size_t n = 0; n < positions_.size(); ++n)
        if (positions_[n].low <= all.low && all.high <= positions_[n].high) {
          all.own += positions_[n].liquidity;
          all.sharers.push_back({n, all.own});
        }
      if (all.own.fits_u128())
        all.own_divisor = stretch(static_cast<u128>(all.own));
      zones_.push_back(std::move(all));
    }
  }

  /// The positions that contain the tick, `own` together, get floor(amount * own / (staked + own)).
  void take_reward(const path_reward& given) {
    zone here;
    for (size_t n = 0; n < positions_.size(); ++n)
      if (positions_[n].contains_tick(at_.tick)) {
        here.own += positions_[n].liquidity;
        here.sharers.push_back({n, here.own});
      }
    if (!here.sharers.empty())
      share(*mul_div(given.amount, here.own, here.own + given.staked), here,
            &observed_position::rewards);
  }

  void take(const path_step& step) {
    if (!zones_.empty() && !staked_ && (!step.fee0.is_zero() || !step.fee1.is_zero()))
      earn(step);
  }

  void earn(const path_step& step) {
    const auto [low, high] = std::minmax(step.sqrt_price_from_x96, step.sqrt_price_to_x96);
    if (high < zones_.front().low || low >= zones_.back().high)
      return;
    size_t i = 0; // the last zone that does not begin above the step
    while (i + 1 < zones_.size() && zones_[i + 1].low <= low)
      ++i;
    if (zones_[i].low <= low && high <= zones_[i].high) {
      earn_whole(step, zones_[i]);
      return;
    }
    const price_span whole{low, high};
    for (; i < zones_.size() && zones_[i].low < high; ++i)
      earn_part(step, whole, zones_[i]);
  }

  /// A step inside a zone: floor(fee * own / (own + pool)).
  void earn_whole(const path_step& step, zone& where) {
    if (where.sharers.empty())
      return;
    const u256 together = where.own + step.liquidity;
    const bool narrow
      = where.narrow() && together.fits_u128() && step.fee0.fits_u128() && step.fee1.fits_u128();
    if (narrow && where.together.value() != static_cast<u128>(together))
      where.together = stretch(static_cast<u128>(together));
    const auto earn_one = [&](const u256& fee, u256 observed_position::*fee_accumulator) {
      if (fee.is_zero())
        return;
      if (narrow)
        share_narrowly(
          of_product(static_cast<u128>(fee), where.own_divisor.value(), where.together), where,
          fee_accumulator);
      else
        share(*mul_div(fee, where.own, together), where,
              fee_accumulator); // own / together < 1: fits
    };
    earn_one(step.fee0, &observed_position::fees0);
    earn_one(step.fee1, &observed_position::fees1);
  }

  /// A step that passes a zone's bounds.
  void earn_part(const path_step& step, const price_span& whole, const zone& where) {
    if (where.sharers.empty())
      return;
    const price_span part{std::max(whole.low, where.low), std::min(whole.high, where.high)};
    if (!step.fee0.is_zero())
      share(share_of_part(step.fee0, fee_token::token0, part, whole, where.own, step.liquidity),
            where, &observed_position::fees0);
    if (!step.fee1.is_zero())
      share(share_of_part(step.fee1, fee_token::token1, part, whole, where.own, step.liquidity),
            where, &observed_position::fees1);
  }

  /// floor(a * b / divisor), b being no more than the divisor.
  static u128 of_product(u128 a, u128 b, const stretch& divisor) {
    const u256 product = multiply_128(a, b);
    return divisor.divide(static_cast<u128>(product >> 128), static_cast<u128>(product)).value;
  }

  /// Position i gets floor(fee * c(i) / own) - floor(fee * c(i-1) / own), c being the liquidity of
  /// the sharers up to and including i: the shares sum to the fee exactly.
  void share(const u256& fee, const zone& among, u256 observed_position::*fee_accumulator) {
    u256 given;
    for (const auto& [n, until] : among.sharers) {
      const u256 sum = until == among.own ? fee : *mul_div(fee, until, among.own);
      positions_[n].*fee_accumulator += sum - given;
      given = sum;
    }
  }
  void share_narrowly(u128 fee, const zone& among, u256 observed_position::*fee_accumulator) {
    u128 given = 0;
    const size_t last = among.sharers.size() - 1;
    for (size_t i = 0; i <= last; ++i) {
      const auto& [n, until] = among.sharers[i];
      const u128 sum
        = i == last ? fee : of_product(fee, static_cast<u128>(until), among.own_divisor);
      positions_[n].*fee_accumulator += u256{sum - given};
      given = sum;
    }
  }

  price_point at_;
  bool staked_;
  bool started_ = false;
  const path_extents* extents_;
  u128 liquidity_max_;
  std::vector<observed_position> positions_;
  std::vector<zone> zones_;  // ascending, from the lowest bound to the highest
  std::vector<u256> bounds_; // scratch of find_zones
};

} // namespace

std::unique_ptr<block_venue>
observed_venue(const window& market, bool staked, const path_extents* extents) {
  return std::make_unique<observed_market>(market, staked, extents);
}

} // namespace sluice
