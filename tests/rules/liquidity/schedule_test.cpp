#include "rules/limits.hpp"
#include "rules/liquidity/schedule.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice {

namespace {

TEST(blocks_per_round, rounds_down_and_is_never_0) {
  EXPECT_EQ(blocks_per_round(900, 2), 450U);
  EXPECT_EQ(blocks_per_round(900, 12), 75U);
  EXPECT_EQ(blocks_per_round(899, 12), 74U);
  EXPECT_EQ(blocks_per_round(900, 0.25), 3600U);
  EXPECT_EQ(blocks_per_round(1, 12), 1U);
  EXPECT_EQ(blocks_per_round(0, 12), 1U);
}

TEST(blocks_per_round, of_an_impossible_block_time_stays_within_bounds) {
  EXPECT_EQ(blocks_per_round(900, 0), limits::round_blocks_max);
  EXPECT_EQ(blocks_per_round(0, 0), 1U);
  EXPECT_EQ(blocks_per_round(900, -1), 1U);
  EXPECT_EQ(blocks_per_round(900, std::numeric_limits<double>::quiet_NaN()), 1U);
}

TEST(round_at, every_block_belongs_to_exactly_one_round) {
  EXPECT_EQ(round_at(0, 450), (round_span{{0}, 0, 449}));
  EXPECT_EQ(round_at(449, 450), (round_span{{0}, 0, 449}));
  EXPECT_EQ(round_at(450, 450), (round_span{{1}, 450, 899}));
  EXPECT_EQ(round_at(20'000'123, 450), (round_span{{44'444}, 19'999'800, 20'000'249}));
  EXPECT_EQ(round_at(7, 1), (round_span{{7}, 7, 7}));
}

TEST(round_at, and_round_by_number_agree) {
  for (uint64_t block = 0; block < 200; ++block) {
    const auto round = round_at(block, 7);
    EXPECT_EQ(round_by_number(round.number, 7), round);
    EXPECT_LE(round.start_block, block);
    EXPECT_GE(round.end_block, block);
  }
}

TEST(checkpoints, lie_inside_the_round_and_before_its_end) {
  EXPECT_EQ(checkpoints({{1}, 450, 899}, 100), (std::vector<uint64_t>{550, 650, 750, 850}));
  EXPECT_EQ(checkpoints({{1}, 450, 899}, 449), std::vector<uint64_t>{});
  EXPECT_EQ(checkpoints({{1}, 450, 899}, 448), std::vector<uint64_t>{898});
  EXPECT_EQ(checkpoints({{1}, 450, 899}, 1'000), std::vector<uint64_t>{});
  EXPECT_EQ(checkpoints({{3}, 3, 3}, 1), std::vector<uint64_t>{});
  EXPECT_EQ(checkpoints({{1}, 450, 899}, 0), std::vector<uint64_t>{});
}

TEST(checkpoints, do_not_wrap_at_the_last_block_there_is) {
  constexpr uint64_t top = std::numeric_limits<uint64_t>::max();
  EXPECT_EQ(checkpoints({{1}, top - 10, top}, 4), (std::vector<uint64_t>{top - 6, top - 2}));
  EXPECT_EQ(checkpoints({{0}, 0, top}, top - 1), std::vector<uint64_t>{top - 1});
}

TEST(utc_day, changes_at_midnight) {
  EXPECT_EQ(utc_day(0), 0U);
  EXPECT_EQ(utc_day(86'399), 0U);
  EXPECT_EQ(utc_day(86'400), 1U);
  EXPECT_EQ(utc_day(1'704'067'200), 19'723U); // 2024-01-01
}

TEST(first_round, begins_where_a_whole_round_with_a_price_does) {
  EXPECT_EQ(first_round_from(9, true, 0, 10), (first_round{{1}, true, 0}));
  EXPECT_EQ(first_round_from(0, false, 0, 10), (first_round{{0}, false, 9})); // no price yet
  EXPECT_EQ(first_round_from(9, false, 0, 10), (first_round{{1}, false, 19}));
  EXPECT_EQ(first_round_from(12, true, 0, 10), (first_round{{1}, false, 19})); // inside a round
  EXPECT_EQ(first_round_from(9, true, 34, 10), (first_round{{3}, false, 29}));
  EXPECT_EQ(first_round_from(29, true, 34, 10), (first_round{{3}, true, 0}));
}

} // namespace

} // namespace sluice
