// Against the market in one go, from its first block: what a walk never does.
#include "actors/liquidity/market/market_walk.hpp"
#include "storage/liquidity/tables.hpp"
#include "tests/support/job_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>
#include <vector>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

constexpr uint64_t rounds = 12; // of ten blocks, from number 1 on

class market_walk_test : public actor_test {
protected:
  market_walk_test() { disk = open_disk("data"); }

  /// Plays the feed and stores it; the start of round n is full when `full(n)`.
  void play(const std::function<bool(uint64_t)>& full) {
    auto opened = io::open_feed(job);
    ASSERT_TRUE(opened);
    storage::batch writes;
    for (uint64_t n = 0; n < 10 * (rounds + 1); ++n) {
      if (n % 10 == 0 && n > 0)
        tables::checkpoints.put(
          writes, {job.id, n},
          {n - 1, 7 * n, full(n / 10) ? opened->start.save() : "", opened->source->cursor()});
      auto block = opened->source->next();
      ASSERT_TRUE(block && *block);
      ASSERT_TRUE(opened->start.apply(**block));
      if (n >= 10)
        tables::feed_blocks.put(writes, {job.id, n}, **block);
    }
    ASSERT_TRUE(disk->commit(writes));
  }

  round_record row(uint64_t number) const {
    round_record x;
    x.id = {job.id, round_kind::evaluation, {number}};
    x.start_block = 10 * number;
    x.end_block = x.start_block + 9;
    return x;
  }

  void expect_right(market_walk& walk, uint64_t number) const {
    SCOPED_TRACE(number);
    const auto got = walk.window_of(row(number));
    ASSERT_TRUE(got) << got.error().what;
    const auto wanted = market_of(job, 10 * number, 10 * number + 9);
    EXPECT_EQ(got->start, wanted->start);
    EXPECT_EQ(*got->start_pool, *wanted->start_pool);
    ASSERT_EQ(got->blocks.size(), wanted->blocks.size());
    for (size_t i = 0; i < got->blocks.size(); ++i) {
      EXPECT_EQ(got->blocks[i]->block, wanted->blocks[i]->block);
      EXPECT_EQ(got->blocks[i]->steps, wanted->blocks[i]->steps);
      EXPECT_EQ(got->blocks[i]->swaps, wanted->blocks[i]->swaps);
      EXPECT_EQ(got->blocks[i]->sqrt_price_x96, wanted->blocks[i]->sqrt_price_x96);
    }
  }

  job_config job = small_job();
  std::shared_ptr<storage::data_dir> disk;
};

TEST_F(market_walk_test, every_round_is_the_same_however_one_gets_there) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 rng{seed};
  for (const uint64_t every : {1, 4, 100}) {
    SCOPED_TRACE(testing::Message() << "a full checkpoint every " << every << " rounds");
    play([every](uint64_t n) { return n % every == 1 % every; });
    std::vector<uint64_t> order(rounds);
    std::iota(order.begin(), order.end(), uint64_t{1});
    for (const size_t bytes_max : {size_t{0}, size_t{1} << 20}) {
      market_walk onward{*disk, job.id, bytes_max};
      for (const auto n : order)
        expect_right(onward, n);
      auto any = order;
      std::shuffle(any.begin(), any.end(), rng);
      market_walk about{*disk, job.id, bytes_max};
      for (const auto n : any)
        expect_right(about, n);
    }
    storage::batch writes;
    for (const auto n : order)
      tables::checkpoints.erase(writes, {job.id, 10 * n});
    ASSERT_TRUE(disk->commit(writes));
  }
}

TEST_F(market_walk_test, a_full_checkpoint_that_is_not_needed_is_read_when_it_is_small) {
  play([](uint64_t) { return true; });
  auto bent = *tables::checkpoints.get(*disk, {job.id, 30});
  bent.replica[bent.replica.size() / 2] ^= 1;
  storage::batch writes;
  tables::checkpoints.put(writes, {job.id, 30}, bent);
  ASSERT_TRUE(disk->commit(writes));
  market_walk passing{*disk, job.id, 0};
  for (uint64_t n = 2; n <= 4; ++n)
    expect_right(passing, n);
  market_walk reading{*disk, job.id};
  expect_right(reading, 2);
  const auto got = reading.window_of(row(3));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::corrupt_data);
  EXPECT_TRUE(got.error().what.starts_with("the recorded start: ")) << got.error().what;
  expect_right(reading, 4);
}

TEST_F(market_walk_test, a_round_without_a_start_is_no_such_key) {
  play([](uint64_t n) { return n == 1; });
  storage::batch writes;
  tables::checkpoints.erase(writes, {job.id, 30});
  ASSERT_TRUE(disk->commit(writes));
  market_walk walk{*disk, job.id};
  expect_right(walk, 2);
  const auto got = walk.window_of(row(3));
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::no_such_key);
  expect_right(walk, 4);
}

TEST_F(market_walk_test, a_bent_block_is_named_by_the_rounds_that_need_it) {
  play([](uint64_t n) { return n == 1 || n == 5; });
  const uint64_t at = [&] {
    for (uint64_t n = 25;; ++n) {
      const auto block = tables::feed_blocks.get(*disk, {job.id, n});
      for (const auto& event : block->events)
        if (event.kind == pool_event_kind::swap)
          return n;
    }
  }();
  ASSERT_LT(at, 40U);
  auto block = *tables::feed_blocks.get(*disk, {job.id, at});
  for (auto& event : block.events)
    if (event.kind == pool_event_kind::swap)
      event.sqrt_price_x96 += u256{1};
  storage::batch writes;
  tables::feed_blocks.put(writes, {job.id, at}, block);
  ASSERT_TRUE(disk->commit(writes));
  const auto name = "block " + std::to_string(at) + ": ";
  market_walk walk{*disk, job.id};
  const auto inside = walk.window_of(row(at / 10));
  ASSERT_FALSE(inside);
  EXPECT_TRUE(inside.error().what.starts_with(name)) << inside.error().what;
  const auto after = walk.window_of(row(4));
  ASSERT_FALSE(after);
  EXPECT_TRUE(after.error().what.starts_with("the recorded start: " + name)) << after.error().what;
  expect_right(walk, 5);
}

TEST_F(market_walk_test, a_feed_takes_up_its_round_as_if_it_had_never_stopped) {
  play([](uint64_t n) { return n == 1 || n == 8; });
  job_record record;
  record.config = job;
  auto opened = io::open_feed(job);
  uint64_t cost = 0;
  for (uint64_t n = 0; n < 10 * rounds; ++n) {
    if (n % 10 == 0 && n > 0) {
      record.next_round = n / 10;
      cost = n == 10 || n == 80 ? 0 : cost;
      const auto place = feed_place_of(*disk, record);
      ASSERT_TRUE(place) << place.error().what;
      EXPECT_EQ(place->at,
                (checkpoint{n - 1, 7 * n, opened->start.save(), opened->source->cursor()}));
      EXPECT_EQ(place->cost, cost);
    }
    const auto block = *opened->source->next();
    ASSERT_TRUE(opened->start.apply(*block));
    cost += 1 + block->events.size();
  }
  record.next_round = 99;
  const auto none = feed_place_of(*disk, record);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ec::no_such_key);
  EXPECT_TRUE(none.error().what.starts_with("job pair: the recorded start of its round: "));
}

} // namespace
} // namespace sluice::test
