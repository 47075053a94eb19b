#include "storage/trading/queries.hpp"
#include "tests/storage/trading/ledger_disk.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::storage {
namespace {

using test::april_2025_us;
using test::ledger_disk;
using test::some_events;
using test::some_key;
using test::some_setup;

class ledger_queries : public testing::Test {
protected:
  void SetUp() override { disk_.store(setup_, some_events(21, 300)); }

  size_t positions(const position_filter& filter) {
    size_t count = 0;
    EXPECT_TRUE(for_each_position(*disk_, filter, [&count](const book_place&, const trading_lot&) {
      ++count;
      return true;
    }));
    return count;
  }
  size_t trades(const position_filter& filter) {
    size_t count = 0;
    EXPECT_TRUE(for_each_trade(*disk_, filter, [&count](const book_place&, const trading_trade&) {
      ++count;
      return true;
    }));
    return count;
  }

  ledger_disk disk_;
  ledger_setup setup_ = some_setup();
};

TEST_F(ledger_queries, filters_divide_the_whole) {
  const auto all = positions({});
  ASSERT_GT(all, 50U);
  size_t sum = 0;
  for (uint64_t i = 0; i < 4; ++i) {
    position_filter filter;
    filter.hotkey = some_key(i);
    sum += positions(filter);
  }
  EXPECT_EQ(sum, all);
  sum = 0;
  for (uint16_t netuid = 1; netuid <= 3; ++netuid)
    for (const auto status : {lot_status::open, lot_status::partial, lot_status::closed}) {
      position_filter filter;
      filter.netuid = netuid;
      filter.status = status;
      sum += positions(filter);
    }
  EXPECT_EQ(sum, all);
  position_filter early;
  early.to_us = april_2025_us + 50 * us_per_day;
  position_filter late;
  late.from_us = *early.to_us + 1;
  EXPECT_EQ(positions(early) + positions(late), all);
  EXPECT_EQ(trades(early) + trades(late), trades({}));
  EXPECT_GT(trades(late), 0U);
  position_filter nobody;
  nobody.hotkey = "nobody";
  EXPECT_EQ(positions(nobody), 0U);
}

TEST_F(ledger_queries, a_walk_ends_when_it_is_asked_to) {
  size_t count = 0;
  ASSERT_TRUE(for_each_position(*disk_, {}, [&count](const book_place& place, const trading_lot&) {
    EXPECT_FALSE(place.coldkey.starts_with('#'));
    return ++count < 3;
  }));
  EXPECT_EQ(count, 3U);
}

TEST_F(ledger_queries, statistics_per_subnet_are_those_of_the_books) {
  const auto by_netuid = position_statistics_of(*disk_, {});
  ASSERT_TRUE(by_netuid);
  book_totals totals;
  const auto books = all_books(*disk_);
  ASSERT_TRUE(books);
  for (const auto& book : *books)
    totals.add(book.totals);
  position_statistics sum;
  for (const auto& [netuid, x] : *by_netuid) {
    sum.open += x.open;
    sum.partial += x.partial;
    sum.closed += x.closed;
    sum.entry_tao += x.entry_tao;
    sum.remaining_alpha += x.remaining_alpha;
  }
  EXPECT_EQ(sum.open, totals.open);
  EXPECT_EQ(sum.partial, totals.partial);
  EXPECT_EQ(sum.closed, totals.closed);
  EXPECT_EQ(sum.entry_tao, totals.volume_tao);
  EXPECT_EQ(sum.remaining_alpha, totals.remaining_alpha);
}

TEST_F(ledger_queries, events_come_out_as_they_went_in) {
  std::multiset<std::string> in;
  std::multiset<std::string> out;
  const auto text = [](const trading_event& x) {
    return x.coldkey + x.hotkey + x.extrinsic + std::to_string(x.tao) + std::to_string(x.alpha)
           + std::to_string(x.block) + std::to_string(x.time_us) + std::to_string(x.netuid);
  };
  for (const auto& x : some_events(21, 300))
    in.insert(text(x));
  ASSERT_TRUE(for_each_event(*disk_, {}, [&](const book_place&, const trading_event& x) {
    out.insert(text(x));
    return true;
  }));
  EXPECT_EQ(out, in);
}

TEST_F(ledger_queries, performance_is_of_every_identity) {
  const auto miners = all_performance(*disk_, setup_);
  ASSERT_EQ(miners->size(), 4U);
  uint64_t lots = 0;
  for (const auto& x : *miners)
    lots += x.totals.lots;
  EXPECT_EQ(lots, positions({}));
}

TEST_F(ledger_queries, the_check_counts_and_finds_a_changed_byte) {
  auto report = *check_ledger(*disk_, setup_);
  EXPECT_EQ(report.errors, 0U) << (report.faults.empty() ? "" : report.faults[0]);
  EXPECT_EQ(report.tables_verified, trading_schema().tables.size());
  EXPECT_EQ(report.miners_recovered, 4U);
  EXPECT_EQ(report.positions_verified, positions({}));
  EXPECT_EQ(report.trades_verified, trades({}));
  EXPECT_EQ(report.events_verified, 300U);
  EXPECT_GE(report.legs_verified, report.trades_verified);
  for (const auto table :
       {tables::trading_lots.name, tables::trading_trades.name, tables::trading_books.name}) {
    std::string key;
    std::string value;
    ASSERT_TRUE(disk_->node().scan(table, {}, [&](std::string_view k, std::string_view v) {
      key = k;
      value = v;
      return false;
    }));
    batch damage;
    auto other = value;
    other[other.size() / 2] = static_cast<char>(other[other.size() / 2] ^ 1);
    damage.writes.push_back({std::string{node_store}, std::string{table}, key, other, false});
    ASSERT_TRUE(disk_->commit(damage));
    EXPECT_GT(check_ledger(*disk_, setup_)->errors, 0U) << table;
    damage.writes[0].value = value;
    ASSERT_TRUE(disk_->commit(damage));
    EXPECT_EQ(check_ledger(*disk_, setup_)->errors, 0U) << table;
  }
  std::string event;
  const auto book = encode_key(std::tuple{key_number(some_key(101)), uint16_t{1}});
  ASSERT_TRUE(disk_->node().scan(tables::trading_events.name, {book, {}, false},
                                 [&event](std::string_view key, std::string_view) {
                                   event = key;
                                   return false;
                                 }));
  batch lost;
  lost.writes.push_back(
    {std::string{node_store}, std::string{tables::trading_events.name}, event, {}, true});
  ASSERT_TRUE(disk_->commit(lost));
  report = *check_ledger(*disk_, setup_);
  EXPECT_GT(report.errors, 0U);
  EXPECT_NE(report.faults.at(0).find("rebuild"), std::string::npos);
}

} // namespace
} // namespace sluice::storage
