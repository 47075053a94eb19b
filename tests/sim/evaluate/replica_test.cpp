#include "sim/evaluate/market.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/sim/evaluate/replica_parts.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

using namespace sluice;
using test::bundled_stream;
using test::initialization;
using test::new_replica;

namespace {

struct swap_kinds {
  int exact_in = 0;
  int exact_out = 0;
  int limited = 0;
  bool operator==(const swap_kinds&) const = default;
};

/// Replays a stream and compares every swap with its record, field by field.
swap_kinds replay(const io::event_stream& stream, replica& feed) {
  swap_kinds kinds;
  for (const auto& block : stream.blocks) {
    auto record = feed.apply(block);
    if (!record) {
      ADD_FAILURE() << record.error().what;
      break;
    }
    size_t next = 0;
    for (const auto& event : block.events) {
      if (event.kind != pool_event_kind::swap)
        continue;
      const auto& swap = (*record)->swaps.at(next++);
      EXPECT_EQ(swap.sqrt_price_x96, event.sqrt_price_x96);
      EXPECT_EQ(swap.tick, event.tick);
      if (swap.asked.amount_specified == i256::max())
        ++kinds.limited;
      else
        ++(swap.asked.amount_specified.is_negative() ? kinds.exact_out : kinds.exact_in);
    }
    EXPECT_EQ(next, (*record)->swaps.size());
    if (!(*record)->swaps.empty()) {
      EXPECT_EQ((*record)->swaps.back().steps_until, (*record)->steps.size());
    }
  }
  return kinds;
}

} // namespace

TEST(replica, reproduces_what_the_real_contract_recorded) {
  for (const char* name : {"p1.jsonl", "p5.jsonl"}) {
    SCOPED_TRACE(name);
    const auto stream = bundled_stream(name);
    auto feed = new_replica(stream.terms);
    const auto kinds = replay(stream, feed);
    EXPECT_GT(kinds.exact_in, 20);
    EXPECT_GT(kinds.exact_out, 10);
    EXPECT_GT(kinds.limited, 3);
  }
}

TEST(replica, knows_how_the_swaps_of_a_real_pool_were_asked_for) {
  if (!test::shared_has("data/mainnet/ens-weth-3000.jsonl"))
    GTEST_SKIP() << "not in the shared folder: data/mainnet/ens-weth-3000.jsonl";
  auto stream
    = io::read_event_stream((test::shared_folder() / "data/mainnet/ens-weth-3000.jsonl").string());
  ASSERT_TRUE(stream) << stream.error().what;
  auto feed = new_replica(stream->terms);
  EXPECT_EQ(replay(*stream, feed), (swap_kinds{55, 7, 1}));
}

TEST(replica, reproduces_every_indexed_corpus) {
  if (!test::shared_has("vectors/uniswap-v3"))
    GTEST_SKIP() << "not in the shared folder: vectors/uniswap-v3";
  for (const char* name : {"p1-weth-usdc-500", "p2-usdc-btc-3000", "p3-stable-100", "p4-meme-10000",
                           "p5-torture-3000", "p6-wrap-3000"}) {
    SCOPED_TRACE(name);
    auto stream = io::read_event_stream(
      (test::shared_folder() / "vectors/uniswap-v3" / (std::string{name} + ".indexer.jsonl"))
        .string());
    ASSERT_TRUE(stream) << stream.error().what;
    auto feed = new_replica(stream->terms);
    const auto kinds = replay(*stream, feed);
    EXPECT_GT(kinds.exact_in + kinds.exact_out + kinds.limited, 100);
  }
}

TEST(replica, takes_a_market_as_it_was_asked_for) {
  market source({}, 7);
  auto feed = new_replica(source.terms().pool);
  size_t swaps = 0;
  for (int i = 0; i < 400; ++i) {
    const auto block = source.next();
    auto record = feed.apply(block);
    ASSERT_TRUE(record) << record.error().what;
    swaps += (*record)->swaps.size();
    EXPECT_EQ((*record)->sqrt_price_x96, source.state().state().sqrt_price_x96);
  }
  EXPECT_GT(swaps, 100U);
  auto left = source.state();
  left.forget_all_gone();
  EXPECT_EQ(*feed.snapshot(), left);
}

TEST(replica, finds_out_how_a_market_was_asked_when_it_is_not_reported) {
  market source({}, 8);
  auto reported = new_replica(source.terms().pool);
  auto guessing = new_replica(source.terms().pool);
  for (int i = 0; i < 200; ++i) {
    auto block = source.next();
    auto one = reported.apply(block);
    for (auto& event : block.events)
      event.asked.reset();
    auto other = guessing.apply(block);
    ASSERT_TRUE(one && other) << other.error().what;
    EXPECT_EQ((*one)->steps, (*other)->steps);
  }
  EXPECT_EQ(*reported.snapshot(), *guessing.snapshot());
}

TEST(replica, a_snapshot_never_changes) {
  market source({}, 9);
  auto feed = new_replica(source.terms().pool);
  ASSERT_TRUE(feed.apply(source.next()));
  const auto kept = feed.snapshot();
  const pool copy = *kept;
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(feed.apply(source.next()));
  EXPECT_EQ(*kept, copy);
  EXPECT_FALSE(*feed.snapshot() == copy);
}

TEST(replica, makes_one_snapshot_of_each_state) {
  market source({}, 9);
  auto feed = new_replica(source.terms().pool);
  ASSERT_TRUE(feed.apply(source.next()));
  const auto kept = feed.snapshot();
  EXPECT_EQ(feed.snapshot(), kept);
  ASSERT_TRUE(feed.apply({1, 0, {}, {}})); // nothing happened
  EXPECT_EQ(feed.snapshot(), kept);
  auto other = feed; // goes its own way
  while (feed.snapshot() == kept)
    ASSERT_TRUE(feed.apply(source.next()));
  EXPECT_EQ(other.snapshot(), kept);
  EXPECT_FALSE(*feed.snapshot() == *kept);
}

TEST(replica, keeps_no_position_that_nothing_is_left_of) {
  market source({}, 10);
  auto feed = new_replica(source.terms().pool);
  for (int i = 0; i < 30'000; ++i)
    ASSERT_TRUE(feed.apply(source.next()));
  auto left = source.state();
  EXPECT_GT(left.forget_all_gone(), 30U);
  EXPECT_LT(left.positions().size(), 60U);
  EXPECT_EQ(*feed.snapshot(), left);
  // Bytes of a version that kept them: the market's own pool does.
  std::string bytes = feed.save();
  const auto tail = left.save();
  ASSERT_TRUE(bytes.ends_with(tail));
  bytes.replace(bytes.size() - tail.size(), tail.size(), source.state().save());
  auto old = replica::load(bytes);
  ASSERT_TRUE(old) << old.error().what;
  EXPECT_EQ(old->save(), feed.save());
}

TEST(replica, comes_back_from_its_bytes_and_goes_on_the_same) {
  const auto stream = bundled_stream("p1.jsonl");
  auto feed = new_replica(stream.terms);
  for (size_t i = 0; i < stream.blocks.size() / 2; ++i)
    ASSERT_TRUE(feed.apply(stream.blocks[i]));
  auto again = replica::load(feed.save());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->terms(), feed.terms());
  for (size_t i = stream.blocks.size() / 2; i < stream.blocks.size(); ++i) {
    ASSERT_TRUE(feed.apply(stream.blocks[i]));
    ASSERT_TRUE(again->apply(stream.blocks[i]));
  }
  EXPECT_EQ(*again->snapshot(), *feed.snapshot());

  auto bars = replica::of_bars({500, 10, 6, 18}, {sqrt_ratio_at_tick(-77), -77});
  auto bars_again = replica::load(bars.save());
  ASSERT_TRUE(bars_again);
  EXPECT_EQ(bars_again->price(), bars.price());
  EXPECT_EQ(bars_again->snapshot(), nullptr);
}

TEST(replica, refuses_bytes_that_it_did_not_write) {
  const auto good = replica::of_bars({500, 10, 6, 18}, {sqrt_ratio_at_tick(5), 5}).save();
  ASSERT_TRUE(replica::load(good));
  for (size_t n = 0; n < good.size(); ++n)
    EXPECT_FALSE(replica::load(good.substr(0, n))) << n;
  EXPECT_FALSE(replica::load(good + "x"));
  auto wrong_tick = good;
  wrong_tick[wrong_tick.size() - 4] = 6;
  EXPECT_FALSE(replica::load(wrong_tick));
  const auto pool_bytes = new_replica({500, 10, 6, 18}).save();
  ASSERT_TRUE(replica::load(pool_bytes));
  auto other_fee = pool_bytes;
  other_fee[6] ^= 1;
  EXPECT_FALSE(replica::load(other_fee));
}

TEST(replica, is_alive_from_its_first_price_on) {
  auto feed = new_replica({3000, 60, 18, 18});
  EXPECT_FALSE(feed.alive());
  ASSERT_TRUE(feed.apply({1, 100, {initialization()}, {}}));
  EXPECT_TRUE(feed.alive());
  EXPECT_EQ(feed.price(), (price_point{u256{1} << 96, 0}));
  EXPECT_TRUE(replica::of_bars({}, {}).alive());
}

TEST(replica, a_bar_is_one_step_and_counts_as_a_swap_when_something_came_in) {
  auto feed = replica::of_bars({500, 10, 6, 18}, {});
  auto moved = feed.apply({1, 60, {}, price_bar{10, 20, 777, 1999, 2'000'001, 2}});
  ASSERT_TRUE(moved);
  const path_step step{sqrt_ratio_at_tick(10), sqrt_ratio_at_tick(20), 777, 0, 1000};
  EXPECT_EQ((*moved)->steps, std::vector{step});
  ASSERT_EQ((*moved)->swaps.size(), 1U);
  EXPECT_EQ((*moved)->swaps[0].tick, 20);
  auto quiet = feed.apply({2, 120, {}, price_bar{20, 25, 777, 0, 0, 3}});
  ASSERT_TRUE(quiet);
  EXPECT_TRUE((*quiet)->swaps.empty());
  EXPECT_EQ(feed.price().tick, 25);
  auto nothing_there = feed.apply({3, 180, {}, {}});
  ASSERT_TRUE(nothing_there);
  EXPECT_EQ((*nothing_there)->tick, 25);
}

TEST(replica, reports_the_line_of_a_bar_out_of_range) {
  auto feed = replica::of_bars({500, 10, 6, 18}, {});
  auto got = feed.apply({1, 60, {}, price_bar{887272, 0, 1, 1, 1, 17}});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().what, "line 17: bar: expected ticks from -887272 to 887271, got 887272");
}

TEST(replica, feeds_do_not_mix) {
  auto bars = replica::of_bars({}, {});
  EXPECT_FALSE(bars.apply({1, 60, {initialization()}, {}}));
  auto events = new_replica({});
  EXPECT_FALSE(events.apply({1, 60, {}, price_bar{}}));
}

TEST(replica, of_a_slipstream_pool_gives_rewards_by_the_block_and_survives_its_checkpoint) {
  pool_terms terms;
  terms.kind = pool_kind::slipstream;
  terms.fee = 100;
  terms.unstaked_fee = 50'000;
  terms.tick_spacing = 1;
  terms.gauge = {7};
  terms.position_manager = {8};
  auto feed = replica::of_pool(terms);
  pool_event initialization;
  initialization.kind = pool_event_kind::initialize;
  initialization.sqrt_price_x96 = u256{1} << 96;
  pool_event mint;
  mint.kind = pool_event_kind::mint;
  mint.owner = {8};
  mint.tick_lower = -1;
  mint.tick_upper = 1;
  mint.liquidity = 20'001;
  mint.amount0 = mint.amount1 = 1;
  auto stake = mint;
  stake.kind = pool_event_kind::stake;
  stake.liquidity = 20'000;
  pool_event update;
  update.kind = pool_event_kind::reward_update;
  auto reward = update;
  reward.kind = pool_event_kind::reward;
  reward.amount0 = 10;
  reward.amount1 = 1005;
  auto fees = update;
  fees.kind = pool_event_kind::fees;
  fees.amount0 = 77;
  fees.amount1 = 60'000;
  auto first = feed.apply({1, 1000, {initialization, mint, stake, update, reward, fees}, {}});
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ((*first)->reward, path_reward{});
  // 10 a second, whether the pool itself is notified of the time or not.
  EXPECT_EQ((*feed.apply({2, 1010, {}, {}}))->reward, (path_reward{100, 20'000}));
  EXPECT_EQ((*feed.apply({3, 1030, {update}, {}}))->reward, (path_reward{200, 20'000}));
  const auto bytes = feed.save();
  auto again = replica::load(bytes);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->terms(), terms);
  EXPECT_EQ(again->save(), bytes);
  EXPECT_EQ(*again->snapshot(), *feed.snapshot());
  EXPECT_EQ(again->snapshot()->fee(), 77u); // no longer what it started with
  for (auto* one : {&feed, &*again}) {
    EXPECT_EQ((*one->apply({4, 1031, {}, {}}))->reward, (path_reward{10, 20'000}));
    EXPECT_EQ((*one->apply({9, 2000, {}, {}}))->reward, (path_reward{695, 20'000})); // all of it
    EXPECT_EQ((*one->apply({10, 3000, {}, {}}))->reward, (path_reward{0, 20'000}));
  }
  for (size_t cut = 5; cut < 90; ++cut)
    EXPECT_FALSE(replica::load(std::string_view{bytes}.substr(0, cut)));
  auto other = bytes;
  other[5 + 1 + 10 + 4] ^= 1; // another gauge than the pool's
  EXPECT_EQ(replica::load(other).error().what, "saved market: the pool has other terms");
}

TEST(replica, the_fee_of_a_window_is_that_of_its_last_swap_or_what_was_reported_since) {
  const auto block = [](std::vector<pool_event> events, uint32_t fee) {
    auto record = std::make_shared<block_record>();
    for (const auto& event : events)
      if (event.kind == pool_event_kind::swap)
        record->swaps.push_back({0, {}, 0, {}, fee});
    record->block.events = std::move(events);
    return record;
  };
  pool_event swap, reported;
  swap.kind = pool_event_kind::swap;
  reported.kind = pool_event_kind::fees;
  reported.amount0 = 77;
  window market;
  market.terms.fee = 500;
  EXPECT_EQ(current_fee(market), 500u);
  market.start_pool = std::make_shared<pool>(90, 10);
  EXPECT_EQ(current_fee(market), 90u);
  market.blocks.push_back(block({swap}, 450));
  market.blocks.push_back(block({}, 0));
  EXPECT_EQ(current_fee(market), 450u);
  market.blocks.push_back(block({swap, reported}, 300));
  EXPECT_EQ(current_fee(market), 77u);
  market.blocks.push_back(block({reported, swap}, 310));
  EXPECT_EQ(current_fee(market), 310u);
}
