#include "rules/consensus/best_response.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sluice {
namespace {

const consensus_task_terms usual_terms{};

task_response response(uint16_t uid, std::string text, uint64_t ms) {
  task_response x;
  x.uid = {uid};
  x.key = {"miner-" + std::to_string(uid)};
  x.result = std::move(text);
  x.processing_ms = ms;
  return x;
}

TEST(best_response, is_the_accurate_one_before_the_fast_one) {
  const std::vector<compared_response> all{
    {{1}, 0.8, 0.9, 2}, {{2}, 0.95, 0.5, 9}, {{3}, 0.5, 1.0, 1}};
  // 0.83, 0.815, 0.65
  EXPECT_EQ(best_response(all, usual_terms), 0U);
  EXPECT_EQ(best_response({}, usual_terms), std::nullopt);
}

TEST(best_response, breaks_ties_by_time_and_then_by_uid) {
  // 0.7 * 0.9 + 0.3 * 0.7 and 0.7 * 0.6 + 0.3 * 1.4 are both 0.84, but not in plain doubles.
  const std::vector<compared_response> all{
    {{4}, 0.9, 0.7, 5}, {{3}, 0.6, 1.4, 5}, {{2}, 0.9, 0.7, 6}};
  EXPECT_EQ(best_response(all, usual_terms), 1U);
}

TEST(best_response, agrees_with_a_straight_search) {
  const auto seed = std::random_device{}();
  std::mt19937 rng{seed};
  for (int round = 0; round < 2000; ++round) {
    std::vector<compared_response> all;
    for (uint16_t i = 0; i < 1 + rng() % 6; ++i)
      all.push_back({{static_cast<uint16_t>(rng() % 50)},
                     static_cast<double>(rng() % 11) / 10,
                     static_cast<double>(rng() % 11) / 10,
                     static_cast<double>(rng() % 4)});
    size_t best = 0; // in whole hundredths: 7 a + 3 s
    const auto points = [&all](size_t i) {
      return std::lround(70 * all[i].accuracy) + std::lround(30 * all[i].speed);
    };
    for (size_t i = 1; i < all.size(); ++i)
      if (points(i) > points(best)
          || (points(i) == points(best)
              && (all[i].processing_ms < all[best].processing_ms
                  || (all[i].processing_ms == all[best].processing_ms
                      && all[i].uid < all[best].uid))))
        best = i;
    const auto found = *best_response(all, usual_terms);
    EXPECT_TRUE(found == best || all[found].uid == all[best].uid) << "seed " << seed;
  }
}

TEST(judging, compares_responses_with_each_other) {
  std::vector<task_response> all{response(1, " same\n", 3000), response(2, "same", 6000),
                                 response(3, "other", 0)};
  judge_responses(all, usual_terms);
  EXPECT_EQ(all[0].accuracy, 0.5);
  EXPECT_EQ(all[1].accuracy, 0.5);
  EXPECT_EQ(all[2].accuracy, 0);
  EXPECT_DOUBLE_EQ(all[0].speed, 0.9);
  EXPECT_DOUBLE_EQ(all[0].score, 0.62);
  EXPECT_DOUBLE_EQ(all[2].score, 0.3);
  EXPECT_EQ(best_of_responses(all, usual_terms), miner_uid{1});
}

TEST(judging, takes_the_clients_rating_before_everything_else) {
  std::vector<task_response> all{response(1, "same", 0), response(2, "same", 0),
                                 response(3, "other", 0)};
  all[2].rating = 1;
  all[0].rating = 0.1;
  judge_responses(all, usual_terms);
  EXPECT_EQ(all[0].accuracy, 0.1);
  EXPECT_EQ(all[1].accuracy, 0.5);
  EXPECT_EQ(best_of_responses(all, usual_terms), miner_uid{3});
}

TEST(judging, gives_a_lone_response_what_is_configured) {
  std::vector<task_response> all{response(7, "text", 31'000)};
  judge_responses(all, usual_terms);
  EXPECT_EQ(all[0].accuracy, 0.5);
  EXPECT_EQ(all[0].speed, 0);
  EXPECT_EQ(best_of_responses({}, usual_terms), std::nullopt);
}

} // namespace
} // namespace sluice
