// One seed, many orders of delivery: what is on disk at the end is the same.
#include "actors/audit.hpp"
#include "tests/support/jobs_of.hpp"
#include "tests/support/node_world.hpp"

namespace sluice::test {
namespace {

class any_order : public node_test, public testing::WithParamInterface<uint32_t> {};

constexpr uint64_t steps_played = 4;

TEST_P(any_order, of_delivery_leaves_the_same_tables) {
  SCOPED_TRACE(testing::Message() << "order seed " << GetParam());
  const auto config = uneven_config();
  const auto first = run(config, steps_played, "in order", nullptr);
  ASSERT_TRUE(first.last) << sys.render(first.reason);
  EXPECT_EQ(first.last->code, 0);
  EXPECT_EQ(first.last->steps, steps_played);
  std::mt19937 rng{GetParam()};
  const auto second = run(config, steps_played, "shuffled", &rng);
  ASSERT_TRUE(second.last) << sys.render(second.reason);
  EXPECT_EQ(second.last->code, 0);
  EXPECT_EQ(first_other_row(rows_in("in order"), rows_in("shuffled")), "");
}

INSTANTIATE_TEST_SUITE_P(seeds, any_order, testing::Range(0U, 12U));

class whole_node : public node_test {};

TEST_F(whole_node, plays_live_rounds_and_publishes_within_the_first_steps) {
  const auto end = run(short_config(), steps_played, "data", nullptr);
  ASSERT_TRUE(end.last) << sys.render(end.reason);
  ASSERT_EQ(end.steps.size(), steps_played);
  size_t live = 0, confirmed = 0;
  for (size_t i = 0; i < steps_played; ++i) {
    EXPECT_EQ(end.steps[i].number, i + 1);
    ASSERT_EQ(end.steps[i].mechanisms.size(), 1U);
    const auto& jobs = jobs_of(end.steps[i].mechanisms[0]);
    ASSERT_EQ(jobs.size(), 2U);
    for (const auto& x : jobs) {
      EXPECT_EQ(x.completed, i + 1);
      ASSERT_TRUE(x.evaluation);
      EXPECT_EQ(x.evaluation->results.size(), 8U); // everybody, the bad ones too
      live += x.live.has_value();
    }
    confirmed
      += end.steps[i].published && end.steps[i].published->status == publish_status::confirmed;
  }
  EXPECT_GE(live, 2U);
  EXPECT_GE(confirmed, 2U);
  const auto disk = open_disk();
  const auto found = audit_everything(*disk, all_mechanisms());
  ASSERT_TRUE(found) << found.error().what;
  for (const auto& x : *found)
    EXPECT_EQ(x.difference, "") << x.what;
}

TEST_F(whole_node, another_seed_is_another_market) {
  ASSERT_TRUE(run(short_config(7), 1, "seven", nullptr).last);
  ASSERT_TRUE(run(short_config(8), 1, "eight", nullptr).last);
  EXPECT_NE(first_other_row(rows_in("seven"), rows_in("eight")), "");
}

TEST_F(whole_node, steps_in_several_runs_are_steps_in_one) {
  ASSERT_TRUE(run(uneven_config(), 4, "one", nullptr).last);
  for (uint64_t n : {1, 2, 1}) {
    const auto end = run(uneven_config(), n, "several", nullptr);
    ASSERT_TRUE(end.last);
    EXPECT_EQ(end.last->steps, n);
  }
  EXPECT_EQ(first_other_row(rows_in("one"), rows_in("several")), "");
}

} // namespace
} // namespace sluice::test
