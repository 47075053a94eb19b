#include "sim/math/liquidity_math.hpp"
#include "tests/sim/pool/random_operations.hpp"
#include "tests/support/straight_replica.hpp"

#include <gtest/gtest.h>

namespace sluice {

using test::operation_kind;

namespace {

enum class stream_kind : uint8_t { uniswap, slipstream, slipstream_unreported };

pool_terms terms_of(stream_kind kind) {
  pool_terms terms;
  terms.fee = 500;
  terms.tick_spacing = 10;
  if (kind == stream_kind::uniswap)
    return terms;
  terms.kind = pool_kind::slipstream;
  terms.unstaked_fee = 50'000;
  terms.gauge = test::test_gauge;
  terms.position_manager = test::test_manager;
  return terms;
}

/// Blocks of anything that can happen in a pool, as a stream would report them.
class random_feed {
public:
  random_feed(stream_kind kind, uint64_t seed)
    : kind_(kind), pool_(test::new_pool(kind != stream_kind::uniswap)),
      any_(seed, kind != stream_kind::uniswap), luck_(seed + 1000) {}

  const pool& state() const { return pool_; }
  const feed_block& next() {
    block_ = {block_.number + 1, block_.time, {}, {}};
    for (auto count = luck_() % 8; count > 0; --count)
      add();
    return block_;
  }
  /// The last block with something in it that is not so; the same one when it has no events.
  feed_block bent() {
    auto block = block_;
    if (block.events.empty())
      return block;
    auto& event = block.events[luck_() % block.events.size()];
    switch (luck_() % 4) {
    case 0:
      event.amount0 += 1;
      event.tick -= 1; // of what has no amounts to compare
      event.liquidity = u128_max;
      break;
    case 1:
      event.liquidity += u128{1} << 90;
      break;
    case 2:
      event.sqrt_price_x96 += event.sqrt_price_x96 >> 14;
      event.amount1 = i256{} - event.amount1 - 1;
      break;
    default:
      block.events.emplace_back().kind = pool_event_kind::initialize; // it was before
    }
    return block;
  }

private:
  void add() {
    auto what = any_.next(pool_);
    if (what.kind == operation_kind::fees)
      what.amount = what.amount % 1000;
    block_.time = what.now
      = static_cast<uint32_t>(block_.time + (block_.events.empty() ? luck_() % 20 : 0));
    pool_event e;
    e.owner = what.key.owner;
    e.tick_lower = what.key.tick_lower;
    e.tick_upper = what.key.tick_upper;
    e.liquidity = what.liquidity;
    e.line = block_.number;
    e.log_index = static_cast<uint32_t>(block_.events.size());
    if (take(what, e))
      block_.events.push_back(e);
  }

  /// Plays it; true when it has an event.
  bool take(const test::operation& what, pool_event& e) {
    const bool reported = kind_ != stream_kind::slipstream_unreported;
    const auto paid = [&e](pool_event_kind kind, const or_revert<token_amounts>& got) {
      e.kind = kind;
      if (got) {
        e.amount0 = i256::from_u256(got->amount0);
        e.amount1 = i256::from_u256(got->amount1);
      }
      return static_cast<bool>(got);
    };
    switch (what.kind) {
    case operation_kind::mint:
      return paid(pool_event_kind::mint,
                  pool_.mint(e.owner, e.tick_lower, e.tick_upper, e.liquidity, what.now));
    case operation_kind::burn:
      return paid(pool_event_kind::burn,
                  pool_.burn(e.owner, e.tick_lower, e.tick_upper, e.liquidity, what.now));
    case operation_kind::collect:
      return paid(pool_event_kind::collect,
                  pool_.collect(e.owner, e.tick_lower, e.tick_upper, u128_max, u128_max));
    case operation_kind::swap:
      return swap(what, e);
    case operation_kind::stake:
      e.kind = what.delta < 0
                 ? (what.moves ? pool_event_kind::unstake : pool_event_kind::unstake_only)
                 : (what.moves ? pool_event_kind::stake : pool_event_kind::stake_only);
      e.liquidity = magnitude(what.delta);
      return test::play(pool_, what) == "done" && reported;
    case operation_kind::fees:
      e.kind = pool_event_kind::fees;
      e.amount0 = i256::from_u256(what.amount);
      e.amount1 = 50'000;
      pool_.set_fees(static_cast<uint32_t>(what.amount), 50'000);
      return luck_() % 2 == 0;
    case operation_kind::rewards:
      e.kind = pool_event_kind::reward;
      e.amount0 = i256::from_u256(what.amount);
      e.amount1 = i256::from_u256(what.amount * 1000);
      e.liquidity = what.now + 500;
      return test::play(pool_, what) == "done" && reported;
    case operation_kind::reward_update:
      e.kind = pool_event_kind::reward_update;
      return test::play(pool_, what) == "done" && reported;
    default: // what no stream reports
      return false;
    }
  }

  bool swap(const test::operation& what, pool_event& e) {
    const auto got = pool_.swap(what.order, what.now);
    if (!got)
      return false;
    const auto& state = pool_.state();
    e.kind = pool_event_kind::swap;
    e.amount0 = got->amount0;
    e.amount1 = got->amount1;
    e.sqrt_price_x96 = state.sqrt_price_x96;
    e.tick = state.tick;
    e.liquidity = state.liquidity;
    if (luck_() % 3 == 0 && kind_ == stream_kind::uniswap)
      e.asked = what.order;
    return true;
  }

  stream_kind kind_;
  pool pool_;
  test::any_operation any_;
  std::mt19937_64 luck_;
  feed_block block_{0, 1'000'000, {}, {}};
};

struct comparison {
  size_t blocks = 0;
  size_t swaps = 0;
  size_t refused = 0;
  size_t forgotten = 0;
};

/// One block in both; they agree about it, and a refused one has changed nothing.
bool agree(replica& feed, test::straight_replica& straight, const feed_block& block,
           comparison& count) {
  const auto kept = feed.snapshot();
  const pool before = *kept;
  const auto expected = straight.apply(block);
  const auto got = feed.apply(block);
  EXPECT_EQ(static_cast<bool>(got), expected.has_value()) << (got ? "" : got.error().what);
  EXPECT_EQ(*kept, before);
  auto swept = straight.state();
  count.forgotten += swept.forget_all_gone();
  EXPECT_EQ(*feed.snapshot(), swept);
  if (!got || !expected) {
    EXPECT_EQ(*feed.snapshot(), before);
    ++count.refused;
    return !testing::Test::HasFailure();
  }
  EXPECT_EQ((*got)->steps, expected->steps);
  EXPECT_EQ((*got)->swaps, expected->swaps);
  EXPECT_EQ((*got)->sqrt_price_x96, expected->sqrt_price_x96);
  EXPECT_EQ((*got)->tick, expected->tick);
  ++count.blocks;
  count.swaps += expected->swaps.size();
  return !testing::Test::HasFailure();
}

comparison replay_both(stream_kind kind, uint64_t seed, int blocks) {
  comparison count;
  random_feed source(kind, seed);
  auto feed = replica::of_pool(terms_of(kind), source.state());
  test::straight_replica straight(source.state(), 500);
  for (int i = 0; i < blocks; ++i) {
    const auto good = source.next();
    const auto refused = count.refused;
    if (i % 3 == 0 && !agree(feed, straight, source.bent(), count))
      return count;
    if (i % 3 == 0 && count.refused == refused)
      continue; // as good as the good one
    if (!agree(feed, straight, good, count))
      return count;
    if (i % 20 == 19) { // and from its bytes
      auto again = replica::load(feed.save());
      EXPECT_TRUE(again) << again.error().what;
      if (!again)
        return count;
      feed = *std::move(again);
    }
  }
  return count;
}

} // namespace

TEST(replica_straight, replays_what_copies_of_the_whole_pool_replay) {
  for (const auto kind :
       {stream_kind::uniswap, stream_kind::slipstream, stream_kind::slipstream_unreported}) {
    comparison all;
    for (uint64_t seed = 1; seed <= 12; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", kind "
                   + std::to_string(static_cast<int>(kind)));
      const auto one = replay_both(kind, seed, 120);
      ASSERT_FALSE(HasFailure());
      all.blocks += one.blocks;
      all.swaps += one.swaps;
      all.refused += one.refused;
      all.forgotten += one.forgotten;
    }
    EXPECT_GT(all.blocks, 1000U);
    EXPECT_GT(all.swaps, 500U);
    EXPECT_GT(all.refused, 100U);
    EXPECT_GT(all.forgotten, 100U);
  }
}

} // namespace sluice
