#include "rules/sports/tier_weights.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <tuple>
#include <vector>

namespace sluice {
namespace {

double sum_of(const std::map<miner_uid, double>& weights) {
  double sum = 0;
  for (const auto& [uid, weight] : weights)
    sum += weight;
  return sum;
}

TEST(sports_weights, pay_the_better_more) {
  const std::vector<tier_ranked> all{
    {miner_uid{0}, 1, 0.1}, {miner_uid{1}, 1, 0.4}, {miner_uid{2}, 2, -3}, {miner_uid{3}, 0, 9}};
  const auto weights = tier_weights(all, {});
  EXPECT_EQ(weights.at(miner_uid{3}), 0) << "tier 0 is paid nothing";
  const auto whole = 1 + std::exp(6.0) + std::exp(12.0) + 0.15;
  EXPECT_NEAR(weights.at(miner_uid{0}), 1 / whole, 1e-15);
  EXPECT_NEAR(weights.at(miner_uid{1}), std::exp(6.0) / whole, 1e-12);
  EXPECT_NEAR(weights.at(miner_uid{2}), (std::exp(12.0) + 0.15) / whole, 1e-12)
    << "a higher tier wins whatever its score";
}

TEST(sports_weights, of_the_original_are_the_wrong_way_round) {
  // BET-W-1
  const std::vector<tier_ranked> all{{miner_uid{0}, 2, 0.1},
                                     {miner_uid{1}, 2, 0.4},
                                     {miner_uid{2}, 3, 0.2},
                                     {miner_uid{3}, 3, 0.3},
                                     {miner_uid{4}, 6, 0.05}};
  const auto weights = legacy_tier_weights(all, {});
  EXPECT_NEAR(weights.at(miner_uid{0}), 0.000117265217, 1e-12);
  EXPECT_NEAR(weights.at(miner_uid{1}), 5.838291e-06, 1e-12);
  EXPECT_NEAR(weights.at(miner_uid{4}), 0.950211645219, 1e-12);
}

TEST(sports_weights, are_a_distribution_in_the_order_of_rank) {
  const unsigned seed = 20251202;
  std::mt19937_64 chance{seed};
  for (int round = 0; round < 200; ++round) {
    std::vector<tier_ranked> all;
    for (uint16_t uid = 0; uid < 1 + round % 40; ++uid)
      all.push_back(
        {miner_uid{uid}, static_cast<uint8_t>(chance() % 6), static_cast<double>(chance() % 7)});
    const auto weights = tier_weights(all, {});
    bool ranked = false;
    for (const auto& a : all) {
      ranked = ranked || a.tier > 0;
      for (const auto& b : all)
        if (std::tuple{a.tier, a.score, a.uid} < std::tuple{b.tier, b.score, b.uid}) {
          ASSERT_LE(weights.at(a.uid), weights.at(b.uid)) << "seed " << seed;
        }
    }
    ASSERT_NEAR(sum_of(weights), ranked ? 1 : 0, 1e-12) << "seed " << seed;
  }
}

TEST(sports_standings, fade_who_is_blacklisted) {
  const std::vector<sports_member> members{{miner_uid{1}, {"a"}, true},
                                           {miner_uid{2}, {"b"}, true}};
  tier_state tiers;
  tiers.tiers = {{{"a"}, 1}, {{"b"}, 1}};
  const auto scores
    = score_sports(0, members, tiers, {}, {}, {}, {{"b"}}, {{{"b"}, 0.5}, {{"a"}, 0.5}});
  EXPECT_NEAR(scores.miners[0].weight, 1 / 1.45, 1e-12);
  EXPECT_NEAR(scores.miners[1].weight, 0.45 / 1.45, 1e-12);
}

TEST(sports_standings, add_what_is_not_kept_any_more) {
  const std::vector<sports_member> members{{miner_uid{1}, {"a"}, true}};
  sports_records records;
  records[{"a"}].wins = 2;
  records[{"a"}].predictions = 3;
  records[{"a"}].open = 1;
  records[{"a"}].wager = 20 * nano_one;
  records[{"a"}].earnings = 30 * nano_one;
  const auto scores
    = score_sports(0, members, {}, records, {{{"a"}, {1, 2, 3, 80 * nano_one, 20 * nano_one}}}, {});
  const auto& x = scores.miners[0];
  EXPECT_EQ(x.wins, 3U);
  EXPECT_EQ(x.losses, 2U);
  EXPECT_EQ(x.voids, 3U);
  EXPECT_EQ(x.predictions, 9U);
  EXPECT_DOUBLE_EQ(x.lifetime_roi, -0.5);
  EXPECT_EQ(x.weight, 0) << "nobody is ranked";
}

} // namespace
} // namespace sluice
