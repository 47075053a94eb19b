#include "rules/liquidity/no_scores.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice {

namespace {

std::string why(const std::vector<board_count>& jobs) {
  return why_no_scores(jobs);
}

TEST(no_scores, states_what_is_missing) {
  EXPECT_EQ(why({}), "there is no job");
  EXPECT_EQ(why({{{"a"}, 0, 7, 0, 0, 0}}), "no round is over yet");
  EXPECT_EQ(why({{{"a"}, 3, 7, 0, 0, 0}}), "no miner was asked yet");
  EXPECT_EQ(why({{{"a"}, 3, 0, 8, 0, 0}}), "no miner was scored yet");
  EXPECT_EQ(why({{{"a"}, 3, 7, 8, 0, 0}}),
            "no miner is eligible yet: 7 days of participation are needed; see "
            "[liquidity.jobs.board] eligibility_days");
  EXPECT_EQ(why({{{"a"}, 3, 1, 8, 0, 0}}),
            "no miner is eligible yet: 1 day of participation is needed; see "
            "[liquidity.jobs.board] eligibility_days");
  EXPECT_EQ(why({{{"a"}, 3, 7, 8, 2, 0}}), "no eligible miner has a combined score above 0");
}

TEST(no_scores, jobs_are_named_where_they_differ) {
  EXPECT_EQ(why({{{"a"}, 3, 0, 8, 2, 0}, {{"b"}, 2, 0, 8, 1, 0}}),
            "no eligible miner has a combined score above 0");
  EXPECT_EQ(why({{{"a"}, 3, 0, 8, 2, 0}, {{"b"}, 0, 0, 0, 0, 0}}),
            "a: no eligible miner has a combined score above 0; b: no round is over yet");
}

TEST(no_scores, who_has_scores_needs_no_reason) {
  EXPECT_EQ(why({{{"a"}, 3, 0, 8, 2, 1}, {{"b"}, 0, 0, 0, 0, 0}}), "");
}

} // namespace

} // namespace sluice
