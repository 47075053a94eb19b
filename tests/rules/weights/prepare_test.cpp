#include "rules/weights/prepare.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace sluice {
namespace {

TEST(cap_weights, agree_with_recorded_results_of_the_original) {
  const std::vector<double> expected{0.2999998, 0.2999998, 0.2000002, 0.1000001, 0.1000001};
  const auto capped = cap_weights(std::vector<double>{0.5, 0.3, 0.1, 0.05, 0.05}, 0.3);
  ASSERT_EQ(capped.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(capped[i], expected[i], 1e-7) << i;
}

TEST(cap_weights, only_divide_where_nobody_is_above_the_limit) {
  EXPECT_EQ(cap_weights(std::vector<double>{1, 1, 2}, 0.5), (std::vector<double>{0.25, 0.25, 0.5}));
}

TEST(cap_weights, are_uniform_where_the_limit_leaves_nothing_else) {
  EXPECT_EQ(cap_weights(std::vector<double>{3, 1}, 0.5), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(cap_weights(std::vector<double>{0, 0, 0, 0}, 0.9),
            (std::vector<double>{0.25, 0.25, 0.25, 0.25}));
  EXPECT_TRUE(cap_weights(std::vector<double>{}, 0.5).empty());
}

TEST(cap_weights, keep_every_random_vector_below_the_limit_and_in_order) {
  const uint64_t seed = 4711;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int round = 0; round < 500; ++round) {
    std::vector<double> weights(2 + chance() % 40);
    for (auto& x : weights)
      x = chance() % 4 == 0 ? 0 : std::ldexp(static_cast<double>(chance() % 1'000'003), -10);
    weights[0] += 1;
    const double limit = 0.05 + 0.9 * static_cast<double>(chance() % 1000) / 1000;
    const auto capped = cap_weights(weights, limit);
    EXPECT_NEAR(std::accumulate(capped.begin(), capped.end(), 0.0), 1, 1e-9);
    if (static_cast<double>(weights.size()) * limit <= 1)
      continue;
    const auto positive
      = std::count_if(weights.begin(), weights.end(), [](double x) { return x > 0; });
    if (static_cast<double>(positive) * limit > 1.001) {
      EXPECT_LE(*std::max_element(capped.begin(), capped.end()), limit + 1e-6) << limit;
    }
    for (size_t i = 0; i < weights.size(); ++i)
      for (size_t j = 0; j < weights.size(); ++j)
        ASSERT_TRUE(weights[i] > weights[j] || capped[i] <= capped[j] + 1e-15);
  }
}

TEST(prepare_weights, refuse_where_the_original_pays_everybody_the_same) {
  const std::set<miner_uid> registered{{0}, {1}, {2}};
  for (const auto& nothing_in : {weight_vector{}, weight_vector{{{0}, 0.0}, {{1}, 0.0}}}) {
    const auto refused = prepare_weights(nothing_in, registered, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ec::refused);
    EXPECT_NE(refused.error().what.find("nobody has one above 0"), std::string::npos);
  }
  EXPECT_FALSE(prepare_weights({{{0}, 1.0}}, registered, {4, 1}));
  EXPECT_FALSE(prepare_weights({{{0}, -1.0}}, registered, {}));
  EXPECT_FALSE(prepare_weights({{{0}, NAN}}, registered, {}));
}

TEST(prepare_weights, drop_zeros_fill_up_and_cap) {
  const std::set<miner_uid> registered{{0}, {1}, {2}};
  const auto plain = prepare_weights({{{0}, 3.0}, {{1}, 1.0}, {{2}, 0.0}}, registered, {});
  ASSERT_TRUE(plain);
  EXPECT_EQ(*plain, (weight_vector{{{0}, 0.75}, {{1}, 0.25}}));
  const auto filled = prepare_weights({{{0}, 1.0}}, registered, {2, 1});
  ASSERT_TRUE(filled);
  EXPECT_EQ(filled->size(), 3U);
  EXPECT_NEAR(filled->at({1}), 1e-5 / (1 + 3e-5), 1e-12);
  const auto capped = prepare_weights({{{0}, 8.0}, {{1}, 1.0}, {{2}, 1.0}}, registered, {1, 0.5});
  ASSERT_TRUE(capped);
  EXPECT_NEAR(capped->at({0}), 0.5, 1e-6);
}

TEST(quantise_double, rounds_halves_to_even_and_drops_zeros) {
  EXPECT_EQ(quantise_double({{{1}, 1.0}, {{2}, 0.3}, {{3}, 0.7}}),
            (weight_row{{1, 65535}, {2, 19660}, {3, 45874}}));
  EXPECT_EQ(quantise_double({{{1}, 0.9999999}, {{2}, 1e-7}}), (weight_row{{1, 65535}}));
  EXPECT_TRUE(quantise_double({}).empty());
  EXPECT_TRUE(quantise_double({{{1}, 0.0}, {{2}, -1.0}, {{3}, NAN}}).empty());
}

TEST(rate_limit, passes_after_enough_blocks_or_before_the_first_update) {
  EXPECT_TRUE(rate_limit_ok(1100, 1000, 100));
  EXPECT_FALSE(rate_limit_ok(1099, 1000, 100));
  EXPECT_TRUE(rate_limit_ok(5, 0, 100));
  EXPECT_FALSE(rate_limit_ok(5, 6, 1));
  EXPECT_TRUE(rate_limit_ok(1000, 1000, 0));
}

} // namespace
} // namespace sluice
