#include "sim/math/tick_math.hpp"
#include "tests/sim/lanes/lanes_field.hpp"

namespace sluice {
namespace {

using namespace test;

constexpr uint32_t fees[] = {0, 100, 500, 3000, 10'000};

contract_order random_order(dice& chance) {
  contract_order x;
  x.zero_for_one = chance.once_in(2);
  x.fee = fees[chance.below(5)];
  x.fee_protocol = chance.once_in(2) ? 0 : 4 + static_cast<unsigned>(chance.below(7));
  x.limit = x.zero_for_one ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1;
  return x;
}

/// An input that moves `price` by about `share` bits less than itself.
u256 input_for(dice& chance, const segment& x, bool zero_for_one, unsigned share) {
  const u256 whole = zero_for_one ? (u256{x.liquidity} << 96) / x.price
                                  : mul_div(x.price, x.liquidity, q96).value();
  return (whole >> share) + chance.below(3);
}

/// Segments and orders of all widths.
void anything(swap_of_lanes how, uint64_t seed, int rounds, tally& count) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  dice chance(seed);
  field lines;
  for (int i = 0; i < rounds; ++i) {
    const unsigned price_bits = 33 + static_cast<unsigned>(chance.below(100));
    const unsigned liquidity_bits = 20 + static_cast<unsigned>(chance.below(94));
    for (size_t lane = 0; lane < lane_count; ++lane) {
      segment x;
      x.price = chance.of_bits(price_bits - 1, price_bits);
      x.liquidity = static_cast<u128>(chance.of_bits(liquidity_bits - 1, liquidity_bits));
      const unsigned reach = static_cast<unsigned>(chance.below(12));
      x.low = x.price - (x.price >> (1 + reach)) + chance.below(2);
      x.high = x.price + (x.price >> reach) + chance.below(2);
      x.growth[0] = chance.of_bits(0, 256);
      x.growth[1] = chance.of_bits(0, 256);
      lines.put(lane, x);
    }
    const auto many = chance.below(6);
    for (uint64_t swap = 0; swap <= many; ++swap) {
      auto order = random_order(chance);
      const auto& like = lines.at[chance.below(lane_count)];
      order.amount = chance.once_in(8) ? chance.of_bits(0, 108)
                                       : input_for(chance, like, order.zero_for_one,
                                                   static_cast<unsigned>(chance.below(40)));
      if (!order.amount.fits_u128())
        continue;
      if (chance.once_in(8))
        order.limit = order.zero_for_one ? like.price - (like.price >> chance.below(20) >> 1)
                                         : like.price + (like.price >> chance.below(20));
      lines.swap(how, order, static_cast<uint8_t>(chance.below(256)), count);
      if (::testing::Test::HasFatalFailure())
        return;
    }
  }
}

/// Stops exactly where a swap ends, and one to either side.
void borders(swap_of_lanes how, uint64_t seed, int rounds, tally& count) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  dice chance(seed);
  field lines;
  for (int i = 0; i < rounds; ++i) {
    auto order = random_order(chance);
    segment x;
    x.price = chance.of_bits(70, 127);
    x.liquidity = static_cast<u128>(chance.of_bits(40, 110));
    x.low = x.price >> 1;
    x.high = x.price << 1;
    order.amount
      = input_for(chance, x, order.zero_for_one, 5 + static_cast<unsigned>(chance.below(30)));
    const auto free = order.amount.bit_width() > 108 ? std::nullopt : after(x, order);
    if (!free)
      continue;
    for (size_t lane = 0; lane < lane_count; ++lane) {
      auto& bound = order.zero_for_one ? x.low : x.high;
      bound = free->price + lane - 3;
      lines.put(lane, x);
    }
    if (chance.once_in(4)) {
      order.limit = free->price + chance.below(4) - 2;
      for (size_t lane = 0; lane < lane_count; ++lane) {
        x.low = x.price >> 1;
        x.high = x.price << 1;
        lines.put(lane, x);
      }
    }
    lines.swap(how, order, 255, count);
    if (::testing::Test::HasFatalFailure())
      return;
  }
}

/// Quotients that leave nothing, or nearly: liquidity and price of few bits.
void round_numbers(swap_of_lanes how, uint64_t seed, int rounds, tally& count) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  dice chance(seed);
  field lines;
  for (int i = 0; i < rounds; ++i) {
    auto order = random_order(chance);
    const auto shift = static_cast<unsigned>(chance.below(60));
    order.amount = u256{1 + chance.below(1000)} << static_cast<unsigned>(chance.below(60));
    for (size_t lane = 0; lane < lane_count; ++lane) {
      segment x;
      x.price = u256{(1 + chance.below(9))} << (80 + static_cast<unsigned>(chance.below(40)));
      x.liquidity = u128{1 + chance.below(9)} << (30 + shift);
      x.low = x.price - (x.price >> 4);
      x.high = x.price + (x.price >> 4);
      lines.put(lane, x);
    }
    lines.swap(how, order, 255, count);
    if (::testing::Test::HasFatalFailure())
      return;
  }
}

/// 2^-power modulo an odd number.
u256 inverse_of_power(unsigned power, const u256& odd) {
  u256 x = 1;
  for (unsigned i = 0; i < power; ++i)
    x = (static_cast<uint64_t>(x) % 2 == 0 ? x : x + odd) >> 1;
  return x;
}

/// Moves whose exact size is a whole number, or next to one.
void whole_moves(swap_of_lanes how, uint64_t seed, int rounds, tally& count) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  dice chance(seed);
  field lines;
  for (int i = 0; i < rounds; ++i) {
    contract_order order{chance.once_in(2), {}, 0, 0, min_sqrt_ratio + 1};
    segment x;
    if (order.zero_for_one) {
      // Of p * 2^s down to m * 2^s with a liquidity of k * p * m.
      const auto part = 20 + static_cast<unsigned>(chance.below(14));
      const u256 p = chance.wide(part), difference = 1 + chance.below(1U << 14);
      const u256 k = chance.of_bits(1, 110 - 2 * part);
      constexpr unsigned widest[] = {83, 103, 103, 127}; // where each form errs most
      const auto s = chance.once_in(2) ? widest[chance.below(4)] - part
                                       : 44 + static_cast<unsigned>(chance.below(50));
      x.liquidity = static_cast<u128>(k * p * (p - difference));
      x.price = p << s;
      order.amount = (k * difference << 96) >> s;
    } else {
      x.liquidity = static_cast<u128>(chance.of_bits(30, 95)) | 1;
      x.price = chance.of_bits(97, 127);
      const u256 whole = inverse_of_power(96, x.liquidity); // of less_fee * 2^96, 1 is left over
      order.amount = *mul_div(whole, 1 + chance.below(4), 1) % x.liquidity;
      if (chance.once_in(2))
        order.amount = u256{x.liquidity} - order.amount; // the same is missing
      order.limit = max_sqrt_ratio - 1;
    }
    order.amount += chance.once_in(2) ? 0 : chance.below(3) - 1;
    x.low = x.price >> 2;
    x.high = x.price << 1;
    lines.put(chance.below(lane_count), x);
    lines.swap(how, order, 255, count);
    if (::testing::Test::HasFatalFailure())
      return;
  }
}

/// A pool as there are many: what its trades are worth, and its stops.
struct usual_pool {
  unsigned price_bits, liquidity_bits;
};
// WETH/USDC, two of the same kind, USDC/WETH, two with six decimals, a coin of little worth.
constexpr usual_pool usual[] = {{82, 64}, {96, 75}, {111, 64}, {96, 50}, {81, 86}, {112, 86}};

/// Paths of many swaps between stops a per cent apart; most trades move the price by 2^-12 to
/// 2^-22.
void market_like(swap_of_lanes how, uint64_t seed, int rounds, tally& count) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  dice chance(seed);
  for (const auto& kind : usual) {
    field lines;
    for (int i = 0; i < rounds; ++i) {
      const u256 price = chance.wide(kind.price_bits) + chance.below(1'000'000);
      const auto liquidity = static_cast<u128>(chance.wide(kind.liquidity_bits));
      for (size_t lane = 0; lane < lane_count; ++lane) {
        segment x;
        x.price = price + chance.below(1U << 30);
        x.liquidity = liquidity + chance.below(1U << 30);
        x.low = price - price / 100;
        x.high = price + price / 100;
        lines.put(lane, x);
      }
      for (int swap = 0; swap < 20; ++swap) {
        auto order = random_order(chance);
        order.amount = input_for(chance, lines.at[0], order.zero_for_one,
                                 12 + static_cast<unsigned>(chance.below(10)));
        order.amount -= order.amount / (2 + chance.below(100));
        if (order.fee != 0)
          lines.swap(how, order, 255, count);
        if (::testing::Test::HasFatalFailure())
          return;
      }
    }
  }
}

class lanes_test : public ::testing::TestWithParam<bool> {
protected:
  void SetUp() override {
    if (GetParam() && !lanes_in_registers())
      GTEST_SKIP() << "this processor has no AVX-512 IFMA";
    how_ = GetParam() ? lockstep::swap_in_registers : lockstep::swap_in_turns;
  }
  swap_of_lanes how_ = nullptr;
};

} // namespace

TEST_P(lanes_test, swap_of_any_width_as_the_contract) {
  tally count;
  for (uint64_t seed = 1; seed <= 4 && !HasFatalFailure(); ++seed)
    anything(how_, seed, 4000, count);
  EXPECT_GT(count.possible, 50'000U);
  EXPECT_GT(count.beyond, 5000U);
  RecordProperty("possible", std::to_string(count.possible));
  RecordProperty("refused", std::to_string(count.refused));
}

TEST_P(lanes_test, leave_every_stop_and_limit_to_the_loop) {
  tally count;
  borders(how_, 11, 20'000, count);
  EXPECT_GT(count.possible, 30'000U);
  EXPECT_GT(count.beyond, 30'000U);
}

TEST_P(lanes_test, divide_round_numbers) {
  tally count;
  round_numbers(how_, 21, 20'000, count);
  EXPECT_GT(count.possible, 20'000U);
}

TEST_P(lanes_test, know_a_whole_move_from_nearly_one) {
  tally count;
  whole_moves(how_, 41, 20'000, count);
  EXPECT_GT(count.possible, 20'000U);
}

TEST_P(lanes_test, know_a_whole_growth_from_nearly_one) {
  dice chance(51);
  int taken = 0;
  for (int i = 0; i < 5000; ++i) {
    lanes all{};
    const auto liquidity = static_cast<u128>(chance.of_bits(40, 100)) | 1;
    set_lane(all, 0, u256{1} << 100, u256{1} << 99, u256{1} << 101, liquidity);
    u256 fee = inverse_of_power(128, liquidity) * (1 + chance.below(3)) % liquidity;
    fee = (chance.once_in(2) ? u256{liquidity} - fee : fee) + chance.below(3) - 1;
    const auto order
      = make_lane_order(true, 1'000'000, static_cast<u128>(fee), 0, min_sqrt_ratio + 1);
    uint8_t took = 1;
    how_(&all, 1, order, &took);
    const auto right = took == 0 ? u256{} : *growth_of(fee, liquidity);
    ASSERT_EQ(to_string(lane_growth(all, 0, false)), to_string(right)) << i;
    taken += took;
  }
  EXPECT_GT(taken, 3000);
}

TEST_P(lanes_test, take_nearly_every_usual_trade) {
  tally count;
  market_like(how_, 31, 100, count);
  EXPECT_GT(count.possible, 50'000U);
  EXPECT_LT(count.refusal_rate(), 0.01);
  RecordProperty("possible", std::to_string(count.possible));
  RecordProperty("refused", std::to_string(count.refused));
}

TEST_P(lanes_test, lose_no_growth_in_many_swaps) {
  field lines;
  tally count;
  segment x{u256{3} << 81, u256{2} << 81, u256{4} << 81, (u128{1} << 40) + 12'345, {}};
  for (size_t lane = 0; lane < lane_count; ++lane) {
    x.growth[0] = x.growth[1] = u256{} - lane; // about to wrap
    lines.put(lane, x);
  }
  for (int i = 0; i < 20'000 && !HasFatalFailure(); ++i)
    lines.swap(how_,
               {i % 2 == 0, u256{i % 2 == 0 ? 1'000'003 : 80}, 500'000, 0,
                i % 2 == 0 ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1},
               255, count);
  EXPECT_GT(count.possible, 150'000U);
}

TEST_P(lanes_test, see_how_far_an_order_is_beyond_every_price) {
  // A random run found the first: a move by exactly 2^156, three limbs and nothing in them.
  for (unsigned bits = 60; bits < 104; ++bits)
    for (const unsigned liquidity_bits : {25U, 30U, 35U, 44U, 60U, 61U, 80U})
      for (const unsigned price_bits : {70U, 93U, 110U}) {
        field lines;
        tally count;
        const u256 price = (u256{1} << price_bits) + 12'345;
        lines.put(3, {price, price >> 1, price << 1, u128{1} << liquidity_bits, {}});
        for (const bool down : {true, false})
          lines.swap(how_,
                     {down, u256{1} << bits, 0, 0, down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1},
                     8, count);
      }
}

INSTANTIATE_TEST_SUITE_P(both, lanes_test, ::testing::Bool(), [](const auto& param) {
  return std::string(param.param ? "in_registers" : "in_turns");
});

TEST(lanes, take_nothing_that_they_cannot_hold) {
  field lines;
  tally count;
  const u256 price = u256{1} << 96;
  const u128 much = u128{1} << 70;
  lines.put(0, {u256{1} << 128, u256{1} << 127, u256{1} << 129, much, {}});
  lines.put(1, {u256{1} << 159, u256{1} << 150, (u256{1} << 160) - 1, much, {}});
  lines.put(2, {price, price >> 1, price << 1, 0, {}});
  lines.put(3, {price, price >> 1, price << 1, (u128{1} << 25) - 1, {}});
  lines.put(4, {price, price >> 1, price << 1, u128{1} << 112, {}});
  lines.put(5, {price, price >> 1, price << 1, u128_max, {}});
  lines.put(6, {u256{1} << 40, u256{1} << 39, u256{1} << 41, much, {}});
  for (const bool down : {true, false})
    lines.swap(lockstep::swap_in_turns,
               {down, u256{1'000'000}, 500, 0, down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1}, 127,
               count);
  EXPECT_EQ(count.refused + count.beyond, 14U);
}

/// Lanes that were moved, and lanes that were kept and put again, beside lanes set anew.
TEST(lanes, moved_and_put_again_are_as_set_anew) {
  dice luck(20261130);
  const auto same = [](const lanes& a, const lanes& b, size_t lane) {
    const auto kept_a = keep_lane(a, lane), kept_b = keep_lane(b, lane);
    for (size_t k = 0; k < 5; ++k)
      EXPECT_TRUE(kept_a.per_liquidity_112[k] == kept_b.per_liquidity_112[k]
                  && kept_a.per_liquidity_96[k] == kept_b.per_liquidity_96[k]
                  && kept_a.per_liquidity_128[k] == kept_b.per_liquidity_128[k]);
    for (size_t k = 0; k < 3; ++k)
      EXPECT_TRUE(kept_a.low[k] == kept_b.low[k] && kept_a.high[k] == kept_b.high[k]);
    EXPECT_TRUE(kept_a.scaled == kept_b.scaled && kept_a.per_scaled == kept_b.per_scaled
                && kept_a.liquidity == kept_b.liquidity && kept_a.ready == kept_b.ready
                && kept_a.wide == kept_b.wide && kept_a.fine == kept_b.fine
                && kept_a.thin == kept_b.thin && kept_a.coarse[0] == kept_b.coarse[0]
                && kept_a.coarse[1] == kept_b.coarse[1]);
    EXPECT_EQ(lane_price(a, lane), lane_price(b, lane));
    EXPECT_EQ(narrow_lane_price(a, lane), static_cast<u128>(lane_price(a, lane)));
    return !testing::Test::HasFailure();
  };
  const auto anew = std::make_unique<lanes>();
  const auto moved = std::make_unique<lanes>();
  int by_moving = 0, by_putting = 0;
  for (int i = 0; i < 20'000; ++i) {
    const size_t lane = luck.below(lane_count);
    const u256 low = luck.of_bits(34, 127);
    const u256 high = low + (low >> static_cast<unsigned>(1 + luck.below(20))) + 2;
    const auto between
      = [&] { return low + luck.of_bits(0, 127) % (std::min(high, u256{u128_max}) - low); };
    const auto liquidity = static_cast<u128>(luck.of_bits(20, 115));
    set_lane(*moved, lane, between(), low, high, liquidity);
    const auto kept = keep_lane(*moved, lane);
    for (const bool put : {false, true}) {
      const auto price = static_cast<u128>(between());
      if (put) // others have been here meanwhile
        set_lane(*moved, lane, low * 2, low, low * 3, liquidity / 2 + 77);
      const bool done
        = put ? put_kept_lane(*moved, lane, kept, price) : move_lane(*moved, lane, price);
      (put ? by_putting : by_moving) += done ? 1 : 0;
      if (!done)
        continue;
      set_lane(*anew, lane, price, low, high, liquidity);
      ASSERT_TRUE(same(*moved, *anew, lane)) << "case " << i;
    }
  }
  EXPECT_GT(by_moving, 10'000);
  EXPECT_GT(by_putting, 10'000);
}

TEST(lanes, take_no_order_without_an_input_or_with_too_much) {
  const u256 far = min_sqrt_ratio + 1;
  EXPECT_FALSE(make_lane_order(true, 0, 1, 0, far).takeable);
  EXPECT_TRUE(make_lane_order(true, 1, 0, 0, far).takeable);
  EXPECT_TRUE(make_lane_order(true, (u128{1} << 104) - 1, 0, 0, far).takeable);
  EXPECT_FALSE(make_lane_order(true, u128{1} << 104, 0, 0, far).takeable);
  EXPECT_FALSE(make_lane_order(true, 1, u128{1} << 104, 0, far).takeable);
}

TEST(lanes, take_a_row_of_lanes_as_each_alone) {
  std::vector<lanes> row(5), alone(5);
  for (size_t i = 0; i < row.size(); ++i)
    for (size_t lane = 0; lane < lane_count; ++lane)
      for (auto* all : {&row[i], &alone[i]})
        set_lane(*all, lane, (u256{1} << 96) + i, u256{1} << 95, u256{1} << 97,
                 (u128{1} << (60 + i)) + lane);
  for (uint64_t i = 0; i < 100; ++i) {
    const bool down = i % 3 == 0;
    const auto order = make_lane_order(down, 1'000'003 * (i + 1), 501 * (i + 1), 0,
                                       down ? min_sqrt_ratio + 1 : max_sqrt_ratio - 1);
    std::vector<uint8_t> which(row.size(), 0xb7);
    swap_exact_in(row, order, which);
    for (size_t j = 0; j < row.size(); ++j) {
      EXPECT_EQ(swap_exact_in(alone[j], order, 0xb7), which[j]);
      EXPECT_EQ(which[j], 0xb7);
      for (size_t lane = 0; lane < lane_count; ++lane)
        EXPECT_EQ(lane_price(row[j], lane), lane_price(alone[j], lane));
    }
  }
}

} // namespace sluice
