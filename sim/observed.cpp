#include "sim/evaluate_venue.hpp"
#include "sim/full_math.hpp"
#include "sim/liquidity_amounts.hpp"
#include "sim/observed_share.hpp"
#include "sim/sqrt_price_math.hpp"
#include "sim/tick_math.hpp"

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

  bool covers(const price_span& part) const { return low <= part.low && part.high <= high; }
  bool contains(const u256& price) const { return low <= price && price < high; }
  bool cuts(const price_span& part) const {
    return (part.low < low && low < part.high) || (part.low < high && high < part.high);
  }
  bool contains_tick(int32_t tick) const { return tick_lower <= tick && tick < tick_upper; }
};

class observed_market : public block_venue {
public:
  observed_market(const window& market, bool staked)
    : at_(market.start), staked_(staked),
      liquidity_max_(pool(market.terms.fee, market.terms.tick_spacing).max_liquidity_per_tick()) {}

  price_point price() const override { return at_; }

  void pass(const block_record& block, swap_count& swaps) override {
    if (staked_ && std::exchange(started_, true)) // before that nothing is known of the time
      take_reward(block.reward);
    if (!positions_.empty() && !staked_)
      for (const path_step& step : block.steps)
        earn(step);
    swaps.all += block.swaps.size();
    for (const path_swap& swap : block.swaps)
      swaps.in_range += std::ranges::any_of(
        positions_, [&](const auto& p) { return p.contains_tick(swap.tick); });
    at_ = {block.sqrt_price_x96, block.tick};
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
    return token_amounts{amount0_delta(mid, fresh.high, liquidity, true),
                         amount1_delta(fresh.low, mid, liquidity, true)};
  }

  withdrawal burn(size_t index) override {
    const auto gone = positions_[index];
    positions_.erase(positions_.begin() + static_cast<ptrdiff_t>(index));
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
  token_amounts amounts(const observed_position& p) const {
    return amounts_for_liquidity(at_.sqrt_price_x96, p.low, p.high, p.liquidity);
  }

  /// The positions that contain the tick, `own` together, get floor(amount * own / (staked + own)).
  void take_reward(const path_reward& given) {
    covering_.clear();
    u256 own;
    for (auto& p : positions_)
      if (p.contains_tick(at_.tick)) {
        covering_.push_back(&p);
        own += p.liquidity;
      }
    if (!covering_.empty())
      share(*mul_div(given.amount, own, own + given.staked), own, &observed_position::rewards);
  }

  void earn(const path_step& step) {
    if (step.fee0.is_zero() && step.fee1.is_zero())
      return;
    const auto [low, high] = std::minmax(step.sqrt_price_from_x96, step.sqrt_price_to_x96);
    const price_span whole{low, high};
    bool cut = false;
    for (const auto& p : positions_)
      cut = cut || p.cuts(whole);
    if (!cut) {
      earn_part(step, whole, whole);
      return;
    }
    bounds_.clear();
    bounds_.push_back(whole.low);
    for (const auto& p : positions_)
      for (const u256& bound : {p.low, p.high})
        if (whole.low < bound && bound < whole.high)
          bounds_.push_back(bound);
    bounds_.push_back(whole.high);
    std::ranges::sort(bounds_);
    const auto repeated = std::ranges::unique(bounds_);
    bounds_.erase(repeated.begin(), repeated.end());
    for (size_t i = 0; i + 1 < bounds_.size(); ++i)
      earn_part(step, whole, {bounds_[i], bounds_[i + 1]});
  }

  void earn_part(const path_step& step, const price_span& whole, const price_span& part) {
    covering_.clear();
    u256 own;
    for (auto& p : positions_)
      if (part.low == part.high ? p.contains(part.low) : p.covers(part)) {
        covering_.push_back(&p);
        own += p.liquidity;
      }
    if (covering_.empty())
      return;
    share(part_fee(step.fee0, fee_token::token0, whole, part, own, step.liquidity), own,
          &observed_position::fees0);
    share(part_fee(step.fee1, fee_token::token1, whole, part, own, step.liquidity), own,
          &observed_position::fees1);
  }

  static u256 part_fee(const u256& fee, fee_token paid_in, const price_span& whole,
                       const price_span& part, const u256& own, u128 pool) {
    if (fee.is_zero())
      return {};
    if (part.low == whole.low && part.high == whole.high)
      return *mul_div(fee, own, own + pool); // own / (own + pool) < 1: cannot overflow
    return share_of_part(fee, paid_in, part, whole, own, pool);
  }

  /// Position i gets floor(fee * c(i) / own) - floor(fee * c(i-1) / own), c being the liquidity of
  /// the covering positions up to and including i: the shares sum to the fee exactly.
  void share(const u256& fee, const u256& own, u256 observed_position::*purse) {
    if (fee.is_zero())
      return;
    u256 liquidity;
    u256 given;
    for (auto* p : covering_) {
      liquidity += p->liquidity;
      const u256 until = liquidity == own ? fee : *mul_div(fee, liquidity, own);
      p->*purse += until - given;
      given = until;
    }
  }

  price_point at_;
  bool staked_;
  bool started_ = false;
  u128 liquidity_max_;
  std::vector<observed_position> positions_;
  std::vector<observed_position*> covering_; // scratch of earn_part
  std::vector<u256> bounds_;                 // scratch of earn
};

} // namespace

std::unique_ptr<block_venue> observed_venue(const window& market, bool staked) {
  return std::make_unique<observed_market>(market, staked);
}

} // namespace sluice
