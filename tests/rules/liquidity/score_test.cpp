#include "rules/liquidity/score.hpp"
#include "tests/rules/odd_numbers.hpp"
#include "tests/rules/recorded.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace sluice {

namespace {

using test::bits;
using test::number;

plan_metrics metrics(u256 initial, u256 final, double loss, double in_range) {
  plan_metrics m;
  m.initial_value = initial;
  m.final_value = final;
  m.impermanent_loss = loss;
  m.in_range_ratio = in_range;
  return m;
}

TEST(ratio, is_the_correctly_rounded_quotient) {
  const auto cases = test::recorded("rules-numbers.json").at("ratio");
  ASSERT_GE(cases.size(), 300U);
  for (const auto& x : cases)
    EXPECT_EQ(ratio(number(x[0]), number(x[1])), bits(x[2])) << x;
}

/// The quotient digit by digit, as ratio() found it until 0.2.0, and its rounding.
double ratio_by_digits(const u256& num, const u256& den) {
  if (den.is_zero() || num.is_zero())
    return 0;
  constexpr int wanted = 64;
  const int num_bits = static_cast<int>(num.bit_width());
  const int den_bits = static_cast<int>(den.bit_width());
  const int scale = wanted - (num_bits - den_bits); // quotient = floor(num * 2^scale / den)
  u128 quotient = 0;
  bool sticky = false;
  if (scale <= 0) {
    const u256 divisor = den << static_cast<unsigned>(-scale);
    quotient = static_cast<u128>(num / divisor);
    sticky = !(num % divisor).is_zero();
  } else {
    const int up = std::max(den_bits - num_bits, 0);
    u256 rest = num << static_cast<unsigned>(up);
    quotient = static_cast<u128>(rest / den);
    rest = rest % den;
    for (int left = scale - up; left > 0; --left) {
      const bool carry = rest.bit_width() == 256;
      rest = rest << 1;
      const bool one = carry || rest >= den;
      if (one)
        rest = rest - den; // wraps to the right value when the shift lost a bit
      quotient = quotient << 1 | (one ? 1U : 0U);
    }
    sticky = !rest.is_zero();
  }
  int bits = 0;
  for (u128 x = quotient; x != 0; x >>= 1)
    ++bits;
  const int drop = bits - 53;
  const u128 rest = quotient & ((u128{1} << drop) - 1);
  const u128 half = u128{1} << (drop - 1);
  auto mantissa = static_cast<uint64_t>(quotient >> drop);
  if (rest > half || (rest == half && (sticky || mantissa % 2 == 1)))
    ++mantissa;
  return std::ldexp(static_cast<double>(mantissa), drop - scale);
}

TEST(ratio, of_edges_and_random_numbers_is_what_digit_by_digit_comes_out) {
  std::vector<u256> edges{0, u256::max()};
  for (const unsigned bit : {0U, 1U, 52U, 53U, 54U, 63U, 64U, 65U, 127U, 128U, 129U, 191U, 192U,
                             193U, 254U, 255U})
    for (const int off : {-1, 0, 1})
      edges.push_back(off < 0 ? (u256{1} << bit) - 1 : (u256{1} << bit) + u256(off));
  const u256 tie = (u256{1} << 54) + 2; // with 54 bits: half of the last of 53
  for (const unsigned up : {0U, 1U, 7U, 100U, 190U, 201U})
    for (const u256& x : {tie, tie + 1, tie - 1, tie + 2, tie + 3, tie + 4})
      edges.push_back(x << up);
  for (const auto& a : edges)
    for (const auto& b : edges)
      ASSERT_EQ(ratio(a, b), ratio_by_digits(a, b)) << to_string(a) << " / " << to_string(b);
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  const auto some = [&] {
    const auto x = u256::from_limbs({chance(), chance(), chance(), chance()});
    return x >> static_cast<unsigned>(chance() % 256);
  };
  for (int i = 0; i < 1'000'000; ++i) {
    const u256 a = some();
    const u256 b = i % 4 == 0 ? a + u256{chance() % 3} : some(); // near 1 as well
    ASSERT_EQ(ratio(a, b), ratio_by_digits(a, b)) << to_string(a) << " / " << to_string(b);
  }
}

TEST(ratio, of_nothing_is_nothing) {
  EXPECT_EQ(ratio(5, 0), 0);
  EXPECT_EQ(ratio(0, 5), 0);
  EXPECT_EQ(ratio(0, 0), 0);
}

TEST(ratio, of_small_numbers_is_what_the_processor_divides) {
  constexpr unsigned seed = 11;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t a = chance() >> (11 + chance() % 50);
    const uint64_t b = (chance() >> (11 + chance() % 50)) | 1;
    ASSERT_EQ(ratio(a, b), static_cast<double>(a) / static_cast<double>(b)) << a << " / " << b;
  }
}

TEST(value_in_token1, is_exact_and_saturates) {
  const auto cases = test::recorded("rules-numbers.json").at("value");
  ASSERT_GE(cases.size(), 100U);
  for (const auto& x : cases)
    EXPECT_EQ(value_in_token1(number(x[0]), number(x[1]), number(x[2])), number(x[3])) << x;
}

TEST(value_in_token1, at_price_one_is_the_sum) {
  EXPECT_EQ(value_in_token1(3, 4, u256{1} << 96), u256{7});
  EXPECT_EQ(value_in_token1(3, 4, 0), u256{4});
}

TEST(impermanent_loss, agrees_with_exact_integers) {
  const auto cases = test::recorded("rules-numbers.json").at("loss");
  for (const auto& x : cases)
    EXPECT_EQ(impermanent_loss(number(x[0]), number(x[1]), number(x[2])), bits(x[3])) << x;
}

TEST(impermanent_loss, is_never_negative_and_0_without_a_hodl_value) {
  EXPECT_EQ(impermanent_loss(0, 0, 0), 0);
  EXPECT_EQ(impermanent_loss(0, 5, 9), 0);
  EXPECT_EQ(impermanent_loss(100, 150, 10), 0);
  EXPECT_EQ(impermanent_loss(100, 100, 10), 0.1);
}

TEST(impermanent_loss, stays_defined_when_fees_exceed_the_value) {
  EXPECT_EQ(impermanent_loss(100, 10, 30), 1.2);
  EXPECT_EQ(impermanent_loss(u256::max(), 0, u256::max()), 1.0); // saturated
}

TEST(score, agrees_with_the_reference) {
  const auto cases = test::recorded("rules-numbers.json").at("score");
  ASSERT_GE(cases.size(), 300U);
  for (const auto& x : cases)
    EXPECT_DOUBLE_EQ(score(metrics(number(x[0]), number(x[1]), bits(x[2]), bits(x[3]))), bits(x[4]))
      << x;
}

TEST(score, nothing_at_the_start_is_the_worst_score) {
  EXPECT_EQ(score(metrics(0, 100, 0, 1)), -100);
  EXPECT_EQ(score(metrics(0, 0, 0, 0)), -100);
}

TEST(score, always_in_range_is_worth_eight_percent) {
  EXPECT_DOUBLE_EQ(score(metrics(100, 150, 0, 0)), 0.46);
  EXPECT_DOUBLE_EQ(score(metrics(100, 150, 0, 1)), 0.5);
}

TEST(score, a_loss_with_impermanent_loss_scores_lower) {
  EXPECT_LT(score(metrics(100, 90, 0.1, 1)), score(metrics(100, 90, 0, 1)));
  EXPECT_LT(score(metrics(100, 110, 0.1, 1)), score(metrics(100, 110, 0, 1)));
}

TEST(score, stays_within_its_bounds) {
  EXPECT_EQ(score(metrics(1, 1'000'000, 0, 1)), 10);
  EXPECT_EQ(score(metrics(100, 1, 1, 1)), -100);
  EXPECT_EQ(score(metrics(100, 50, 1e9, 1)), -100); // the penalty underflows to 0
  EXPECT_EQ(score(metrics(100, 100, 1e9, 1)), 0);
}

TEST(score, what_is_not_a_number_is_the_worst_score) {
  EXPECT_EQ(score(metrics(100, 110, not_a_number, 1)), -100);
  EXPECT_EQ(score(metrics(100, 110, 0, not_a_number)), -100);
  EXPECT_EQ(score(metrics(100, 110, infinity, infinity)), -100);
}

TEST(score, follows_the_configured_terms) {
  const score_terms terms{1, 2, 0.5, 0.5, -3, 0.75};
  EXPECT_DOUBLE_EQ(score(metrics(100, 120, 0.5, 0), terms), 0.2 * std::exp(-1.0) * 0.5);
  EXPECT_EQ(score(metrics(100, 900, 0, 1), terms), 0.75);
  EXPECT_EQ(score(metrics(0, 900, 0, 1), terms), -3);
}

TEST(score, by_value_a_loss_is_no_larger_for_what_was_in_range) {
  score_terms terms;
  terms.range = range_measure::value;
  EXPECT_EQ(range_factor(0.5, 0.25, terms), 0.92 + 0.08 * 0.25);
  EXPECT_EQ(range_factor(0, 0.25, terms), 0.92 + 0.08 * 0.25);
  EXPECT_EQ(range_factor(-0.5, 0.25, terms), 0.92 + 0.08 * 0.75);
  EXPECT_EQ(range_factor(-0.5, 0.25, {}), 0.92 + 0.08 * 0.25) << "the original rule";
  EXPECT_EQ(score(metrics(100, 150, 0, 0.25), terms), 0.5 * (0.92 + 0.08 * 0.25));
  EXPECT_EQ(score(metrics(100, 50, 0, 0.25), terms), -0.5 * (0.92 + 0.08 * 0.75));
  EXPECT_EQ(score(metrics(100, 50, 0, 0.25)), -0.5 * (0.92 + 0.08 * 0.25));
  EXPECT_EQ(score(metrics(100, 50, 0, not_a_number), terms), -100);
}

TEST(rank, goes_by_score_then_combined_score_then_lower_uid) {
  const auto ranked = rank({{{7}, 1, 0}, {{3}, 2, 0}, {{5}, 1, 0.5}, {{2}, 1, 0}, {{1}, -4, 9}});
  EXPECT_EQ(ranked, (std::vector<miner_uid>{{3}, {5}, {2}, {7}, {1}}));
}

TEST(rank, puts_what_is_not_a_number_last) {
  const auto ranked = rank({{{1}, not_a_number, 0}, {{2}, -100, not_a_number}, {{3}, -100, 0}});
  EXPECT_EQ(ranked, (std::vector<miner_uid>{{3}, {2}, {1}}));
}

TEST(rank, of_nobody_is_empty) {
  EXPECT_TRUE(rank({}).empty());
}

} // namespace

} // namespace sluice
