#include "storage/trading/book_rows.hpp"
#include "tests/storage/any_value.hpp"
#include "tests/storage/trading/ledger_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::storage {
namespace {

using test::ledger_disk;
using test::some_event;
using test::some_key;
using test::some_setup;

TEST(ledger_keys, two_keys_of_one_number_are_refused_by_name) {
  ledger_disk disk;
  batch taken;
  tables::trading_keys.put(taken, key_number(some_key(100)), some_key(5));
  ASSERT_TRUE(disk->commit(taken));
  const std::vector events{some_event(100, 1, 0, stake_action::stake, rao_per_tao)};
  const auto plan = plan_events(*disk, some_setup(), events);
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ec::refused);
  EXPECT_NE(plan.error().what.find(some_key(100)), std::string::npos);
  EXPECT_NE(plan.error().what.find(some_key(5)), std::string::npos);
}

TEST(ledger_keys, a_number_without_a_text_is_shown_as_a_number) {
  ledger_disk disk;
  key_store keys{*disk};
  EXPECT_EQ(keys.text_of(7), "#7");
  const auto number = *keys.number_of("a key");
  EXPECT_EQ(number, key_number("a key"));
  EXPECT_EQ(keys.text_of(number), "a key");
  batch out;
  keys.write_new(out);
  EXPECT_EQ(out.writes.size(), 1U);
  keys.write_new(out);
  EXPECT_EQ(out.writes.size(), 1U);
}

TEST(ledger_rows, of_a_book_come_back_in_ledger_order) {
  ledger_disk disk;
  const auto setup = some_setup();
  std::vector events{some_event(100, 1, 50, stake_action::unstake, rao_per_tao),
                     some_event(100, 1, 50, stake_action::stake, rao_per_tao),
                     some_event(100, 1, 50, stake_action::stake, 2 * rao_per_tao),
                     some_event(100, 1, 0, stake_action::stake, 5 * rao_per_tao)};
  disk.store(setup, events);
  const auto book = read_book(*disk, {key_number(some_key(100)), 1});
  ASSERT_TRUE(book);
  ASSERT_EQ(book->events.size(), 4U);
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return in_ledger_order(a, b) < 0; });
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(book->events[i].action, events[i].action);
    EXPECT_EQ(book->events[i].alpha, events[i].alpha);
    EXPECT_EQ(book->events[i].time_us, events[i].time_us);
  }
  EXPECT_FALSE(book->base);
}

TEST(ledger_rows, every_book_is_found_by_any_of_its_rows) {
  ledger_disk disk;
  batch rows;
  tables::trading_events.put(rows, {1, 2, 3, 4}, book_event{});
  tables::trading_events.put(rows, {1, 2, 9, 0}, book_event{});
  tables::trading_bases.put(rows, {1, 7}, book_base{});
  tables::trading_books.put(rows, {UINT64_MAX, UINT16_MAX}, book_record{});
  tables::trading_lots.put(rows, {5, 6, 7}, trading_lot{});
  tables::trading_trades.put(rows, {5, 8, 7}, trading_trade{});
  ASSERT_TRUE(disk->commit(rows));
  EXPECT_EQ(*all_book_ids(*disk),
            (std::vector<book_id>{{1, 2}, {1, 7}, {5, 6}, {5, 8}, {UINT64_MAX, UINT16_MAX}}));
}

template <class T>
void expect_to_come_back(test::any_value& any) {
  for (int i = 0; i < 50; ++i) {
    const auto x = any.make<T>();
    const auto back = decode<T>(encode(x));
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(encode(*back), encode(x));
  }
}

TEST(ledger_rows, all_kinds_come_back_from_their_bytes) {
  test::any_value any{20};
  expect_to_come_back<book_event>(any);
  expect_to_come_back<book_base>(any);
  expect_to_come_back<archive_summary>(any);
  expect_to_come_back<trading_world>(any);
  expect_to_come_back<trading_terms>(any);
  expect_to_come_back<sync_point>(any);
  expect_to_come_back<pool_data>(any);
  expect_to_come_back<book_record>(any);
  expect_to_come_back<trading_lot>(any);
  expect_to_come_back<trading_trade>(any);
  expect_to_come_back<performance_snapshot>(any);
  expect_to_come_back<trading_step>(any);
}

} // namespace
} // namespace sluice::storage
