#include "sim/evaluate/lane_group.hpp"

#include "sim/math/fee_growth.hpp"
#include "sim/math/narrow_step.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/math/tick_prices.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace sluice {

namespace {

/// Riders at a time: pairs of lanes are quickest, and few enough stay in the fastest cache.
constexpr size_t groups_max = 4;
constexpr size_t riders_max = groups_max * lane_count;

/// Is the limit one that the contract takes at some price?
bool is_possible(const swap_request& order) {
  const u256& limit = order.sqrt_price_limit_x96;
  return limit > min_sqrt_ratio && limit < max_sqrt_ratio;
}

} // namespace

shared_order::shared_order(const swap_request& order, const shared_pool& pool) : asked(order) {
  const u256 amount = order.amount_specified.magnitude();
  if (order.amount_specified.is_negative() || amount >= narrow_end || !is_possible(order))
    return; // not takeable
  const auto whole = static_cast<u128>(amount);
  const u128 less_fee = without_fee(whole, pool.fee());
  const auto protocols = pool.start().fee_protocol;
  quick = make_lane_order(order.zero_for_one, less_fee, whole - less_fee,
                          order.zero_for_one ? protocols % 16U : protocols / 16U,
                          order.sqrt_price_limit_x96);
}

/// Some riders, each on a lane or beside it.
class lane_group {
public:
  lane_group(std::span<const lane_rider> riders, lane_mode mode) : riders_(riders), mode_(mode) {
    for (size_t i = 0; i < riders_.size(); ++i) {
      fresh_[i] = true;
      by_value_ = by_value_ || riders_[i].swaps->by_value;
      take_lane(i, 0);
    }
  }

  void play(std::span<const shared_order> orders) {
    const size_t groups = (riders_.size() + lane_count - 1) / lane_count;
    std::array<uint8_t, groups_max> taken{};
    for (size_t n = 0; n < orders.size(); ++n) {
      const auto& order = orders[n];
      taken = on_lane_;
      swap_exact_in({lanes_.data(), groups}, order.quick, {taken.data(), groups}, mode_);
      if (by_value_)
        note_shares(groups, taken);
      for (size_t g = 0; g < groups; ++g)
        for (unsigned missed = on_board_[g] & ~taken[g]; missed != 0; missed &= missed - 1)
          play_beside(g * lane_count + static_cast<size_t>(std::countr_zero(missed)), n,
                      order.asked);
    }
    for (size_t i = 0; i < riders_.size(); ++i)
      if (bit(on_lane_, i))
        leave(i, orders.size());
  }

private:
  static bool bit(const std::array<uint8_t, groups_max>& bits, size_t i) {
    return (bits[i / lane_count] >> (i % lane_count) & 1) != 0;
  }
  static void set(std::array<uint8_t, groups_max>& bits, size_t i, bool on) {
    const auto one = static_cast<uint8_t>(1U << (i % lane_count));
    auto& group = bits[i / lane_count];
    group = static_cast<uint8_t>(on ? group | one : group & ~one);
  }

  /// What was worth how much after the swap that these lanes have taken.
  void note_shares(size_t groups, const std::array<uint8_t, groups_max>& taken) {
    for (size_t g = 0; g < groups; ++g)
      for (unsigned left = taken[g]; left != 0; left &= left - 1)
        note_share(g * lane_count + static_cast<size_t>(std::countr_zero(left)));
  }
  void note_share(size_t i) {
    const auto& plan = *riders_[i].plan;
    auto& swaps = *riders_[i].swaps;
    if (!swaps.by_value || !plan.in_range_)
      return;
    const auto& all = lanes_[i / lane_count];
    const size_t lane = i % lane_count;
    const auto& beside = from_[i].growth_x128;
    swaps.value_shares += plan.share_in_range(
      {{lane_price(all, lane), plan.tick_},
       {lane_growth(all, lane, false) + beside[0], lane_growth(all, lane, true) + beside[1]}},
      swaps.beside);
  }

  void play_beside(size_t i, size_t number, const swap_request& order) {
    if (bit(on_lane_, i)) {
      if (play_between_stops(i, order))
        return;
      leave(i, number);
    }
    auto& plan = *riders_[i].plan;
    plan.play(order, *riders_[i].swaps);
    if (plan.lost_)
      set(on_board_, i, false);
    else
      take_lane(i, number + 1);
  }

  /// One step that stays on the lane: exact outputs do, mostly. Otherwise nothing has happened.
  bool play_between_stops(size_t i, const swap_request& order) {
    const auto& plan = *riders_[i].plan;
    auto& from = from_[i];
    auto& all = lanes_[i / lane_count];
    const size_t lane = i % lane_count;
    const bool z = order.zero_for_one;
    const u256 asked = order.amount_specified.magnitude();
    const u256& limit = order.sqrt_price_limit_x96;
    const u256 price = lane_price(all, lane);
    const u128 stop = z ? from.low : from.high;
    if (plan.here_.value() == 0 || asked >= narrow_end || asked.is_zero() || !is_possible(order)
        || !(z ? limit < u256{stop} : limit > u256{stop}))
      return false;
    const uint32_t fee = plan.pool_->fee();
    narrow_step step(static_cast<u128>(price), stop, plan.here_, static_cast<u128>(asked), false,
                     fee);
    if (!step.take<false>(z, !order.amount_specified.is_negative()))
      return false;
    const auto& done = step.answer();
    const auto growth = growth_of(plan.lp_fee(done.fee, z), plan.here_);
    if (done.next == stop || !growth)
      return false;
    set_lane(all, lane, done.next, from.low, from.high, plan.here_.value());
    from.growth_x128[z ? 0 : 1] += *growth;
    note_share(i);
    return true;
  }

  /// From order `number` on.
  void take_lane(size_t i, size_t number) {
    auto& plan = *riders_[i].plan;
    auto& all = lanes_[i / lane_count];
    const size_t lane = i % lane_count;
    set(on_board_, i, !plan.lost_);
    set(on_lane_, i, false);
    if (plan.lost_)
      return;
    const bool moved_on = fresh_[i] || plan.tick_ < from_[i].tick_low
                          || plan.tick_ >= from_[i].tick_high
                          || plan.here_.value() != all.liquidity[lane];
    if (moved_on)
      find_segment(i);
    // At a bound a swap that moves nothing would leave a tick that the price alone does not
    // determine.
    if (plan.price_ >= from_[i].high || plan.price_ < from_[i].low)
      return;
    set(on_lane_, i, true);
    fresh_[i] = false;
    from_[i].order = number;
    from_[i].growth_x128 = {};
    set_lane(all, lane, plan.price_, from_[i].low, from_[i].high, plan.here_.value());
    set_lane_growth(all, lane, false, plan.growth_x128_[0]);
    set_lane_growth(all, lane, true, plan.growth_x128_[1]);
  }

  /// What the lane did becomes the plan's; `number` orders were taken in all.
  void leave(size_t i, size_t number) {
    auto& plan = *riders_[i].plan;
    auto& swaps = *riders_[i].swaps;
    const auto& all = lanes_[i / lane_count];
    const size_t lane = i % lane_count;
    set(on_lane_, i, false);
    const size_t count = number - from_[i].order;
    if (count == 0)
      return;
    swaps.all += count;
    swaps.in_range += plan.in_range_ ? count : 0;
    const auto price = static_cast<u128>(lane_price(all, lane));
    if (price != plan.price_) {
      plan.price_ = price;
      plan.tick_ = tick_at_narrow_price(price, plan.tick_);
    }
    for (const bool token1 : {false, true})
      plan.growth_x128_[token1 ? 1 : 0]
        = lane_growth(all, lane, token1) + from_[i].growth_x128[token1 ? 1 : 0];
  }

  /// Ticks around the plan's between which both of its stops stay the same.
  void find_segment(size_t i) {
    const auto& plan = *riders_[i].plan;
    const auto keys = plan.pool_->keys();
    const int32_t spacing = plan.pool_->tick_spacing();
    int32_t compressed = plan.tick_ / spacing;
    if (plan.tick_ < 0 && plan.tick_ % spacing != 0)
      --compressed;
    // A word's first tick is a stop downwards, its last one a stop upwards.
    const bool last_of_word = (compressed & 255) == 255;
    int32_t low = (last_of_word ? compressed : compressed & ~255) * spacing;
    int32_t high = (last_of_word ? compressed + 1 : compressed | 255) * spacing;
    if (plan.below_ > 0)
      low = std::max(low, keys[plan.below_ - 1]);
    if (plan.below_ < keys.size())
      high = std::min(high, keys[plan.below_]);
    if (plan.own_below_ > 0)
      low = std::max(low, plan.own_[plan.own_below_ - 1].tick);
    if (plan.own_below_ < plan.own_.size())
      high = std::min(high, plan.own_[plan.own_below_].tick);
    auto& from = from_[i];
    from.tick_low = std::max(low, min_tick);
    from.tick_high = std::min(high, narrow_tick_max);
    from.low = narrow_tick_price(from.tick_low);
    from.high = narrow_tick_price(std::max(from.tick_high, min_tick));
  }

  struct start {
    size_t order = 0; // the first one on the lane
    int32_t tick_low = 0;
    int32_t tick_high = 0;
    u128 low = 0;
    u128 high = 0;
    std::array<u256, 2> growth_x128{}; // of swaps that the plan took beside its lane
  };

  std::span<const lane_rider> riders_;
  lane_mode mode_;
  bool by_value_ = false; // one of them is measured so
  std::array<lanes, groups_max> lanes_{};
  std::array<start, riders_max> from_{};
  std::array<bool, riders_max> fresh_{};
  std::array<uint8_t, groups_max> on_lane_{};
  std::array<uint8_t, groups_max> on_board_{}; // not lost
};

void play_side_by_side(std::span<const lane_rider> riders, std::span<const shared_order> orders,
                       lane_mode mode) {
  for (size_t i = 0; i < riders.size(); i += riders_max)
    lane_group(riders.subspan(i, std::min(riders_max, riders.size() - i)), mode).play(orders);
}

} // namespace sluice
