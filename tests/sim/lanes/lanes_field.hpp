/// Lanes beside the numbers that the contract has for them, and chance to fill them with.
#pragma once

#include "sim/lanes/lanes.hpp"
#include "sim/math/fee_growth.hpp"
#include "sim/math/swap_math.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>

namespace sluice::test {

using swap_of_lanes = void (*)(lanes*, size_t, const lane_order&, uint8_t*);

/// What the contract is given of a swap.
struct contract_order {
  bool zero_for_one = false;
  u256 amount;
  uint32_t fee = 0;
  unsigned fee_protocol = 0;
  u256 limit;

  u128 less_fee() const { return static_cast<u128>(*mul_div(amount, 1'000'000 - fee, 1'000'000)); }
  lane_order for_lanes() const {
    const u128 less = less_fee();
    return make_lane_order(zero_for_one, less, static_cast<u128>(amount) - less, fee_protocol,
                           limit);
  }
};

/// One lane, in the numbers of the contract.
struct segment {
  u256 price, low, high;
  u128 liquidity = 0;
  u256 growth[2];

  bool operator==(const segment&) const = default;
};

inline segment segment_of(const lanes& all, size_t lane, segment before) {
  before.price = lane_price(all, lane);
  before.growth[0] = lane_growth(all, lane, false);
  before.growth[1] = lane_growth(all, lane, true);
  return before;
}

/// The contract's step, in its own order; none when it reaches the stop or the limit.
inline std::optional<segment> after(segment at, const contract_order& order) {
  const bool z = order.zero_for_one;
  const u256& stop = z ? at.low : at.high;
  if (z ? order.limit >= at.price || stop > at.price : order.limit <= at.price || stop < at.price)
    return std::nullopt;
  const u256 target = z ? std::max(stop, order.limit) : std::min(stop, order.limit);
  if (target == at.price)
    return std::nullopt;
  const auto step
    = compute_swap_step(at.price, target, at.liquidity, order.amount, true, order.fee);
  if (!step || step->price_next == target)
    return std::nullopt;
  EXPECT_EQ(step->amount_in + step->fee_amount, order.amount);
  u256 lp_fee = step->fee_amount;
  if (order.fee_protocol > 0)
    lp_fee -= step->fee_amount / order.fee_protocol;
  at.price = step->price_next;
  at.growth[z ? 0 : 1] += *growth_of(lp_fee, at.liquidity);
  return at;
}

/// How often lanes were asked for what they could have taken, and how often they did not take it.
struct tally {
  uint64_t possible = 0;
  uint64_t refused = 0;
  uint64_t beyond = 0; // the contract reaches a stop

  double refusal_rate() const {
    return static_cast<double>(refused) / static_cast<double>(possible);
  }
};

class dice {
public:
  explicit dice(uint64_t seed) : random_(seed) {}

  uint64_t below(uint64_t n) { return random_() % n; }
  bool once_in(uint64_t n) { return below(n) == 0; }
  /// Any number of exactly `bits` bits; sometimes a round one.
  u256 wide(unsigned bits) {
    if (bits == 0)
      return {};
    const u256 top = u256{1} << (bits - 1);
    switch (below(12)) {
    case 0:
      return top;
    case 1:
      return top + (top - 1);
    case 2:
      return top + (top >> static_cast<unsigned>(below(bits)));
    default:
      return top
             + (u256::from_limbs({random_(), random_(), random_(), random_()}) >> (256 - bits)
                >> 1);
    }
  }
  u256 of_bits(unsigned least, unsigned most) {
    return wide(least + static_cast<unsigned>(below(most - least + 1)));
  }

private:
  std::mt19937_64 random_;
};

/// Lanes and what they must be.
struct field {
  std::unique_ptr<lanes> all = std::make_unique<lanes>();
  segment at[lane_count];

  void put(size_t lane, const segment& x) {
    at[lane] = x;
    set_lane(*all, lane, x.price, x.low, x.high, x.liquidity);
    set_lane_growth(*all, lane, false, x.growth[0]);
    set_lane_growth(*all, lane, true, x.growth[1]);
    ASSERT_EQ(segment_of(*all, lane, x), x);
  }

  /// Lets lanes swap and compares each with the contract.
  void swap(swap_of_lanes how, const contract_order& order, uint8_t which, tally& count) {
    const auto split = order.for_lanes();
    uint8_t took = which;
    if (split.takeable)
      how(all.get(), 1, split, &took);
    else
      took = 0;
    ASSERT_EQ(took & ~which, 0);
    for (size_t lane = 0; lane < lane_count; ++lane) {
      const auto now = segment_of(*all, lane, at[lane]);
      const bool asked = (which >> lane & 1) != 0;
      if ((took >> lane & 1) == 0) {
        ASSERT_EQ(now, at[lane]) << "a lane that took nothing, " << lane;
        if (asked)
          ++(after(at[lane], order) ? (++count.possible, count.refused) : count.beyond);
        continue;
      }
      const auto right = after(at[lane], order);
      ++count.possible;
      ASSERT_TRUE(right) << describe(lane, order) << "took what the contract does not";
      ASSERT_EQ(to_string(now.price), to_string(right->price)) << describe(lane, order);
      for (int token = 0; token < 2; ++token)
        ASSERT_EQ(to_string(now.growth[token]), to_string(right->growth[token]))
          << describe(lane, order);
      at[lane] = now;
    }
  }

  std::string describe(size_t lane, const contract_order& order) const {
    const auto& x = at[lane];
    return "price " + to_string(x.price) + ", liquidity " + to_string(u256{x.liquidity}) + ", low "
           + to_string(x.low) + ", high " + to_string(x.high) + ", amount "
           + to_string(order.amount) + ", fee " + std::to_string(order.fee) + ", 1/"
           + std::to_string(order.fee_protocol) + (order.zero_for_one ? " down " : " up ");
  }
};

} // namespace sluice::test
