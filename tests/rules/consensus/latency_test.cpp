#include "rules/consensus/latency.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace sluice {

TEST(latency_counts, know_nothing_before_anything_was_measured) {
  EXPECT_EQ(latency_counts{}.total(), 0U);
  EXPECT_EQ(latency_counts{}.quantile_us(0.99), 0U);
}

TEST(latency_counts, put_an_end_of_a_class_into_it) {
  latency_counts x;
  x.add(100);
  x.add(101);
  EXPECT_EQ(x.quantile_us(0.5), 100U);
  EXPECT_EQ(x.quantile_us(1), 200U);
  EXPECT_EQ(x.sum_us, 201U);
}

/// Against all measurements, sorted.
TEST(latency_counts, are_never_below_the_true_quantile_and_within_its_class) {
  constexpr uint32_t seed = 17;
  std::mt19937 rng{seed};
  std::uniform_real_distribution<double> exponent{1, 6.9};
  for (int round = 0; round < 50; ++round) {
    latency_counts x;
    std::vector<uint64_t> all;
    for (int i = 0; i < 1 + round * 7; ++i) {
      all.push_back(static_cast<uint64_t>(std::pow(10.0, exponent(rng))));
      x.add(all.back());
    }
    std::ranges::sort(all);
    for (const double q : {0.0, 0.5, 0.9, 0.99, 1.0}) {
      const auto place = static_cast<size_t>(std::max(1.0, std::ceil(q * all.size()))) - 1;
      const auto true_one = all[place];
      const auto end = *std::ranges::lower_bound(latency_ends_us, true_one);
      EXPECT_EQ(x.quantile_us(q), end) << "seed " << seed << ", round " << round << ", q " << q;
    }
    EXPECT_EQ(x.total(), all.size());
  }
}

TEST(latency_counts, state_the_beginning_of_the_last_class) {
  latency_counts x;
  x.add(99'000'000);
  EXPECT_EQ(x.quantile_us(0.5), latency_ends_us.back());
}

} // namespace sluice
