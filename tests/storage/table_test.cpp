#include "storage/liquidity/tables.hpp"
#include "storage/table.hpp"
#include "storage/tables.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

class table_test : public testing::Test {
protected:
  table_test() : env_(open()) {}

  environment open() {
    environment_options o;
    o.store = pool_events_store;
    o.tables = {"feed_blocks"};
    auto env = environment::open(temp_.path() / "env", o);
    EXPECT_TRUE(env);
    return *std::move(env);
  }

  void put(const std::string& job, std::initializer_list<uint64_t> blocks) {
    batch writes;
    for (const auto n : blocks)
      blocks_.put(writes, {{job}, n}, {n, n * 10, {}, {}});
    ASSERT_TRUE(env_.commit(writes));
  }

  test::temp_folder temp_;
  environment env_;
  const table<block_key, feed_block>& blocks_ = tables::feed_blocks;
};

using list = std::vector<uint64_t>;

TEST_F(table_test, puts_gets_and_erases_typed_rows) {
  put("j", {1});
  EXPECT_EQ(blocks_.get(env_, {{"j"}, 1})->time, 10u);
  EXPECT_EQ(blocks_.get(env_, {{"j"}, 2}).error().code, ec::no_such_key);
  EXPECT_TRUE(blocks_.find(env_, {{"j"}, 1})->has_value());
  EXPECT_FALSE(blocks_.find(env_, {{"j"}, 2})->has_value());
  batch writes;
  blocks_.erase(writes, {{"j"}, 1});
  ASSERT_TRUE(env_.commit(writes));
  EXPECT_FALSE(blocks_.find(env_, {{"j"}, 1})->has_value());
}

TEST_F(table_test, states_how_long_a_value_is) {
  put("j", {1, 3});
  EXPECT_EQ(*blocks_.bytes_of(env_, {{"j"}, 1}), encode(feed_block{1, 10, {}, {}}).size());
  EXPECT_EQ(*blocks_.bytes_of(env_, {{"j"}, 2}), std::nullopt); // the next key is not taken for it
  EXPECT_EQ(*blocks_.bytes_of(env_, {{"j"}, 4}), std::nullopt);
}

TEST_F(table_test, walks_rows_in_the_order_of_their_keys) {
  put("b", {300, 2, 1});
  put("a", {7});
  put("ba", {5});
  list seen;
  const auto note = [&seen](const block_key&, const feed_block& b) { seen.push_back(b.number); };
  ASSERT_TRUE(blocks_.for_each(env_, note));
  EXPECT_EQ(seen, (list{7, 1, 2, 300, 5}));
  seen.clear();
  ASSERT_TRUE(blocks_.for_prefix(env_, job_id{"b"}, note));
  EXPECT_EQ(seen, (list{1, 2, 300}));
  seen.clear();
  ASSERT_TRUE(blocks_.for_prefix_from(env_, job_id{"b"}, {{"b"}, 2}, note));
  EXPECT_EQ(seen, (list{2, 300}));
  seen.clear();
  ASSERT_TRUE(blocks_.for_prefix_back(env_, job_id{"b"}, note));
  EXPECT_EQ(seen, (list{300, 2, 1}));
}

TEST_F(table_test, stops_on_request) {
  put("b", {1, 2, 3});
  list seen;
  ASSERT_TRUE(blocks_.for_each(env_, [&seen](const block_key& k, const feed_block&) {
    seen.push_back(k.block);
    return k.block < 2;
  }));
  EXPECT_EQ(seen, (list{1, 2}));
}

TEST_F(table_test, finds_the_last_row) {
  EXPECT_FALSE(blocks_.last(env_)->has_value());
  put("a", {1, 900});
  put("b", {5, 70});
  EXPECT_EQ(blocks_.last(env_)->value().first, (block_key{{"b"}, 70}));
  EXPECT_EQ(blocks_.last(env_, job_id{"a"})->value().second.number, 900u);
  EXPECT_FALSE(blocks_.last(env_, job_id{"c"})->has_value());
  EXPECT_EQ(blocks_.last_until(env_, job_id{"b"}, {{"b"}, 69})->value().first.block, 5u);
  EXPECT_EQ(blocks_.last_until(env_, job_id{"b"}, {{"b"}, 70})->value().first.block, 70u);
  EXPECT_FALSE(blocks_.last_until(env_, job_id{"b"}, {{"b"}, 4})->has_value());
}

TEST_F(table_test, names_the_row_that_it_cannot_read) {
  put("j", {1, 3});
  const auto store = std::string{pool_events_store};
  const auto bad = encode_key(block_key{{"j"}, 2});
  ASSERT_TRUE(env_.commit(batch{{{store, "feed_blocks", bad, "\1\1garbage", false}}}));
  const auto one = blocks_.get(env_, {{"j"}, 2});
  ASSERT_FALSE(one);
  EXPECT_EQ(one.error().code, ec::corrupt_data);
  EXPECT_NE(one.error().what.find("table feed_blocks, row 6a000000000000000002: the value is cut "
                                  "short"),
            std::string::npos)
    << one.error().what;
  EXPECT_EQ(blocks_.find(env_, {{"j"}, 2}).error().code, ec::corrupt_data);
  EXPECT_EQ(blocks_.for_each(env_, [](auto&&...) {}).error().code, ec::corrupt_data);
  EXPECT_EQ(blocks_.last(env_)->value().first.block, 3u); // does not pass it
  ASSERT_TRUE(env_.commit(batch{{{store, "feed_blocks", "k", "", false}}}));
  EXPECT_EQ(blocks_.last(env_).error().code, ec::corrupt_data);
}

TEST_F(table_test, of_another_store_is_a_clear_mistake) {
  const auto scores = tables::scores_of_mechanisms.get(env_, "m");
  ASSERT_FALSE(scores);
  EXPECT_EQ(scores.error(),
            (fault{ec::invalid_argument, "table score_sheets is in store node, which "
                                         "is not open here"}));
}

} // namespace
} // namespace sluice::storage
