#include "actors/trading/list_reading.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

const std::string coldkey = "5HdSvEGXkSRmgBZB6p2WmerfGAU2r8Sgvucs5UeM1oLStMoC";

trading_event event_at(int64_t time_us, const std::string& extrinsic) {
  trading_event x;
  x.coldkey = coldkey;
  x.hotkey = coldkey;
  x.extrinsic = extrinsic;
  x.time_us = time_us;
  x.netuid = 3;
  x.tao = x.alpha = 1;
  return x;
}

io::event_page
page_of(std::vector<trading_event> events, std::optional<uint64_t> next, uint64_t rejected = 0) {
  io::event_page x;
  x.events = std::move(events);
  x.rows = x.events.size() + rejected;
  x.rejected[static_cast<size_t>(row_rejection::netuid)] = rejected;
  for (uint64_t i = 0; i < rejected; ++i)
    x.rejected_rows.push_back(i + 1);
  x.next_page = next;
  return x;
}

TEST(list_reading, gives_each_event_once_in_the_order_of_the_ledger) {
  list_reading x{coldkey, {100, 900}, {}};
  ASSERT_TRUE(x.take(page_of({event_at(300, "c"), event_at(200, "b")}, 2, 1)));
  EXPECT_EQ(x.page(), 2U);
  const auto state = x.take(page_of({event_at(200, "b"), event_at(99, "old")}, 0));
  ASSERT_TRUE(state);
  EXPECT_EQ(*state, paging_state::reading); // b came on two pages, and no total is stated
  ASSERT_TRUE(x.take(page_of({event_at(300, "c"), event_at(200, "b")}, 2, 1)));
  EXPECT_EQ(*x.take(page_of({event_at(400, "d")}, {})), paging_state::complete);
  sync_point before;
  before.synced_us = 950;
  before.pages = 10;
  before.rows = 20;
  const auto rows = x.rows(true, before);
  ASSERT_EQ(rows.events.size(), 3U);
  EXPECT_EQ(rows.events[0].extrinsic, "b");
  EXPECT_EQ(rows.events[2].extrinsic, "d");
  EXPECT_EQ(rows.rejected[static_cast<size_t>(row_rejection::netuid)], 2U);
  EXPECT_EQ(rows.rows, 9U);
  ASSERT_TRUE(rows.synced);
  EXPECT_EQ(rows.synced->synced_us, 950); // never back
  EXPECT_EQ(rows.synced->pages, 14U);
  EXPECT_EQ(rows.synced->rows, 29U);
}

TEST(list_reading, what_is_not_complete_moves_no_sync_point) {
  list_reading x{coldkey, {100, 900}, {}};
  ASSERT_TRUE(x.take(page_of({event_at(300, "c")}, {})));
  const auto rows = x.rows(false, sync_point{});
  EXPECT_EQ(rows.events.size(), 1U);
  EXPECT_FALSE(rows.synced);
}

TEST(list_reading, counts_nothing_of_a_page_that_cannot_be) {
  list_reading x{coldkey, {0, 900}, {}};
  auto others = event_at(1, "a");
  others.coldkey[10] = 'x';
  for (const auto& page :
       {page_of({others}, {}), page_of({event_at(1, "a")}, 1), page_of({}, uint64_t{1} << 40)}) {
    const auto state = x.take(page);
    ASSERT_FALSE(state);
    EXPECT_EQ(state.error().code, ec::corrupt_data);
  }
  EXPECT_TRUE(x.rows(true, {}).events.empty());
}

TEST(list_reading, is_continued_only_so_often) {
  paging_terms terms;
  terms.attempts_over_cycles_max = 3;
  list_reading x{coldkey, {0, 900}, terms};
  x.attempts = 4;
  EXPECT_TRUE(x.may_continue());
  EXPECT_EQ(x.attempts, 0U);
  EXPECT_TRUE(x.may_continue());
  EXPECT_FALSE(x.may_continue());
}

} // namespace
} // namespace sluice::test
