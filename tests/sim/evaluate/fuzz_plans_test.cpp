// The fuzzer of shared pools and lanes on inputs of chance: the same code as under libFuzzer.
#include "tests/fuzz/plans_input.hpp"
#include "tests/fuzz/seeds.hpp"

#include <gtest/gtest.h>

namespace sluice::test {

TEST(fuzz_plans, plans_of_chance_earn_the_same_in_every_mode) {
  constexpr uint64_t seed = 20'260'104;
  RecordProperty("seed", std::to_string(seed));
  std::mt19937_64 luck{seed};
  size_t swaps = 0, plans = 0, paid = 0, refused = 0;
  for (int game = 0; game < 1000; ++game) {
    const auto end = play_plans(game_seed(luck));
    ASSERT_EQ(end.wrong, "") << "seed " << seed << ", game " << game;
    swaps += end.swaps;
    plans += end.plans;
    paid += end.paid;
    refused += end.refused;
  }
  EXPECT_GT(swaps, 8000U);
  EXPECT_GT(paid, 1000U);
  EXPECT_GT(plans - refused, 5000U);
  EXPECT_GT(refused, 500U);
}

} // namespace sluice::test
