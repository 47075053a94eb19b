#include "rules/consensus/ranking.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

miner_work work(uint64_t total, uint64_t successes, uint64_t seen_ms) {
  miner_work x;
  for (uint64_t i = 0; i < total; ++i)
    x = with_outcome(x, {{1}, task_type::tts, true, i < successes, 0, seen_ms});
  return x;
}

TEST(ranking, gives_scores_for_accepted_work_only) {
  const std::vector<ranked_status> miners{
    {{1}, {"busy"}, 500, 1, 5}, {{2}, {"rich"}, 1000, 0, 5}, {{3}, {"wrong"}, 500, 0, 5}};
  const std::map<hotkey, miner_work> done{{{"busy"}, work(6, 6, 1000)},
                                          {{"wrong"}, work(6, 0, 1000)}};
  const auto ranks = rank_miners(miners, done, 2000, {});
  ASSERT_EQ(ranks.size(), 3U);
  EXPECT_EQ(ranks[0].key, hotkey{"busy"});
  // performance 0.4 + 0.3 + 0.2 + 0.1 - 0.02; 0.3 * 0.5 + 0.4 * 0.98 + 0.2 * 0.8 + 0.1
  EXPECT_NEAR(ranks[0].performance, 0.98, 1e-12);
  EXPECT_NEAR(ranks[0].score, 0.802, 1e-12);
  EXPECT_EQ(ranks[0].main_type, "tts");
  EXPECT_EQ(ranks[1].uid, miner_uid{2});
  EXPECT_EQ(ranks[1].score, 0);
  EXPECT_EQ(ranks[1].why, "needs 1 accepted answer, has 0");
  EXPECT_NEAR(ranks[1].composite, 0.3 + 0.2 + 0.2, 1e-12); // a new miner performs at 0.5
  EXPECT_EQ(ranks[2].score, 0);
}

TEST(ranking, drops_the_score_of_who_was_not_seen_for_a_day) {
  const std::vector<ranked_status> miners{{{1}, {"a"}, 0, 0, 5}};
  const std::map<hotkey, miner_work> done{{{"a"}, work(1, 1, 1000)}};
  constexpr uint64_t day_ms = 86'400'000;
  EXPECT_GT(rank_miners(miners, done, 1000 + day_ms, {})[0].score, 0);
  const auto later = rank_miners(miners, done, 1001 + day_ms, {});
  EXPECT_EQ(later[0].score, 0);
  EXPECT_EQ(later[0].why, "was not seen for 86400 s");
}

TEST(ranking, keeps_who_has_worked_and_may_not_be_selected_now) {
  available_miner there;
  there.uid = {7};
  there.hotkey = "a";
  there.stake = 3;
  there.load = 2;
  auto gone = work(1, 1, 1000);
  gone.uid = {5};
  const auto all
    = ranked_statuses({there}, {{{"a"}, work(1, 1, 1000)}, {{"b"}, gone}}, consensus_settings{});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].key, hotkey{"b"});
  EXPECT_EQ(all[0].stake, 0);
  EXPECT_EQ(all[0].capacity, 5);
  EXPECT_EQ(all[1].uid, miner_uid{7});
  EXPECT_EQ(all[1].stake, 3);
  EXPECT_EQ(all[1].load, 2);
}

TEST(ranking, orders_equal_ones_by_uid) {
  const auto one = work(1, 1, 1000);
  const auto ranks = rank_miners({{{9}, {"b"}, 0, 0, 5}, {{4}, {"a"}, 0, 0, 5}},
                                 {{{"a"}, one}, {{"b"}, one}}, 1000, {});
  EXPECT_EQ(ranks[0].uid, miner_uid{4});
  EXPECT_EQ(ranks[1].uid, miner_uid{9});
}

} // namespace
} // namespace sluice
