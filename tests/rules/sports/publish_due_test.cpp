#include "rules/sports/publish_due.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice {
namespace {

TEST(weight_change, is_half_of_the_differences) {
  const std::vector<double> before{0.5, 0.3, 0.2};
  const std::vector<double> now{0.45, 0.35, 0.2};
  const auto change = change_between(before, now);
  EXPECT_NEAR(change.l1, 0.1, 1e-12);
  EXPECT_TRUE(is_significant(change, 0.05)) << "exactly the threshold, in spite of the last bit";
  EXPECT_FALSE(is_significant(change, 0.0500001));
  const std::map<miner_uid, double> one{{miner_uid{1}, 1.0}};
  const std::map<miner_uid, double> other{{miner_uid{2}, 1.0}};
  EXPECT_DOUBLE_EQ(change_between(one, other).total_variation, 1.0);
  EXPECT_EQ(change_between(one, one).l1, 0);
  EXPECT_DOUBLE_EQ(change_between(std::vector<double>{1.0}, std::vector<double>{0.5, 0.5}).l1, 1.0);
}

TEST(blocks, are_due_when_more_than_the_interval_has_passed) {
  EXPECT_FALSE(blocks_are_due(1000, 700, 300));
  EXPECT_TRUE(blocks_are_due(1001, 700, 300));
  EXPECT_FALSE(blocks_are_due(700, 1000, 300)) << "a chain that went back";
  const auto last = last_block_after_failure(1000, 300, 50);
  EXPECT_EQ(last, 750U);
  EXPECT_FALSE(blocks_are_due(1050, last, 300));
  EXPECT_TRUE(blocks_are_due(1051, last, 300));
  EXPECT_EQ(last_block_after_failure(100, 300, 50), 0U);
}

class publish_rule : public ::testing::Test {
protected:
  publish_rule() {
    x_.now_ms = 10'000'000;
    x_.block = 1000;
    x_.last_ms = x_.now_ms - 3600 * 1000;
    x_.last_block = 500;
    x_.published = {{miner_uid{1}, 0.5}, {miner_uid{2}, 0.5}};
    x_.now_vector = x_.published;
  }
  std::string reason() const { return publish_reason(x_, {}); }
  publish_moment x_;
};

TEST_F(publish_rule, waits_for_a_change_or_the_timer) {
  EXPECT_EQ(reason(), "");
  x_.now_vector = {{miner_uid{1}, 0.55}, {miner_uid{2}, 0.45}};
  EXPECT_EQ(reason(), "change 0.0500");
  x_.now_vector = {{miner_uid{1}, 0.549}, {miner_uid{2}, 0.451}};
  EXPECT_EQ(reason(), "");
  x_.last_ms = x_.now_ms - 7'199'999;
  EXPECT_EQ(reason(), "");
  x_.last_ms = x_.now_ms - 7'200'000;
  EXPECT_EQ(reason(), "timer");
}

TEST_F(publish_rule, never_comes_too_early) {
  x_.now_vector = {{miner_uid{3}, 1.0}};
  x_.block = 800;
  EXPECT_EQ(reason(), "") << "300 blocks have passed, not more";
  x_.block = 801;
  EXPECT_EQ(reason(), "change 1.0000");
  x_.under_way = true;
  EXPECT_EQ(reason(), "");
}

TEST_F(publish_rule, keeps_the_last_good_one_without_data) {
  x_.now_vector = {};
  x_.last_ms = 0;
  EXPECT_EQ(reason(), "");
}

TEST_F(publish_rule, begins_at_once_and_tries_again_after_fifty_blocks) {
  x_.last_ms = std::nullopt;
  x_.last_block = 0;
  EXPECT_EQ(reason(), "first");
  x_.last_block = 1000; // of the attempt that failed
  x_.failed_since = true;
  x_.block = 1050;
  EXPECT_EQ(reason(), "");
  x_.block = 1051;
  EXPECT_EQ(reason(), "retry");
}

} // namespace
} // namespace sluice
