#include "rules/liquidity/clusters.hpp"
#include "tests/rules/liquidity/played_rounds.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

const test::held_ranges lead_plan{{{-10, 10}, 1000}};
const test::held_ranges other_plan{{{-200, 200}, 1000}};

/// Plays the narrow plan from question `from` on.
void play_narrow(test::played_round& round, const std::string& key, size_t from) {
  std::vector<test::held_ranges> held(test::played_round::questions);
  std::fill(held.begin() + static_cast<ptrdiff_t>(from), held.end(), lead_plan);
  round.add({key, miner_verdict::scored, {0, 1, 2, 3, 4}, held});
}

std::vector<std::vector<miner_uid>> members_of(const std::vector<miner_cluster>& all) {
  std::vector<std::vector<miner_uid>> members;
  for (const auto& x : all)
    members.push_back(x.members);
  return members;
}

using uid_groups = std::vector<std::vector<miner_uid>>;

TEST(clusters, of_a_coldkey_need_no_round) {
  const auto all = clusters_of({}, {{{7}, {"g"}, "cold"},
                                    {{1}, {"a"}, ""},
                                    {{2}, {"b"}, ""},
                                    {{3}, {"c"}, "cold"},
                                    {{4}, {"d"}, "another"},
                                    {{5}, {"e"}, "cold"}});
  ASSERT_EQ(members_of(all), (uid_groups{{{3}, {5}, {7}}}));
  EXPECT_EQ(all.front().takes, std::nullopt);
  EXPECT_TRUE(all.front().leads.empty());
  EXPECT_EQ(all.front().pairs,
            (std::vector<cluster_pair>{{{3}, {5}, true, 0, 0}, {{3}, {7}, true, 0, 0}}));
}

TEST(clusters, join_through_coldkeys_and_equal_plans) {
  test::played_round round;
  round.steady("a", lead_plan);
  round.steady("b", lead_plan);
  round.steady("c", other_plan);
  round.steady("d", other_plan);
  round.steady("e", {});
  plan_history history;
  round.book(history);
  const auto all = clusters_of(
    history,
    {{{1}, {"a"}, ""}, {{2}, {"c"}, ""}, {{3}, {"b"}, "x"}, {{4}, {"d"}, "x"}, {{5}, {"e"}, ""}});
  ASSERT_EQ(members_of(all), (uid_groups{{{1}, {2}, {3}, {4}}}));
  EXPECT_EQ(all.front().pairs,
            (std::vector<cluster_pair>{
              {{1}, {3}, false, 5, 5}, {{2}, {4}, false, 5, 5}, {{3}, {4}, true, 5, 0}}));
  EXPECT_EQ(members_of(clusters_of(history, {{{1}, {"a"}, ""}, {{2}, {"c"}, ""}})), uid_groups{});
  EXPECT_EQ(members_of(clusters_of(
              history, {{{8}, {"a"}, ""}, {{2}, {"c"}, ""}, {{3}, {"b"}, ""}, {{9}, {"d"}, ""}})),
            (uid_groups{{{2}, {9}}, {{3}, {8}}}));
}

TEST(clusters, go_to_who_leads_in_more_than_half_of_the_rounds) {
  plan_history history;
  const auto rounds = [&](int n, size_t first, size_t second) {
    for (; n > 0; --n) {
      test::played_round round;
      play_narrow(round, "first", first);
      play_narrow(round, "second", second);
      round.book(history);
    }
  };
  const std::vector<cluster_member> both{{{1}, {"second"}, ""}, {{2}, {"first"}, ""}};
  rounds(2, 0, 1);
  rounds(2, 0, 0);
  auto all = clusters_of(history, both);
  ASSERT_EQ(members_of(all), (uid_groups{{{1}, {2}}}));
  EXPECT_EQ(all.front().takes, std::nullopt); // half is not more than half
  EXPECT_EQ(all.front().leads, (std::vector<cluster_lead>{{{2}, 2, 4}}));
  EXPECT_EQ(all.front().pairs, (std::vector<cluster_pair>{{{1}, {2}, false, 20, 18}}));
  rounds(1, 0, 1);
  all = clusters_of(history, both);
  EXPECT_EQ(all.front().takes, miner_uid{2});
  EXPECT_EQ(all.front().leads, (std::vector<cluster_lead>{{{2}, 3, 5}}));
}

TEST(clusters, a_lead_within_one_coldkey_alone_decides_nothing) {
  test::played_round round;
  play_narrow(round, "a", 0);
  play_narrow(round, "b", 3); // three of five questions apart
  plan_history history;
  round.book(history);
  const auto all = clusters_of(history, {{{1}, {"a"}, "x"}, {{2}, {"b"}, "x"}});
  ASSERT_EQ(members_of(all), (uid_groups{{{1}, {2}}}));
  EXPECT_EQ(all.front().takes, std::nullopt);
  EXPECT_TRUE(all.front().leads.empty());
}

TEST(clusters, with_a_leader_in_two_parts_have_none) {
  test::played_round round;
  play_narrow(round, "a", 0);
  play_narrow(round, "b", 1);
  round.add({"c",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {other_plan, other_plan, other_plan, other_plan, other_plan}});
  round.add({"d",
             miner_verdict::scored,
             {0, 1, 2, 3, 4},
             {{}, other_plan, other_plan, other_plan, other_plan}});
  plan_history history;
  round.book(history);
  const auto all = clusters_of(
    history, {{{1}, {"a"}, ""}, {{2}, {"b"}, "x"}, {{3}, {"c"}, "x"}, {{4}, {"d"}, ""}});
  ASSERT_EQ(members_of(all), (uid_groups{{{1}, {2}, {3}, {4}}}));
  EXPECT_EQ(all.front().takes, std::nullopt);
  EXPECT_EQ(all.front().leads, (std::vector<cluster_lead>{{{1}, 1, 1}, {{3}, 1, 1}}));
}

} // namespace

} // namespace sluice
