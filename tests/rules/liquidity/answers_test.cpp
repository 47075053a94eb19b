#include "rules/liquidity/answers.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using enum answer_result;

TEST(refuses_round, only_at_the_opening_and_in_time) {
  constexpr uint64_t second = 1'000'000;
  EXPECT_TRUE(refuses_round(true, 0, 2, 1));
  EXPECT_FALSE(refuses_round(false, 0, 2, 1));
  EXPECT_TRUE(refuses_round(true, 2 * second, 2, 1));
  EXPECT_FALSE(refuses_round(true, 2 * second + 1, 2, 1));
  EXPECT_TRUE(refuses_round(true, 4 * second, 2, 0.5)); // half as fast: block time is longer
  EXPECT_FALSE(refuses_round(true, 4 * second + 1, 2, 0.5));
}

TEST(refuses_round, never_asks_for_less_than_a_second) {
  constexpr uint64_t second = 1'000'000;
  for (const double speed : {0.0, 100.0}) {
    EXPECT_TRUE(refuses_round(true, second, 2, speed)) << speed;
    EXPECT_FALSE(refuses_round(true, second + 1, 2, speed)) << speed;
  }
}

TEST(verdict_of, one_valid_answer_is_enough) {
  EXPECT_EQ(verdict_of(false, {{1, silent}, {2, accepted}, {3, refused}}), miner_verdict::scored);
  EXPECT_EQ(verdict_of(false, {{1, silent}, {2, invalid}, {3, undecodable}, {4, refused}}),
            miner_verdict::failed);
  EXPECT_EQ(verdict_of(false, {}), miner_verdict::failed);
  EXPECT_EQ(verdict_of(true, {{1, refused}}), miner_verdict::refused);
}

} // namespace
} // namespace sluice
