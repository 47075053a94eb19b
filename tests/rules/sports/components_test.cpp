// Worked numbers of facts/mechanisms F, and of the daily parts of a public case.
#include "rules/sports/components.hpp"
#include "rules/sports/entropy.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <vector>

namespace sluice {

TEST(sports_components, compare_odds_with_the_closing_line) {
  const std::vector<odds_pair> all{{2.0, 1.8}, {1.9, 2.0}};
  EXPECT_NEAR(clv_of(all), 1.030555555556, 1e-12);
  const std::vector<odds_pair> some{{2.0, 1.8}, {1.9, std::nullopt}, {3.0, 0.0}};
  EXPECT_NEAR(clv_of(some), 2.0 / 1.8, 1e-12) << "what has no closing odds does not count";
  EXPECT_EQ(clv_of({}), 0);
}

TEST(sports_components, weigh_returns_by_their_risk) {
  const std::array<settled_bet, 1> won{{{100, 2.0, true}}};
  EXPECT_NEAR(risk_of(won), 1.904762, 1e-6);
  const std::array<settled_bet, 2> lost{{{100, 2.0, false}, {10, 20.0, false}}};
  EXPECT_NEAR(risk_of(lost), -6.052609418749, 1e-9) << "the second one is held at -10";
  EXPECT_EQ(risk_of({}), 0);
}

TEST(sports_components, average_returns_by_bet_and_by_money) {
  const std::array<settled_bet, 2> bets{{{100, 2.0, true}, {300, 1.5, false}}};
  EXPECT_DOUBLE_EQ(roi_of(bets), 0.0);
  EXPECT_DOUBLE_EQ(lifetime_roi_of(400, 200), -0.5);
  EXPECT_EQ(lifetime_roi_of(0, 0), 0);
}

TEST(sports_components, mix_the_parts) {
  EXPECT_NEAR(composite_of({}, 1.030555555556, 0.0, 0.162919733348, 0.5), 0.408042586671, 1e-12);
}

TEST(sports_entropy, measures_likeness_to_the_pool) {
  // 0.5 * mean(1/2, 1/3) + 0.4 * mean(1, 0.5) + 0.1 * mean(1, 10/11)
  const std::vector<pool_pick> pool{{2.0, 100, 3600}, {2.1, 50, 0}};
  EXPECT_NEAR(similarity_of({2.0, 100, 7200}, pool), 0.603787878788, 1e-12);
  EXPECT_EQ(similarity_of({2.0, 100, 7200}, {}), 0);
}

TEST(sports_entropy, pays_who_is_against_the_many) {
  EXPECT_NEAR(contrarian_of(4, 10), 0.274596669241, 1e-12);
  EXPECT_EQ(contrarian_of(0, 0), 0.5);
  EXPECT_EQ(contrarian_of(7, 7), -0.5);
  EXPECT_NEAR(raw_entropy_of(0.603787878788, 0.274596669241), -0.252434059576, 1e-12);
}

TEST(sports_entropy, scales_within_the_pool) {
  EXPECT_EQ(scaled_entropy(1, 1, 1), 0);
  EXPECT_EQ(scaled_entropy(1, 1, 3), -10);
  EXPECT_EQ(scaled_entropy(3, 1, 3), 10);
  EXPECT_EQ(scaled_entropy(2, 1, 3), 0);
  EXPECT_DOUBLE_EQ(initial_entropy_of(2.0), 0.5);
}

} // namespace sluice
