#include "storage/liquidity/market_history.hpp"
#include "storage/liquidity/tables.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

class market_history : public testing::Test {
protected:
  void SetUp() override {
    auto opened
      = data_dir::open(temp.path() / "data", {"0.3.0", 1, ""}, open_mode::create_or_continue,
                       {.map_bytes = 1 << 20, .layout = &test::layout()});
    ASSERT_TRUE(opened) << opened.error().what;
    disk.emplace(*std::move(opened));
  }

  void put(const std::string& job, uint64_t block, const std::string& pool) {
    batch writes;
    tables::checkpoints.put(writes, {{job}, block},
                            {block - 1, 7, pool, "place " + std::to_string(block)});
    ASSERT_TRUE(disk->commit(writes));
  }

  test::temp_folder temp;
  std::optional<data_dir> disk;
};

TEST_F(market_history, a_round_starts_from_the_last_full_checkpoint_until_there) {
  put("j", 10, "first");
  put("j", 20, "");
  put("j", 30, "");
  put("j", 40, "second");
  put("j", 50, "");
  put("other", 35, "foreign");
  for (const auto& [block, pool] : std::map<uint64_t, std::string>{
         {10, "first"}, {20, "first"}, {30, "first"}, {40, "second"}, {50, "second"}}) {
    const auto start = find_start(*disk, {"j"}, block);
    ASSERT_TRUE(start) << start.error().what;
    EXPECT_EQ(start->at.cursor, "place " + std::to_string(block));
    EXPECT_EQ(start->full.replica, pool) << block;
    EXPECT_EQ(is_full(start->at), block == 10 || block == 40);
  }
}

TEST_F(market_history, a_round_that_has_not_started_there_is_no_such_key) {
  put("j", 10, "first");
  for (const uint64_t block : {uint64_t{0}, uint64_t{9}, uint64_t{11}}) {
    const auto start = find_start(*disk, {"j"}, block);
    ASSERT_FALSE(start) << block;
    EXPECT_EQ(start.error().code, ec::no_such_key);
  }
}

TEST_F(market_history, without_a_full_checkpoint_before_it_the_folder_is_damaged) {
  put("a", 5, "of the job before it in the table");
  put("j", 1, "");
  put("j", 20, "");
  const auto start = find_start(*disk, {"j"}, 20);
  ASSERT_FALSE(start);
  EXPECT_EQ(start.error().code, ec::corrupt_data);
  EXPECT_EQ(start.error().what, "no full checkpoint at block 20 or before it");
}

TEST(replay_cost, counts_blocks_and_events) {
  feed_block x;
  EXPECT_EQ(replay_cost(x), 1U);
  x.events.resize(3);
  EXPECT_EQ(replay_cost(x), 4U);
}

} // namespace
} // namespace sluice::storage
