#include "rules/limits.hpp"
#include "rules/liquidity/proposal.hpp"
#include "rules/liquidity/score.hpp"
#include "rules/liquidity/strategy.hpp"
#include "tests/rules/liquidity/market_questions.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

using test::question;

const u256 ether{1'000'000'000'000'000'000U};

std::vector<desired_position>
ask(const char* text, const rebalance_query& query, strategy_memory& memory) {
  const auto move = propose(*parse_strategy(text), query, memory);
  EXPECT_EQ(move.act, strategy_act::answer);
  EXPECT_TRUE(move.reply.accepted);
  return move.reply.desired_positions;
}

/// The same question later, at another tick, with this one position.
rebalance_query later(rebalance_query query, int32_t tick, const desired_position& held) {
  auto next = question(tick, 0, 0, query.terms.tick_spacing);
  next.block_number = query.block_number + 100;
  next.current_positions
    = {{held.tick_lower, held.tick_upper, 5, held.allocation0, held.allocation1, 10, 20}};
  return next;
}

TEST(hold, keeps_what_the_vault_has) {
  strategy_memory memory;
  auto query = question(5, ether, ether);
  EXPECT_TRUE(ask("hold", query, memory).empty());
  query.block_number += 100;
  query.current_positions = {{0, 10, 5, 7, 8, 1, 1}};
  const auto desired = ask("hold", query, memory);
  EXPECT_FALSE(compare(query.current_positions, desired).changes());
}

TEST(wide, deploys_once_and_never_moves) {
  strategy_memory memory;
  const auto query = question(0, ether, ether);
  const auto desired = ask("wide", query, memory);
  EXPECT_EQ(desired, (std::vector<desired_position>{{-2'240, 1'830, ether, ether, std::nullopt}}));
  const auto far = later(query, 9'000, desired[0]);
  EXPECT_FALSE(compare(far.current_positions, ask("wide", far, memory)).changes());
}

TEST(wide, takes_the_place_of_the_vaults_positions_but_not_of_its_own) {
  strategy_memory memory;
  auto query = question(0, 0, 0);
  query.current_positions = {{-10, 10, 5, ether, ether, 0, 0}};
  const auto desired = ask("wide", query, memory);
  EXPECT_EQ(desired, (std::vector<desired_position>{{-2'240, 1'830, ether, ether, std::nullopt}}));
  auto next_round = later(query, 55, desired[0]);
  next_round.round.number = {8};
  EXPECT_FALSE(compare(next_round.current_positions, ask("wide", next_round, memory)).changes());
}

TEST(narrow, recentres_when_the_price_leaves_the_middle_half) {
  strategy_memory memory;
  const auto query = question(0, ether, ether);
  const auto desired = ask("narrow:width=0.01", query, memory); // 100 ticks
  ASSERT_EQ(desired, (std::vector<desired_position>{{-100, 100, ether, ether, std::nullopt}}));
  const auto edge = later(query, 50, desired[0]);
  auto kept_memory = memory;
  EXPECT_FALSE(
    compare(edge.current_positions, ask("narrow:width=0.01", edge, kept_memory)).changes());
  const auto outside = later(query, 51, desired[0]);
  const auto moved = ask("narrow:width=0.01", outside, memory);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].tick_lower, -50);
  EXPECT_EQ(moved[0].tick_upper, 160);
}

TEST(narrow, on_recentring_asks_for_fees_too) {
  strategy_memory memory;
  const auto query = question(0, ether, ether);
  const auto desired = ask("narrow", query, memory);
  auto far = later(query, 3'000, desired[0]);
  far.inventory_remaining = {1, 2};
  const auto moved = ask("narrow", far, memory);
  ASSERT_EQ(moved.size(), 1U);
  // Token0 is worth more now: all of token1, and token0 of the same value.
  EXPECT_EQ(moved[0].allocation1, ether + 22);
  EXPECT_LT(moved[0].allocation0, ether);
  EXPECT_NEAR(to_double(value_in_token1(moved[0].allocation0, 0, far.sqrt_price_x96)), 1e18, 1e4);
}

TEST(narrow, keeps_a_range_that_it_would_choose_again) {
  strategy_memory memory;
  auto query = question(15, ether, 0);
  const auto desired = ask("narrow", query, memory);
  ASSERT_EQ(desired.size(), 1U);
  EXPECT_EQ(desired[0].tick_lower, 20); // all token0: above the price
  auto next = later(query, 16, desired[0]);
  next.current_positions[0].fees0 = 0;
  next.current_positions[0].fees1 = 0;
  EXPECT_FALSE(compare(next.current_positions, ask("narrow", next, memory)).changes());
}

TEST(volatility, starts_at_its_floor_and_widens_with_the_price_changes) {
  strategy_memory memory;
  auto query = question(0, ether, ether, 1);
  auto desired = ask("volatility:k=2,floor=0.01", query, memory);
  ASSERT_EQ(desired.size(), 1U);
  EXPECT_EQ(desired[0].tick_lower, -100);
  EXPECT_EQ(desired[0].tick_upper, 100);
  // One change of 500 ticks: twice that to each side.
  const auto jumped = later(query, 500, desired[0]);
  auto next = jumped;
  next.inventory_remaining = {ether, ether};
  desired = ask("volatility:k=2,floor=0.01", next, memory);
  ASSERT_EQ(desired.size(), 1U);
  EXPECT_NEAR(desired[0].tick_lower, -500, 1);
  EXPECT_NEAR(desired[0].tick_upper, 1'500, 1);
}

TEST(volatility, stays_while_the_price_is_in_its_range) {
  strategy_memory memory;
  const auto query = question(0, ether, ether);
  const auto desired = ask("volatility", query, memory);
  const auto inside = later(query, 99, desired[0]);
  EXPECT_FALSE(compare(inside.current_positions, ask("volatility", inside, memory)).changes());
}

TEST(strategy, the_bad_ones_are_bad_in_their_own_way) {
  const auto query = question(0, ether, ether);
  strategy_memory memory;
  const auto no = propose(*parse_strategy("refuser"), query, memory);
  EXPECT_EQ(no.act, strategy_act::answer);
  EXPECT_FALSE(no.reply.accepted);
  EXPECT_EQ(no.reply.refusal_reason, "not quoting this pair today");
  EXPECT_EQ(reply_fault(no.reply), "");
  EXPECT_EQ(propose(*parse_strategy("silent"), query, memory).act, strategy_act::stay_silent);
  EXPECT_EQ(propose(*parse_strategy("crasher"), query, memory).act, strategy_act::crash);
}

TEST(strategy, garbage_goes_through_its_kinds) {
  strategy_memory memory;
  auto query = question(0, ether, ether);
  const auto first = propose(*parse_strategy("garbage"), query, memory).reply;
  query.block_number += 100;
  const auto second = propose(*parse_strategy("garbage"), query, memory).reply;
  EXPECT_NE(first, second);
}

TEST(strategy, a_round_that_starts_again_gets_the_same_answers) {
  const std::vector<int32_t> path{0, 40, 300, -700, 90};
  for (const char* name : {"hold", "wide", "narrow", "volatility", "refuser", "garbage"}) {
    strategy_memory memory;
    std::vector<rebalance_reply> incarnations[3];
    for (int incarnation = 0; incarnation < 3; ++incarnation) {
      if (incarnation == 2)
        memory = {}; // the miner itself started again
      rebalance_query query = question(0, ether, ether);
      const size_t steps = incarnation == 0 ? 3 : path.size(); // the first incarnation is cut short
      for (size_t i = 0; i < steps; ++i) {
        query.tick = path[i];
        query.current_price = std::exp(path[i] * std::log(1.0001));
        query.sqrt_price_x96 = test::rough_sqrt_price(path[i]);
        query.block_number = 1'000 + 100 * i;
        const auto move = propose(*parse_strategy(name), query, memory);
        incarnations[incarnation].push_back(move.reply);
      }
    }
    for (auto& incarnation : incarnations)
      for (auto& reply : incarnation)
        for (auto& position : reply.desired_positions)
          position.confidence.reset(); // NaN is never equal
    EXPECT_EQ(incarnations[1], incarnations[2]) << name;
    incarnations[1].resize(3);
    EXPECT_EQ(incarnations[0], incarnations[1]) << name;
  }
}

TEST(strategy, memory_is_forgotten_when_the_round_changes) {
  strategy_memory memory;
  auto query = question(0, ether, ether);
  ask("volatility", query, memory);
  query.block_number += 100;
  ask("volatility", query, memory);
  EXPECT_EQ(memory.asked, 2U);
  EXPECT_EQ(memory.prices.size(), 2U);
  query.block_number += 100;
  query.round.number = {8};
  ask("volatility", query, memory);
  EXPECT_EQ(memory.asked, 1U);
  EXPECT_EQ(memory.prices.size(), 1U);
  EXPECT_EQ(memory.round, query.round);
}

TEST(strategy, a_price_that_is_no_number_is_not_remembered) {
  strategy_memory memory;
  auto query = question(0, ether, ether);
  query.current_price = std::nan("");
  EXPECT_EQ(ask("volatility", query, memory).size(), 1U);
  EXPECT_TRUE(memory.prices.empty());
}

TEST(strategy, the_honest_ones_always_pass) {
  constexpr unsigned seed = 20'241;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  const char* names[] = {"hold",
                         "wide",
                         "wide:width=0.99",
                         "narrow",
                         "narrow:width=0.0001",
                         "narrow:width=0.99",
                         "volatility",
                         "volatility:k=1000,floor=0.0001"};
  for (const char* name : names) {
    strategy_memory memory;
    for (int i = 0; i < 2'000; ++i) {
      auto query = test::random_question(chance);
      query.block_number = 1'000 + static_cast<uint64_t>(i);
      query.round.number = {static_cast<uint64_t>(i) / 5};
      const auto move = propose(*parse_strategy(name), query, memory);
      ASSERT_EQ(move.act, strategy_act::answer);
      EXPECT_TRUE(move.reply.accepted);
      ASSERT_EQ(reply_fault(move.reply), "") << name << " case " << i;
      ASSERT_EQ(proposal_fault(move.reply.desired_positions, query.terms,
                               {query.inventory_remaining, query.current_positions},
                               limits::positions_max),
                "")
        << name << " case " << i << " tick " << query.tick << " spacing "
        << query.terms.tick_spacing;
    }
  }
}

} // namespace

} // namespace sluice
