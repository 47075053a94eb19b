#include "rules/limits.hpp"
#include "rules/liquidity/proposal.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace sluice {

namespace {

const pool_terms terms{500, 10, 18, 6};

holdings owns(u256 amount0, u256 amount1) {
  return {{amount0, amount1}, {}};
}

std::string
fault_of(std::vector<desired_position> desired, const holdings& has = owns(1000, 1000)) {
  return proposal_fault(desired, terms, has, 10);
}

desired_position asks(int32_t lower, int32_t upper, u256 a0 = 0, u256 a1 = 0) {
  return {lower, upper, a0, a1, std::nullopt};
}

TEST(proposal, a_sound_one_has_no_fault) {
  EXPECT_EQ(fault_of({}), "");
  EXPECT_EQ(fault_of({asks(-100, 100, 500, 500), asks(-887270, 887270, 500, 500)}), "");
}

TEST(proposal, ticks_must_be_ordered) {
  EXPECT_EQ(fault_of({asks(100, -100)}), "position 1: tick_lower 100 is not below tick_upper -100");
  EXPECT_EQ(fault_of({asks(0, 10), asks(50, 50)}),
            "position 2: tick_lower 50 is not below tick_upper 50");
}

TEST(proposal, ticks_must_be_aligned) {
  EXPECT_EQ(fault_of({asks(0, 10), asks(-196255, -196000)}),
            "position 2: tick_lower -196255 is not a multiple of the tick spacing 10");
  EXPECT_EQ(fault_of({asks(-10, 15)}),
            "position 1: tick_upper 15 is not a multiple of the tick spacing 10");
}

TEST(proposal, ticks_must_be_inside_the_bounds) {
  EXPECT_EQ(fault_of({asks(-887280, 0)}), "position 1: tick_lower -887280 is below -887272");
  EXPECT_EQ(fault_of({asks(0, 887280)}), "position 1: tick_upper 887280 is above 887272");
  constexpr int32_t lowest = std::numeric_limits<int32_t>::min();
  EXPECT_EQ(fault_of({asks(lowest, 0)}), "position 1: tick_lower -2147483648 is below -887272");
  const pool_terms fine{100, 1, 18, 18};
  EXPECT_EQ(proposal_fault({asks(-887272, 887272)}, fine, owns(1, 1), 10), "");
  EXPECT_NE(proposal_fault({asks(-887273, 887272)}, fine, owns(1, 1), 10), "");
  EXPECT_NE(proposal_fault({asks(-887272, 887273)}, fine, owns(1, 1), 10), "");
}

TEST(proposal, positions_are_counted) {
  std::vector<desired_position> ten;
  for (int32_t i = 0; i < 10; ++i)
    ten.push_back(asks(i * 10, i * 10 + 10));
  EXPECT_EQ(fault_of(ten), "");
  ten.push_back(asks(-10, 0));
  EXPECT_EQ(fault_of(ten), "11 positions, at most 10 are allowed");
  EXPECT_EQ(proposal_fault({asks(0, 10)}, terms, owns(1, 1), 0),
            "1 positions, at most 0 are allowed");
}

TEST(proposal, a_range_is_asked_for_once) {
  EXPECT_EQ(fault_of({asks(0, 10), asks(0, 20), asks(0, 10)}),
            "position 3: the range 0..10 is already asked for by position 1");
}

TEST(proposal, two_percent_above_the_inventory_is_the_limit) {
  EXPECT_EQ(fault_of({asks(0, 10, 1020, 1020)}), "");
  EXPECT_EQ(fault_of({asks(0, 10, 1000, 1020), asks(0, 20, 20, 0)}), "");
  EXPECT_EQ(fault_of({asks(0, 10, 1021, 0)}),
            "allocations of token0 add up to 1021, at most 1020 is allowed (1000 owned: free, in "
            "positions and uncollected fees, plus 2 %)");
  EXPECT_EQ(fault_of({asks(0, 10, 0, 1000), asks(0, 20, 0, 21)}),
            "allocations of token1 add up to 1021, at most 1020 is allowed (1000 owned: free, in "
            "positions and uncollected fees, plus 2 %)");
}

TEST(proposal, the_limit_is_exact_to_the_wei) {
  const auto big = *u256::parse("98765432109876543210987654321");
  const u256 most = big * 51 / 50;
  EXPECT_EQ(fault_of({asks(0, 10, most)}, owns(big, 0)), "");
  EXPECT_NE(fault_of({asks(0, 10, most + 1)}, owns(big, 0)), "");
  EXPECT_EQ(fault_of({asks(0, 10, 49)}, owns(49, 0)), ""); // 49.98
  EXPECT_NE(fault_of({asks(0, 10, 50)}, owns(49, 0)), "");
  EXPECT_EQ(fault_of({asks(0, 10, 51)}, owns(50, 0)), "");
  EXPECT_EQ(fault_of({asks(0, 10, 0)}, owns(0, 0)), "");
  EXPECT_NE(fault_of({asks(0, 10, 1)}, owns(0, 0)), "");
}

TEST(proposal, positions_and_fees_are_owned_too) {
  holdings has{{100, 0}, {{0, 10, 5, 700, 30, 20, 40}, {10, 20, 5, 100, 0, 80, 30}}};
  EXPECT_EQ(fault_of({asks(0, 10, 1020, 102)}, has), "");
  EXPECT_NE(fault_of({asks(0, 10, 1021, 102)}, has), "");
  EXPECT_NE(fault_of({asks(0, 10, 1020, 103)}, has), "");
}

TEST(proposal, amounts_near_the_largest_word_do_not_wrap) {
  const auto top = u256::max();
  EXPECT_EQ(fault_of({asks(0, 10, top, top)}, owns(top, top)), "");
  EXPECT_EQ(fault_of({asks(0, 10, top), asks(0, 20, top)}, owns(top, 0)),
            "allocations of token0 add up to more than 2^256, at most more than 2^256 is allowed ("
              + to_string(top) + " owned: free, in positions and uncollected fees, plus 2 %)");
  EXPECT_NE(fault_of({asks(0, 10, top), asks(0, 20, 1)}, owns(0, 0)), "");
  const holdings twice{{top, 0}, {{0, 10, 5, top, 0, 0, 0}}};
  EXPECT_EQ(fault_of({asks(0, 10, top), asks(0, 20, top)}, twice), "");
}

TEST(reply, long_texts_are_refused) {
  rebalance_reply reply;
  reply.refusal_reason.assign(limits::refusal_bytes_max, 'x');
  reply.version.assign(limits::metadata_bytes_max, 'x');
  reply.model_info.assign(limits::metadata_bytes_max, 'x');
  EXPECT_EQ(reply_fault(reply), "");
  auto longer = reply;
  longer.refusal_reason += 'x';
  EXPECT_EQ(reply_fault(longer), "refusal_reason is 513 bytes long, at most 512 are allowed");
  longer = reply;
  longer.version += 'x';
  EXPECT_EQ(reply_fault(longer), "version is 257 bytes long, at most 256 are allowed");
  longer = reply;
  longer.model_info += 'x';
  EXPECT_EQ(reply_fault(longer), "model_info is 257 bytes long, at most 256 are allowed");
}

TEST(reply, confidence_is_a_number_between_0_and_1) {
  const auto with = [](double confidence) {
    rebalance_reply reply;
    reply.desired_positions = {asks(0, 10), asks(10, 20)};
    reply.desired_positions[1].confidence = confidence;
    return reply_fault(reply);
  };
  EXPECT_EQ(with(0), "");
  EXPECT_EQ(with(1), "");
  EXPECT_EQ(with(1.5), "position 2: confidence 1.5 is not within 0..1");
  EXPECT_EQ(with(-0.1), "position 2: confidence -0.1 is not within 0..1");
  EXPECT_EQ(with(std::numeric_limits<double>::quiet_NaN()),
            "position 2: confidence is not a finite number");
  EXPECT_EQ(with(std::numeric_limits<double>::infinity()),
            "position 2: confidence is not a finite number");
}

TEST(keeps, two_percent_is_kept_and_one_wei_more_is_not) {
  const held_position held{0, 10, 5, 1000, 500, 77, 88};
  EXPECT_TRUE(keeps(held, asks(0, 10, 1000, 500)));
  EXPECT_TRUE(keeps(held, asks(0, 10, 1020, 490)));
  EXPECT_TRUE(keeps(held, asks(0, 10, 980, 510)));
  EXPECT_FALSE(keeps(held, asks(0, 10, 1021, 500)));
  EXPECT_FALSE(keeps(held, asks(0, 10, 979, 500)));
  EXPECT_FALSE(keeps(held, asks(0, 10, 1000, 511)));
  EXPECT_FALSE(keeps(held, asks(0, 20, 1000, 500)));
  EXPECT_FALSE(keeps(held, asks(-10, 10, 1000, 500)));
}

TEST(keeps, nothing_held_means_nothing_wanted) {
  const held_position held{0, 10, 5, 1000, 0, 0, 0};
  EXPECT_TRUE(keeps(held, asks(0, 10, 1000, 0)));
  EXPECT_FALSE(keeps(held, asks(0, 10, 1000, 1)));
}

TEST(keeps, the_largest_amounts_do_not_wrap) {
  const auto top = u256::max();
  const held_position held{0, 10, 5, top, top, 0, 0};
  EXPECT_TRUE(keeps(held, asks(0, 10, top - top / 50, top)));
  EXPECT_FALSE(keeps(held, asks(0, 10, top - top / 50 - 1, top)));
  EXPECT_FALSE(keeps(held, asks(0, 10, 0, top)));
}

TEST(compare, equal_positions_change_nothing) {
  const std::vector<held_position> held{{0, 10, 5, 100, 0, 0, 0}, {20, 30, 5, 0, 100, 0, 0}};
  const auto steps = compare(held, {asks(20, 30, 0, 100), asks(0, 10, 100, 0)});
  EXPECT_FALSE(steps.changes());
  EXPECT_EQ(steps.kept, (std::vector<size_t>{0, 1}));
}

TEST(compare, burns_what_is_not_asked_for_and_mints_what_is_missing) {
  const std::vector<held_position> held{
    {0, 10, 5, 100, 0, 0, 0}, {20, 30, 5, 0, 100, 0, 0}, {40, 50, 5, 0, 100, 0, 0}};
  const auto steps = compare(held, {asks(60, 70), asks(20, 30, 0, 150), asks(40, 50, 0, 101)});
  EXPECT_TRUE(steps.changes());
  EXPECT_EQ(steps.kept, std::vector<size_t>{2});
  EXPECT_EQ(steps.burned, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(steps.minted, (std::vector<size_t>{0, 1})); // another amount: burned and minted
}

TEST(compare, asking_for_nothing_burns_everything) {
  const auto steps = compare({{0, 10, 5, 100, 0, 0, 0}}, {});
  EXPECT_EQ(steps.burned, std::vector<size_t>{0});
  EXPECT_FALSE(compare({}, {}).changes());
}

TEST(compare, one_wish_keeps_one_position) {
  const held_position twin{0, 10, 5, 100, 0, 0, 0};
  const auto steps = compare({twin, twin}, {asks(0, 10, 100, 0)});
  EXPECT_EQ(steps.kept, std::vector<size_t>{0});
  EXPECT_EQ(steps.burned, std::vector<size_t>{1});
  EXPECT_TRUE(steps.minted.empty());
}

} // namespace

} // namespace sluice
