/// Random pools and swaps, played on the engine and on its straight form side by side.
#pragma once

#include "sim/math/tick_math.hpp"
#include "straight_pool.hpp"

#include <algorithm>
#include <random>
#include <string>

namespace sluice::test {

/// What a hunt has met. Counts from 0, added up over all calls. Errors: none.
struct hunt_count {
  uint64_t swaps = 0; // that went through
  uint64_t reverts = 0;
  uint64_t steps = 0;
  uint64_t crossed = 0;
  uint64_t pools = 0;
};

/// Numbers of all sizes from a seed.
class any_number {
public:
  /// `seed`: any number of 64 bits.
  explicit any_number(uint64_t seed) : source_(seed) {}

  /// 0 to end - 1; `end` must not be 0. Not checked.
  uint64_t below(uint64_t end) { return source_() % end; }
  /// True once in `n` on average; `n` must not be 0. Not checked.
  bool one_in(uint64_t n) { return below(n) == 0; }
  /// A number of exactly `bits` bits (0 for none), often near a power of two. `bits`: 0 to 256. Not
  /// checked.
  u256 bits(unsigned bits) {
    if (bits == 0)
      return {};
    u256 x = u256::from_limbs({source_(), source_(), source_(), source_()});
    if (one_in(16))
      x = one_in(2) ? u256::max() : u256{};
    return (x >> (256 - bits)) | (u256{1} << (bits - 1));
  }
  /// A number of 0 to `most` bits, `most` up to 256. Not checked.
  u256 up_to_bits(unsigned most) { return bits(static_cast<unsigned>(below(most + 1))); }

private:
  std::mt19937_64 source_;
};

class swap_hunt {
public:
  /// `seed`: any number of 64 bits.
  explicit swap_hunt(uint64_t seed) : luck_(seed) {}

  /// Plays `swaps` swaps on one random pool; empty when nothing differs. `swaps`: from 0.
  std::string play(uint64_t swaps, hunt_count& count) {
    pool fast = random_pool();
    pool quiet = fast; // nobody observes: another loop
    straight_pool straight(fast);
    uint32_t now = 1'700'000'000;
    ++count.pools;
    for (uint64_t i = 0; i < swaps; ++i) {
      now += luck_.one_in(3) ? static_cast<uint32_t>(luck_.below(20)) : 0;
      const auto order = random_order(fast);
      listener observed_fast, observed_straight;
      const auto got = fast.swap(order, now, {}, &observed_fast);
      const auto unobserved = quiet.swap(order, now);
      const auto expected = straight.swap(order, now, &observed_straight);
      std::string why;
      if (got.why() != expected.why())
        why = "revert " + std::string{reason(got.why())} + " against "
              + std::string{reason(expected.why())};
      else if (got && *got != *expected)
        why = "amounts";
      else if (observed_fast.sum != observed_straight.sum)
        why = "steps";
      else if (unobserved.why() != got.why() || (got && *unobserved != *got) || !(quiet == fast))
        why = "the result depends on the observer";
      else
        why = straight.difference(fast);
      count.swaps += got ? 1 : 0;
      count.reverts += got ? 0 : 1;
      count.steps += observed_fast.steps;
      count.crossed += observed_fast.crossed;
      if (!why.empty())
        return "swap " + std::to_string(i) + " (" + (order.zero_for_one ? "down " : "up ")
               + to_string(order.amount_specified) + " until "
               + to_string(order.sqrt_price_limit_x96) + "): " + why;
    }
    return {};
  }

  /// Fees from 0 to 999,999 hundredths of a basis point, spacings from 1 to 200; it is initialized.
  pool random_pool() {
    struct tier {
      uint32_t fee;
      int32_t spacing;
    };
    static constexpr tier tiers[]{{100, 1},      {500, 10}, {3000, 60},
                                  {10'000, 200}, {0, 10},   {999'999, 7}};
    const auto& chosen = tiers[luck_.one_in(8) ? luck_.below(6) : luck_.below(4)];
    const auto spacing = chosen.spacing; // clang 14 lets no lambda take a structured binding
    // Mostly prices that tokens have; now and then the ends of the scale.
    const auto reach = luck_.one_in(6) ? int64_t{887'000} : int64_t{420'000};
    const auto start = static_cast<int32_t>(
      static_cast<int64_t>(luck_.below(2 * static_cast<uint64_t>(reach))) - reach);
    start_ = start;
    pool made(chosen.fee, spacing);
    u256 price = sqrt_ratio_at_tick(start);
    if (!luck_.one_in(4))
      price = price + luck_.bits(price.bit_width() > 20 ? price.bit_width() - 14 : 1);
    (void)made.initialize(std::min(price, max_sqrt_ratio - 1), 1'700'000'000);
    (void)made.increase_observation_cardinality_next(5);
    if (luck_.one_in(4))
      (void)made.set_fee_protocol(static_cast<uint8_t>(4 + luck_.below(7)), 5, true);
    const unsigned size = 1 + static_cast<unsigned>(luck_.below(118));
    const auto aligned = [&](int64_t tick) {
      const int64_t edge = max_tick / spacing * spacing;
      return static_cast<int32_t>(std::clamp(tick / spacing * spacing, -edge, edge));
    };
    const auto ranges = 1 + luck_.below(12);
    for (uint64_t i = 0; i < ranges; ++i) {
      const auto wide = int64_t{spacing} << (1 + luck_.below(11));
      const auto lower
        = aligned(start - static_cast<int64_t>(luck_.below(static_cast<uint64_t>(wide))));
      const auto upper = aligned(
        lower + spacing + static_cast<int64_t>(luck_.below(2 * static_cast<uint64_t>(wide))));
      const auto amount = static_cast<u128>(
        luck_.bits(std::max(1U, size - static_cast<unsigned>(luck_.below(std::min(size, 8U))))));
      (void)made.mint({static_cast<uint8_t>(i)}, lower, upper, amount, 1'700'000'000);
    }
    return made;
  }

  /// Sizes around what moves the price a little, with all sorts of exceptions. Amounts in smallest
  /// units below 2^255; the limit is Q64.96 and may be one that the pool refuses (SPL).
  swap_request random_order(const pool& at) {
    const auto& state = at.state();
    swap_request order;
    // Mostly back to where liquidity is.
    order.zero_for_one = luck_.one_in(5) ? luck_.one_in(2) : state.tick > start_;
    const bool input = !luck_.one_in(3);
    const bool in_token0 = order.zero_for_one == input;
    const int depth = static_cast<int>(u256{state.liquidity}.bit_width());
    const int price = static_cast<int>(state.sqrt_price_x96.bit_width());
    int bits = (in_token0 ? depth + 96 - price : depth + price - 96) + 1
               - static_cast<int>(luck_.below(26));
    if (state.liquidity == 0)
      bits = 1 + static_cast<int>(luck_.below(40));
    if (luck_.one_in(12))
      bits = static_cast<int>(luck_.below(130));
    if (luck_.one_in(60))
      bits = 255;
    const u256 size = luck_.bits(static_cast<unsigned>(std::clamp(bits, 1, 255)));
    order.amount_specified = input ? i256::from_u256(size) : -i256::from_u256(size);
    const u256 end = order.zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
    order.sqrt_price_limit_x96 = end;
    if (!luck_.one_in(50)) // not through all the empty words
      order.sqrt_price_limit_x96 = sqrt_ratio_at_tick(
        std::clamp(start_ + (order.zero_for_one ? -1 : 1) * 3000 * at.tick_spacing(), min_tick + 1,
                   max_tick - 1));
    if (luck_.one_in(4)) {
      const u256 slip = state.sqrt_price_x96 >> static_cast<unsigned>(luck_.below(24));
      const u256 near
        = order.zero_for_one ? state.sqrt_price_x96 - slip : state.sqrt_price_x96 + slip;
      order.sqrt_price_limit_x96 = order.zero_for_one ? std::max(near, end) : std::min(near, end);
    }
    if (luck_.one_in(10)) { // a limit on a tick
      const auto tick = std::clamp(state.tick + static_cast<int32_t>(luck_.below(400)) - 200,
                                   min_tick + 1, max_tick - 1);
      order.sqrt_price_limit_x96 = sqrt_ratio_at_tick(tick / at.tick_spacing() * at.tick_spacing());
    }
    return order;
  }

private:
  /// A checksum over everything that a swap reports.
  struct listener : swap_observer {
    void on_step(const swap_step& x) override {
      ++steps;
      for (const auto* part : {&x.sqrt_price_from_x96, &x.sqrt_price_to_x96, &x.amount_in,
                               &x.amount_out, &x.fee_amount, &x.lp_fee})
        sum = sum * 31 + *part;
      sum = sum * 31 + x.liquidity;
    }
    void on_cross(int32_t tick) override {
      ++crossed;
      sum = sum * 37 + static_cast<uint32_t>(tick);
    }
    u256 sum;
    uint64_t steps = 0;
    uint64_t crossed = 0;
  };

  any_number luck_;
  int32_t start_ = 0; // tick around which liquidity lies
};

} // namespace sluice::test
