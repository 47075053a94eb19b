#include "sim/math/tick_math.hpp"
#include "tests/sim/evaluate/replica_parts.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using test::bundled_stream;
using test::initialization;
using test::new_replica;

namespace {

pool_event mint_of(int32_t lower, int32_t upper, u128 liquidity) {
  pool_event e;
  e.kind = pool_event_kind::mint;
  e.line = 3;
  e.owner[0] = 1;
  e.tick_lower = lower;
  e.tick_upper = upper;
  e.liquidity = liquidity;
  return e;
}

/// What a replica at price 1 with nothing in it answers to one more event.
std::string fault_of(const pool_event& event, bool alive = true) {
  auto feed = new_replica({3000, 60, 18, 18});
  if (alive) {
    EXPECT_TRUE(feed.apply({1, 100, {initialization()}, {}}));
  }
  const auto before = feed.save();
  auto got = feed.apply({2, 200, {event}, {}});
  EXPECT_EQ(feed.save(), before) << "a fault must change nothing";
  return got ? "" : got.error().what;
}

} // namespace

TEST(replica_events, reports_what_does_not_fit_the_pool) {
  auto swap = mint_of(0, 0, 0);
  swap.kind = pool_event_kind::swap;
  swap.sqrt_price_x96 = u256{1} << 95;
  EXPECT_EQ(fault_of(swap, false), "line 3: swap: the pool is not initialized yet");
  EXPECT_EQ(fault_of(initialization()), "line 2: initialize: the pool reverts with AI");
  auto low = initialization();
  low.sqrt_price_x96 = 5;
  EXPECT_EQ(fault_of(low, false), "line 2: initialize: sqrt_price_x96 5 is out of range");
  EXPECT_EQ(fault_of(mint_of(60, 120, 0)), "line 3: mint: the pool reverts without a reason");
  EXPECT_EQ(fault_of(mint_of(60, 120, 1'000'000)),
            "line 3: mint: recorded amount0 0, the pool got 2987");
  auto burn = mint_of(60, 120, 5);
  burn.kind = pool_event_kind::burn;
  EXPECT_EQ(fault_of(burn), "line 3: burn: the pool reverts with LS");
  auto collect = mint_of(60, 120, 0);
  collect.kind = pool_event_kind::collect;
  collect.amount0 = -7;
  EXPECT_EQ(fault_of(collect), "line 3: collect: expected amounts of 0 to 2^128 - 1");
  auto nameless = initialization();
  nameless.line = 0;
  nameless.log_index = 9;
  EXPECT_EQ(fault_of(nameless), "block 2 log 9: initialize: the pool reverts with AI");
}

TEST(replica_events, names_line_and_field_of_a_swap_that_no_request_explains) {
  const auto stream = bundled_stream("p1.jsonl");
  size_t checked = 0;
  for (int field = 0; field < 5; ++field) {
    auto feed = new_replica(stream.terms);
    for (const auto& block : stream.blocks) {
      auto bent = block;
      auto& last = bent.events.back();
      if (last.kind == pool_event_kind::swap && last.liquidity != 0 && block.number % 3 == 1) {
        switch (field) {
        case 0:
          last.sqrt_price_x96 += last.sqrt_price_x96 >> 12;
          break;
        case 1:
          last.tick += 1;
          break;
        case 2:
          last.liquidity += 1;
          break;
        case 3:
          last.amount0 += 1;
          break;
        default:
          last.amount1 += 1;
          break;
        }
        const auto before = feed.price();
        auto got = feed.apply(bent);
        ASSERT_FALSE(got) << "line " << last.line << " field " << field;
        const auto start = "line " + std::to_string(last.line) + ": swap: ";
        EXPECT_EQ(got.error().what.substr(0, start.size()), start);
        EXPECT_EQ(got.error().code, ec::bad_input);
        EXPECT_EQ(feed.price(), before);
        ++checked;
      }
      ASSERT_TRUE(feed.apply(block));
    }
  }
  EXPECT_GT(checked, 40U);
}

namespace {

constexpr pool_terms slipstream_of(uint32_t fee) {
  pool_terms terms;
  terms.kind = pool_kind::slipstream;
  terms.fee = fee;
  terms.unstaked_fee = slipstream_unstaked_fee;
  terms.tick_spacing = 100;
  terms.gauge = {7};
  terms.position_manager = {8};
  return terms;
}

/// A Slipstream pool with its record: what its events would report, whatever its fee was.
class chain_side {
public:
  chain_side() : at_(empty_pool(slipstream_of(500))) {
    EXPECT_TRUE(at_.initialize(u256{1} << 96, 100));
    EXPECT_TRUE(at_.mint({8}, -1000, 1000, 1'000'000'000'000'000, 100));
  }
  std::vector<pool_event> opening() const {
    auto minted = mint_of(-1000, 1000, 1'000'000'000'000'000);
    minted.owner = {8};
    auto copy = empty_pool(slipstream_of(500));
    EXPECT_TRUE(copy.initialize(u256{1} << 96, 100));
    const auto paid = copy.mint({8}, -1000, 1000, 1'000'000'000'000'000, 100);
    minted.amount0 = i256::from_u256(paid->amount0);
    minted.amount1 = i256::from_u256(paid->amount1);
    return {initialization(), minted};
  }
  pool_event swap(uint32_t fee, int64_t amount) {
    at_.set_fees(fee, slipstream_unstaked_fee);
    const auto got = at_.swap({true, amount, min_sqrt_ratio + 1}, 200);
    EXPECT_TRUE(got);
    pool_event e;
    e.kind = pool_event_kind::swap;
    e.line = 5;
    e.amount0 = got->amount0;
    e.amount1 = got->amount1;
    e.sqrt_price_x96 = at_.state().sqrt_price_x96;
    e.liquidity = at_.state().liquidity;
    e.tick = at_.state().tick;
    return e;
  }
  const pool& at() const { return at_; }

private:
  pool at_;
};

} // namespace

TEST(replica_events, find_the_fee_of_each_slipstream_swap) {
  chain_side chain;
  auto feed = replica::of_pool(slipstream_of(500));
  ASSERT_TRUE(feed.apply({1, 100, chain.opening(), {}}));
  feed_block block{2, 200, {}, {}};
  const std::vector<std::pair<uint32_t, int64_t>> swaps{{500, 1'000'000'000'000},
                                                        {731, -2'000'000'000'000},
                                                        {731, 500'000'000'000},
                                                        {0, 3'000'000'000'000},
                                                        {500, -300'000'000'000}};
  for (const auto& [fee, amount] : swaps)
    block.events.push_back(chain.swap(fee, amount));
  const auto record = feed.apply(block);
  ASSERT_TRUE(record) << record.error().what;
  for (size_t i = 0; i < swaps.size(); ++i)
    EXPECT_EQ((*record)->swaps[i].fee, swaps[i].first) << i;
  EXPECT_EQ(*feed.snapshot(), chain.at()); // fee growth and what the gauge has coming too
}

TEST(replica_events, believe_no_fee_that_is_reported_with_a_swap_and_does_not_explain_it) {
  for (const uint32_t reported : {731u, 730u}) {
    chain_side chain;
    auto feed = replica::of_pool(slipstream_of(500));
    ASSERT_TRUE(feed.apply({1, 100, chain.opening(), {}}));
    const auto swap = chain.swap(731, 1'000'000'000'000);
    auto fees = swap;
    fees.kind = pool_event_kind::fees;
    fees.amount0 = reported;
    fees.amount1 = slipstream_unstaked_fee;
    const auto got = feed.apply({2, 200, {fees, swap}, {}});
    if (reported == 731) {
      ASSERT_TRUE(got) << got.error().what;
      EXPECT_EQ((*got)->swaps.front().fee, 731u);
      continue;
    }
    ASSERT_FALSE(got);
    EXPECT_TRUE(got.error().what.starts_with("line 5: swap: recorded sqrt_price_x96 "));
    EXPECT_TRUE(got.error().what.ends_with(" with fee 730, which is reported with it"))
      << got.error().what;
    fees.line = 4; // of a line of its own it is only what holds from there on
    const auto searched = feed.apply({2, 200, {fees, swap}, {}});
    ASSERT_TRUE(searched) << searched.error().what;
    EXPECT_EQ((*searched)->swaps.front().fee, 731u);
  }
}

TEST(replica_events, report_that_no_fee_explains_a_slipstream_swap) {
  chain_side chain;
  auto feed = replica::of_pool(slipstream_of(500));
  ASSERT_TRUE(feed.apply({1, 100, chain.opening(), {}}));
  auto swap = chain.swap(500, 1'000'000'000'000);
  swap.amount1 = swap.amount1 - 1;
  const auto got = feed.apply({2, 200, {swap}, {}});
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().what.starts_with("line 5: swap: recorded amount1 ")) << got.error().what;
  EXPECT_TRUE(got.error().what.ends_with(" with fee 500, and no other up to 100000 leads there"))
    << got.error().what;
}

TEST(replica_events, leave_staking_to_slipstream_pools) {
  for (const auto kind : {pool_event_kind::fees, pool_event_kind::stake, pool_event_kind::reward}) {
    auto event = mint_of(-60, 60, 1);
    event.kind = kind;
    EXPECT_EQ(fault_of(event), "line 3: " + std::string{to_string(kind)}
                                 + ": only a Slipstream pool has such events");
  }
  auto feed = replica::of_pool(slipstream_of(500));
  chain_side chain;
  ASSERT_TRUE(feed.apply({1, 100, chain.opening(), {}}));
  auto event = mint_of(-1000, 1000, 1'000'000'000'000'001);
  event.kind = pool_event_kind::stake;
  EXPECT_EQ(feed.apply({2, 200, {event}, {}}).error().what,
            "line 3: stake: the pool reverts with LS");
  event.kind = pool_event_kind::fees;
  const std::pair<i256, i256> impossible[]{{1'000'000, 0}, {-1, 0}, {500, 1'000'001}, {500, -1}};
  for (const auto& [fee, unstaked_fee] : impossible) {
    event.amount0 = fee;
    event.amount1 = unstaked_fee;
    const auto got = feed.apply({2, 200, {event}, {}});
    ASSERT_FALSE(got) << to_string(fee) << " " << to_string(unstaked_fee);
    EXPECT_EQ(got.error().what,
              "line 3: fees: expected a fee below 1000000 and an unstaked fee up to it");
  }
}
