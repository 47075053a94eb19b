#include "rules/liquidity/ids.hpp"
#include "storage/liquidity/block_run.hpp"
#include "storage/liquidity/market_history.hpp"
#include "storage/liquidity/tables.hpp"
#include "tests/storage/any_value.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::storage {
namespace {

block_run any_run(test::any_value& any) {
  block_run run;
  run.blocks.resize(1 + any.below(6));
  for (auto& x : run.blocks) {
    any.fill(x);
    for (auto& e : x.events) { // what is usual is as frequent as what is not
      if (any.below(2) == 0)
        e.owner = {};
      if (any.below(2) == 0)
        e.tick_lower = e.tick_upper = 0;
      if (any.below(2) == 0)
        e.line = 0;
      if (e.asked && any.below(2) == 0)
        e.asked->amount_specified = any.below(2) == 0 ? e.amount0 : e.amount1;
      if (e.asked && any.below(2) == 0)
        e.asked->sqrt_price_limit_x96 = *u256::parse(
          any.below(2) == 0 ? "4295128740" : "1461446703485210103287273052203988822378723970341");
    }
  }
  return run;
}

/// As a market states them: numbers and times in steps, swaps that follow each other.
std::vector<feed_block> usual_blocks(std::mt19937_64& chance, uint64_t first, size_t count) {
  std::vector<feed_block> blocks;
  u256 price = u256{1} << 90;
  for (size_t i = 0; i < count; ++i) {
    feed_block x{first + i, 1'700'000'000 + 2 * i, {}, {}};
    for (auto n = chance() % 3; n > 0; --n) {
      pool_event e;
      e.log_index = static_cast<uint32_t>(x.events.size());
      e.liquidity = u128{123'456'789} << 40;
      e.amount0 = static_cast<int64_t>(chance() >> 4);
      e.amount1 = -static_cast<int64_t>(chance() >> 30);
      price += u256{chance()} << 16;
      e.sqrt_price_x96 = price;
      e.tick = -200'000 + static_cast<int32_t>(chance() % 50);
      e.asked = swap_request{true, e.amount0, *u256::parse("4295128740")};
      x.events.push_back(e);
    }
    blocks.push_back(std::move(x));
  }
  return blocks;
}

TEST(block_run, any_blocks_come_back_exactly_and_have_one_form) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  test::any_value any{seed};
  for (int i = 0; i < 3000; ++i) {
    const auto run = any_run(any);
    const auto bytes = encode(run);
    const auto back = decode<block_run>(bytes);
    ASSERT_TRUE(back) << back.error().what;
    ASSERT_EQ(*back, run);
    ASSERT_EQ(encode(*back), bytes);
  }
}

TEST(block_run, extremes_come_back) {
  block_run run;
  feed_block x{UINT64_MAX, UINT64_MAX, {}, price_bar{}};
  pool_event e;
  e.log_index = e.line = UINT32_MAX;
  e.tick = e.tick_lower = INT32_MIN;
  e.tick_upper = INT32_MAX;
  e.amount0 = i256::min();
  e.amount1 = i256::max();
  e.liquidity = u128_max;
  e.sqrt_price_x96 = u256::max();
  e.asked = swap_request{true, i256::min(), u256::max()};
  x.events = {e, e, {}};
  x.bar = price_bar{INT32_MIN, INT32_MAX, u128_max, u256::max(), u256::max(), UINT32_MAX};
  run.blocks = {x, feed_block{}, x, {0, 0, {e}, {}}};
  const auto back = decode<block_run>(encode(run));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_EQ(*back, run);
}

/// Whatever one changes in the bytes is a fault, or other blocks that have exactly these bytes.
TEST(block_run, bent_bytes_are_a_fault_or_another_run_never_a_second_form) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 chance{seed};
  test::any_value any{seed};
  size_t refused = 0;
  for (int i = 0; i < 4000; ++i) {
    auto bytes = encode(any_run(any));
    for (auto n = 1 + chance() % 3; n > 0; --n) {
      const auto at = chance() % bytes.size();
      if (chance() % 4 == 0)
        bytes.resize(at);
      else
        bytes[at] = static_cast<char>(chance());
      if (bytes.empty())
        break;
    }
    const auto back = decode<block_run>(bytes);
    refused += back ? 0 : 1;
    if (back)
      ASSERT_EQ(encode(*back), bytes);
    else
      EXPECT_EQ(back.error().code, ec::corrupt_data);
  }
  EXPECT_GT(refused, 1000U);
}

TEST(block_run, a_count_that_the_bytes_cannot_hold_takes_no_memory) {
  std::string bytes = encode(block_run{}).substr(0, 2);
  bytes += std::string{"\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12};
  const auto back = decode<block_run>(bytes);
  ASSERT_FALSE(back);
  EXPECT_NE(back.error().what.find("counts more than it holds"), std::string::npos);
}

TEST(block_run, usual_blocks_take_a_sixth_of_what_a_row_each_took) {
  std::mt19937_64 chance{7};
  block_run run{usual_blocks(chance, 1000, 450)};
  size_t apart = 0;
  for (const auto& x : run.blocks)
    apart += encode(x).size();
  EXPECT_LT(encode(run).size() * 6, apart);
}

class stored_runs : public testing::Test {
protected:
  stored_runs() {
    auto opened
      = data_dir::open(folder_ / "data", {"test", 1, "digest"}, open_mode::create_or_continue,
                       {.layout = &storage::test::layout()});
    EXPECT_TRUE(opened) << opened.error().what;
    disk_.emplace(*std::move(opened));
  }

  std::vector<uint64_t> numbers_from(uint64_t from, uint64_t until = UINT64_MAX) const {
    std::vector<uint64_t> found;
    EXPECT_TRUE(for_blocks_from(*disk_, job_, from, [&](feed_block&& x) {
      if (x.number > until)
        return false;
      found.push_back(x.number);
      return true;
    }));
    return found;
  }

  const job_id job_{"pair"};
  test::temp_folder folder_;
  std::optional<data_dir> disk_;
};

TEST_F(stored_runs, are_read_from_any_block_on_whatever_rows_they_are_in) {
  std::mt19937_64 chance{11};
  const auto blocks = usual_blocks(chance, 100, 3000);
  batch writes;
  std::vector<uint64_t> wanted;
  for (size_t i = 0; i < 500; ++i) // as version 0.2.0 stored them
    tables::feed_blocks.put(writes, {job_, blocks[i].number}, blocks[i]);
  for (size_t round = 500; round < blocks.size(); round += 1250) {
    std::vector<const feed_block*> some;
    for (size_t i = round; i < round + 1250; ++i)
      if (i % 7 != 0) // a recording need not have every block
        some.push_back(&blocks[i]);
    put_blocks(writes, job_, some);
  }
  for (const auto* other : {"pai", "pair2"})
    put_blocks(writes, {other}, std::vector<const feed_block*>{blocks.data()});
  ASSERT_TRUE(disk_->commit(writes));
  for (size_t i = 0; i < blocks.size(); ++i)
    if (i < 500 || i % 7 != 0)
      wanted.push_back(blocks[i].number);
  for (const uint64_t from :
       {0U, 100U, 250U, 599U, 600U, 601U, 607U, 1849U, 1850U, 2500U, 3099U, 3100U, 9000U}) {
    std::vector<uint64_t> rest;
    for (const auto n : wanted)
      if (n >= from)
        rest.push_back(n);
    EXPECT_EQ(numbers_from(from), rest) << from;
  }
  EXPECT_EQ(numbers_from(598, 602), (std::vector<uint64_t>{598, 599, 600, 601, 602}));
  size_t rows = 0;
  ASSERT_TRUE(tables::block_runs.for_prefix(*disk_, job_, [&](const block_key& key, block_run x) {
    ++rows;
    EXPECT_EQ(key.block, x.blocks.front().number);
    EXPECT_LE(encode(x).size(), block_run_bytes_max);
  }));
  EXPECT_GT(rows, 2U);
}

TEST_F(stored_runs, a_block_that_is_longer_than_a_row_has_one_of_its_own) {
  std::mt19937_64 chance{5};
  auto blocks = usual_blocks(chance, 1, 3);
  for (int i = 0; i < 2000; ++i)
    blocks[1].events.push_back(
      {pool_event_kind::burn, 0, 0, {}, i, 2 * i + 1, u128{1} << 70, {}, {}, {}, 0, {}});
  batch writes;
  put_blocks(writes, job_, std::vector<const feed_block*>{&blocks[0], &blocks[1], &blocks[2]});
  ASSERT_EQ(writes.writes.size(), 3U);
  ASSERT_TRUE(disk_->commit(writes));
  std::vector<feed_block> found;
  ASSERT_TRUE(for_blocks_from(*disk_, job_, 0, [&](feed_block&& x) {
    found.push_back(std::move(x));
    return true;
  }));
  EXPECT_EQ(found, blocks);
}

} // namespace
} // namespace sluice::storage
