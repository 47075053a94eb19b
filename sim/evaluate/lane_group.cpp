#include "sim/evaluate/lane_group.hpp"

#include "sim/math/fee_growth.hpp"
#include "sim/math/tick_bitmap.hpp"
#include "sim/math/tick_math.hpp"
#include "sim/math/tick_prices.hpp"
#include "sim/math/usual_step.hpp"

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
  if (amount >= narrow_end || !is_possible(order)
      || (order.zero_for_one && !order.sqrt_price_limit_x96.fits_u128()))
    return; // not takeable
  size = static_cast<u128>(amount);
  limit = order.sqrt_price_limit_x96.fits_u128() ? static_cast<u128>(order.sqrt_price_limit_x96)
                                                 : u128_max;
  if (order.amount_specified.is_negative())
    return;
  const u128 whole = size;
  const u128 less_fee = without_fee(whole, pool.fee());
  const auto protocols = pool.start().fee_protocol;
  quick = make_lane_order(order.zero_for_one, less_fee, whole - less_fee,
                          order.zero_for_one ? protocols % 16U : protocols / 16U,
                          order.sqrt_price_limit_x96);
}

/// Some riders, each on a lane or beside it. What a lane earns stays in the lane until the end;
/// what its plan earns beside it is the plan's at once, and the growth is both together.
class lane_group {
public:
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): what is not known yet is not read
  lane_group(std::span<const lane_rider> riders, lane_mode mode) : riders_(riders), mode_(mode) {
    for (size_t i = 0; i < riders_.size(); ++i) {
      by_value_ = by_value_ || riders_[i].swaps->by_value;
      for (auto& known : known_[i])
        known.tick_low = known.tick_high = 0; // no tick
      undetermined_[i] = true;
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
          play_beside(g * lane_count + static_cast<size_t>(std::countr_zero(missed)), n, order);
    }
    for (size_t i = 0; i < riders_.size(); ++i)
      finish(i, orders.size());
  }

private:
  /// Ticks around a plan's between which both of its stops stay the same.
  struct segment {
    int32_t tick_low;
    int32_t tick_high;
    u128 low;
    u128 high;
    u128 liquidity;
    u128 unit_of_token1;    // see take_output1
    double scaled_per_high; // see take_output0
    kept_lane lane;         // when `kept`
    bool kept;
  };

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
    swaps.value_shares
      += plan.share_in_range({{lane_price(all, lane), plan.tick_},
                              {plan.growth_x128_[0] + lane_growth(all, lane, false),
                               plan.growth_x128_[1] + lane_growth(all, lane, true)}},
                             swaps.beside);
  }

  void play_beside(size_t i, size_t number, const shared_order& order) {
    if (bit(on_lane_, i)) {
      // A lane that refuses an input that it could take has reached a stop, but for a few.
      const bool reached
        = order.quick.takeable && (lanes_[i / lane_count].ready >> (i % lane_count) & 1) != 0;
      if (!reached && play_between_stops(i, order))
        return;
      leave(i, number);
    }
    auto& plan = *riders_[i].plan;
    plan.play(order.asked, *riders_[i].swaps, &lanes_[i / lane_count], i % lane_count);
    if (plan.lost_)
      set(on_board_, i, false);
    else
      take_lane(i, number + 1);
  }

  /// One step that stays on the lane: exact outputs do, mostly. Otherwise nothing has happened.
  bool play_between_stops(size_t i, const shared_order& order) {
    auto& plan = *riders_[i].plan;
    const auto& from = known_[i][current_[i]];
    auto& all = lanes_[i / lane_count];
    const size_t lane = i % lane_count;
    const bool z = order.asked.zero_for_one;
    const u128 price = narrow_lane_price(all, lane);
    const u128 stop = z ? from.low : from.high;
    if (order.size == 0 || from.liquidity == 0 || price == stop
        || !(z ? order.limit < stop : order.limit > stop))
      return false;
    u128 next = 0, fee = 0;
    if (!step_between_stops(plan, from, order, price, next, fee))
      return false;
    if (!move_lane(all, lane, next))
      set_lane(all, lane, next, from.low, from.high, from.liquidity);
    const u256 growth = growth_of_narrow(plan.lp_fee(fee, z), plan.here_);
    auto& sum = plan.growth_x128_[z ? 0 : 1];
    sum = sum + growth;
    note_share(i);
    return true;
  }

  /// Where the order moves the price to, and its whole fee; false when that is a stop or beyond, or
  /// not known here.
  static bool step_between_stops(const overlay& plan, const segment& from,
                                 const shared_order& order, u128 price, u128& next, u128& fee) {
    const bool z = order.asked.zero_for_one;
    const bool exact_input = !order.asked.amount_specified.is_negative();
    const u128 stop = z ? from.low : from.high;
    if (!exact_input) {
      usual_step x;
      const auto outcome
        = z ? take_output1(price, stop, plan.here_, order.size, from.unit_of_token1, x)
            : take_output0(price, stop, from.liquidity, order.size, from.scaled_per_high, x);
      if (outcome == usual_outcome::taken) [[likely]] {
        next = x.next;
        fee = fee_on(x.other, plan.pool_->fee());
        return true;
      }
      if (outcome == usual_outcome::reached)
        return false;
    }
    narrow_step step(price, stop, plan.here_, order.size, false, plan.pool_->fee());
    if (!step.take<false>(z, exact_input))
      return false;
    next = step.answer().next;
    fee = step.answer().fee;
    return next != stop;
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
    // A stop that was burned since may have left the tick below the one of its price, for as long
    // as nothing moves; from a lane the tick is found by the price alone.
    if (undetermined_[i]) {
      undetermined_[i]
        = plan.tick_ >= narrow_tick_max || narrow_tick_price(plan.tick_ + 1) <= plan.price_;
      if (undetermined_[i])
        return;
    }
    const bool stays = is_at(i, current_[i]);
    const bool comes_back = !stays && is_at(i, current_[i] ^ 1);
    if (!stays)
      current_[i] ^= 1;
    auto& known = known_[i][current_[i]];
    if (!stays && !comes_back) {
      find_segment(plan, known);
      if (loaded_[i] == &known) // it has what was known here before
        loaded_[i] = nullptr;
    }
    // At a bound a swap that moves nothing would leave a tick that the price alone does not
    // determine.
    if (plan.price_ >= known.high || plan.price_ < known.low)
      return;
    set(on_lane_, i, true);
    from_[i] = number;
    if (loaded_[i] == &known ? !move_lane(all, lane, plan.price_)
                             : !known.kept || !put_kept_lane(all, lane, known.lane, plan.price_)) {
      set_lane(all, lane, plan.price_, known.low, known.high, plan.here_.value());
      known.lane = keep_lane(all, lane);
      known.kept = true;
    }
    loaded_[i] = &known;
  }

  /// The price that the lane came to becomes the plan's, whose tick may stay one of before: any in
  /// the segment has the same next stops. `number` orders were taken in all.
  void leave(size_t i, size_t number) {
    auto& plan = *riders_[i].plan;
    auto& swaps = *riders_[i].swaps;
    set(on_lane_, i, false);
    const size_t count = number - from_[i];
    swaps.all += count;
    swaps.in_range += plan.in_range_ ? count : 0;
    plan.price_ = narrow_lane_price(lanes_[i / lane_count], i % lane_count);
  }

  /// Everything that the lane did is the plan's, which is at its tick again.
  void finish(size_t i, size_t number) {
    auto& plan = *riders_[i].plan;
    if (bit(on_lane_, i)) {
      leave(i, number);
      plan.tick_ = tick_at_narrow_price(plan.price_, plan.tick_);
    }
    for (const bool token1 : {false, true})
      plan.growth_x128_[token1 ? 1 : 0]
        += lane_growth(lanes_[i / lane_count], i % lane_count, token1);
  }

  bool is_at(size_t i, size_t which) const {
    const auto& plan = *riders_[i].plan;
    const auto& x = known_[i][which];
    return plan.tick_ >= x.tick_low && plan.tick_ < x.tick_high
           && plan.here_.value() == x.liquidity;
  }

  static void find_segment(const overlay& plan, segment& found) {
    auto [low, high]
      = span_between_stops(plan.pool_->keys(), plan.below_, plan.tick_, plan.pool_->tick_spacing());
    if (plan.own_below_ > 0)
      low = std::max(low, plan.own_[plan.own_below_ - 1].tick);
    if (plan.own_below_ < plan.own_.size())
      high = std::min(high, plan.own_[plan.own_below_].tick);
    found.tick_low = std::max(low, min_tick);
    found.tick_high = std::min(high, narrow_tick_max);
    found.low = narrow_tick_price(found.tick_low);
    found.high = narrow_tick_price(std::max(found.tick_high, min_tick));
    found.liquidity = plan.here_.value();
    found.unit_of_token1 = found.liquidity == 0 ? 1 : unit_of_token1(plan.here_);
    found.scaled_per_high = scaled_per(found.liquidity, found.high);
    found.kept = false;
  }

  std::span<const lane_rider> riders_;
  lane_mode mode_;
  bool by_value_ = false; // one of them is measured so
  std::array<lanes, groups_max> lanes_{};
  std::array<size_t, riders_max> from_{}; // the first order that was taken on the lane
  std::array<std::array<segment, 2>, riders_max> known_; // where the plan is and where it was
  std::array<uint8_t, riders_max> current_{};            // which of them it is
  std::array<const segment*, riders_max> loaded_{};      // what the lane has
  std::array<bool, riders_max> undetermined_{};          // is the tick another than the price's?
  std::array<uint8_t, groups_max> on_lane_{};
  std::array<uint8_t, groups_max> on_board_{}; // not lost
};

void play_side_by_side(std::span<const lane_rider> riders, std::span<const shared_order> orders,
                       lane_mode mode) {
  for (size_t i = 0; i < riders.size(); i += riders_max)
    lane_group(riders.subspan(i, std::min(riders_max, riders.size() - i)), mode).play(orders);
}

} // namespace sluice
