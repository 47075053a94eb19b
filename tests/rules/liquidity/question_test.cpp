#include "rules/liquidity/question.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace sluice {

TEST(question, it_states_where_the_market_stands_and_what_the_miner_has) {
  job_config job;
  job.id = {"pool"};
  job.vault = "0xvault";
  job.pair_address = "0xpair";
  job.chain_id = 137;
  job.reply_timeout_ms = 250;
  plan_outcome stands;
  stands.sqrt_price_x96 = u256{1u} << 97; // the price is 4
  stands.tick = 13863;
  stands.end.free = {7u, 8u};
  stands.end.positions.push_back({-10, 10, 5, 1u, 2u, 3u, 4u});
  stands.metrics.rebalances = 3;
  const round_id round{job.id, round_kind::live, {12}};
  const auto query = question_at(99, job, round, {500, 10, 18, 18}, stands);
  EXPECT_EQ(query.job, job.id);
  EXPECT_EQ(query.vault, "0xvault");
  EXPECT_EQ(query.pair_address, "0xpair");
  EXPECT_EQ(query.chain_id, 137u);
  EXPECT_EQ(query.round, round);
  EXPECT_EQ(query.block_number, 99u);
  EXPECT_EQ(query.current_price, 4);
  EXPECT_EQ(query.sqrt_price_x96, stands.sqrt_price_x96);
  EXPECT_EQ(query.tick, 13863);
  EXPECT_EQ(query.terms, (pool_terms{500, 10, 18, 18}));
  EXPECT_EQ(query.current_positions, stands.end.positions);
  EXPECT_EQ(query.inventory_remaining, stands.end.free);
  EXPECT_EQ(query.rebalances_so_far, 3u);
  EXPECT_EQ(query.deadline_ms, 250u);
}

TEST(question, the_first_answer_opens_the_plan_and_the_others_follow) {
  plan what;
  apply(what, 9, true, {{-10, 10, 1u, 2u, {}}});
  apply(what, 20, false, {{-20, 20, 3u, 4u, {}}});
  ASSERT_TRUE(what.opening);
  EXPECT_EQ(what.opening->front().tick_upper, 10);
  ASSERT_EQ(what.rebalances.size(), 1u);
  EXPECT_EQ(what.rebalances[0].block, 20u);
  EXPECT_EQ(what.rebalances[0].desired_positions.front().tick_upper, 20);
}

TEST(question, what_a_round_leaves_is_the_start_of_the_next) {
  holdings end{{100u, 200u}, {{-10, 10, 5, 1u, 2u, 3u, 4u}, {0, 60, 6, 0u, 0u, 10u, 0u}}};
  const auto next = carried_over(end);
  EXPECT_EQ(next.start, (inventory{113u, 204u})) << "fees become free";
  ASSERT_EQ(next.positions.size(), 2u);
  EXPECT_EQ(next.positions[0], (start_position{-10, 10, 5}));
  EXPECT_EQ(next.positions[1], (start_position{0, 60, 6}));
  EXPECT_FALSE(next.opening);
  EXPECT_TRUE(next.rebalances.empty());
}

TEST(asking_order, is_another_one_at_every_checkpoint_and_the_same_one_again) {
  std::vector<miner_uid> who;
  for (uint16_t i = 0; i < 50; ++i)
    who.push_back({i});
  const round_id round{{"pair"}, round_kind::evaluation, {3}};
  const auto first = asking_order(who, round, 100);
  EXPECT_EQ(asking_order(who, round, 100), first);
  EXPECT_NE(asking_order(who, round, 200), first);
  EXPECT_NE(asking_order(who, {{"pair"}, round_kind::live, {3}}, 100), first);
  EXPECT_NE(asking_order(who, {{"pear"}, round_kind::evaluation, {3}}, 100), first);
  EXPECT_NE(first, who);
  auto sorted = first;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(sorted, who);
  EXPECT_TRUE(asking_order({}, round, 1).empty());
}

TEST(asking_order, favours_nobody) {
  std::vector<miner_uid> who{{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};
  std::array<std::array<int, 8>, 8> seen{}; // by uid and place
  constexpr int checkpoints = 8000;
  for (uint64_t block = 0; block < checkpoints; ++block) {
    const auto order = asking_order(who, {{"pair"}, round_kind::evaluation, {block / 18}}, block);
    for (size_t place = 0; place < 8; ++place)
      ++seen[order[place].value][place];
  }
  double chi = 0;
  for (const auto& row : seen)
    for (const int n : row)
      chi += (n - 1000.0) * (n - 1000.0) / 1000;
  EXPECT_LT(chi, 85.4); // chi-squared, 49 degrees of freedom, one in a thousand
}

} // namespace sluice
