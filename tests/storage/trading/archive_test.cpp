#include "tests/storage/trading/ledger_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::storage {
namespace {

using test::april_2025_us;
using test::ledger_disk;
using test::some_event;
using test::some_events;
using test::some_key;
using test::some_setup;

size_t events_in(ledger_disk& disk) {
  size_t count = 0;
  EXPECT_TRUE(tables::trading_events.for_each(
    *disk, [&count](const book_event_key&, const book_event&) { ++count; }));
  return count;
}

TEST(archive_events, keeps_all_statistics_whole) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  const auto setup = some_setup();
  const auto events = some_events(random(), 400);
  ledger_disk disk;
  disk.store(setup, events);
  const auto before = *all_performance(*disk, setup);
  const size_t all = events_in(disk);
  for (const int64_t day : {30, 31, 60}) {
    const auto archived = archive_events(*disk, setup, april_2025_us + day * us_per_day, 0,
                                         disk.sink(), 1 + random() % 500);
    ASSERT_TRUE(archived) << archived.error().what;
    EXPECT_GT(*archived, 0U);
    const auto after = *all_performance(*disk, setup);
    ASSERT_EQ(after.size(), before.size());
    for (size_t i = 0; i < after.size(); ++i) {
      EXPECT_EQ(after[i].totals, before[i].totals) << "seed " << seed;
      EXPECT_EQ(after[i].score.score, before[i].score.score) << "seed " << seed;
      EXPECT_EQ(after[i].weight, before[i].weight) << "seed " << seed;
    }
    const auto report = check_ledger(*disk, setup);
    EXPECT_EQ(report->errors, 0U) << (report->faults.empty() ? "" : report->faults[0]);
  }
  EXPECT_LT(events_in(disk), all);
  const auto rows = disk.rows();
  ASSERT_TRUE(store_setup(*disk, setup, true, disk.sink()));
  EXPECT_EQ(disk.rows(), rows); // a rebuild goes on from what was archived
}

TEST(archive_events, never_deletes_a_lot_that_is_not_closed_and_sums_up_what_it_deletes) {
  const auto setup = some_setup();
  ledger_disk disk;
  constexpr int64_t whole = rao_per_tao;
  disk.store(setup, {some_event(100, 1, 0, stake_action::stake, 4 * whole),
                     some_event(100, 1, 10, stake_action::stake, 6 * whole),
                     some_event(100, 1, 9000, stake_action::unstake, 5 * whole),
                     some_event(100, 1, 200'000, stake_action::unstake, 2 * whole)});
  ASSERT_EQ(*archive_events(*disk, setup, april_2025_us + us_per_day, 0, disk.sink()), 3U);
  std::vector<trading_lot> lots;
  ASSERT_TRUE(tables::trading_lots.for_each(
    *disk, [&lots](const book_row_key&, const trading_lot& x) { lots.push_back(x); }));
  ASSERT_EQ(lots.size(), 1U);
  EXPECT_EQ(lots[0].number, 1U);
  EXPECT_EQ(lots[0].legs, 2U); // one of them is archived
  EXPECT_EQ(lots[0].rest, 3 * whole);
  archive_summary summary;
  ASSERT_TRUE(tables::trading_archive.for_each(
    *disk, [&summary](const archive_key&, const archive_summary& x) { summary = x; }));
  EXPECT_EQ(summary.lots, 1U);
  EXPECT_EQ(summary.trades, 1U);
  EXPECT_EQ(summary.legs, 2U);
  EXPECT_EQ(summary.events, 3U);
  EXPECT_EQ(summary.hotkey, some_key(0));
  EXPECT_EQ(summary.total_alpha, i128{4 * whole});
  EXPECT_EQ(summary.avg_duration_s(), 9000);
  EXPECT_EQ(*archive_events(*disk, setup, april_2025_us + us_per_day, 0, disk.sink()), 0U);
}

TEST(archive_events, an_event_from_before_comes_too_late) {
  const auto setup = some_setup();
  ledger_disk disk;
  disk.store(setup, some_events(3, 200));
  ASSERT_TRUE(archive_events(*disk, setup, april_2025_us + 30 * us_per_day, 0, disk.sink()));
  const auto rows = disk.rows();
  const auto again = disk.store(setup, some_events(3, 200));
  EXPECT_EQ(again.added, 0U);
  EXPECT_GT(again.archived, 0U);
  EXPECT_EQ(again.archived + again.duplicates, 200U);
  EXPECT_EQ(disk.rows(), rows);
}

TEST(archive_events, each_book_is_archived_in_one_batch_before_anything_of_it_is_deleted) {
  const auto setup = some_setup();
  ledger_disk disk;
  disk.store(setup, some_events(3, 200));
  std::vector<batch> batches;
  ASSERT_TRUE(archive_events(
    *disk, setup, april_2025_us + 30 * us_per_day, 0,
    [&batches](batch&& x) -> result<nothing> {
      batches.push_back(std::move(x));
      return nothing{};
    },
    1));
  ASSERT_GT(batches.size(), 5U);
  for (const auto& one : batches) {
    const auto place = [&one](std::string_view table, bool last) {
      std::ptrdiff_t found = -1;
      for (size_t i = 0; i < one.writes.size(); ++i)
        if (one.writes[i].table == table && (found < 0 || last)
            && (one.writes[i].erase || table == tables::trading_archive.name))
          found = static_cast<std::ptrdiff_t>(i);
      return found;
    };
    EXPECT_EQ(place(tables::trading_archive.name, false), 0);
    const auto first_lot = place(tables::trading_lots.name, false);
    if (first_lot >= 0) {
      EXPECT_LT(place(tables::trading_trades.name, true), first_lot);
    }
  }
}

TEST(archive_events, the_future_cannot_be_archived) {
  ledger_disk disk;
  const auto setup = some_setup();
  EXPECT_EQ(archive_events(*disk, setup, setup.terms.now_us + 1, 0, disk.sink()).error().code,
            ec::invalid_argument);
}

TEST(plan_snapshots, writes_one_per_registered_miner_and_old_ones_are_deleted) {
  const auto setup = some_setup();
  ledger_disk disk;
  disk.store(setup, some_events(3, 200));
  const auto start = april_2025_us + 10 * us_per_day;
  for (const int64_t day : {20, 40})
    ASSERT_TRUE(
      disk->commit(*plan_snapshots(*disk, setup, start, april_2025_us + day * us_per_day)));
  std::vector<performance_snapshot> all;
  const auto read = [&] {
    all.clear();
    ASSERT_TRUE(tables::trading_snapshots.for_each(
      *disk, [&all](const snapshot_key&, const performance_snapshot& x) { all.push_back(x); }));
  };
  read();
  EXPECT_EQ(all.size(), 8U);
  EXPECT_TRUE(
    std::any_of(all.begin(), all.end(), [](const auto& x) { return x.total_trades > 0; }));
  ASSERT_TRUE(archive_events(*disk, setup, 0, april_2025_us + 30 * us_per_day, disk.sink()));
  read();
  EXPECT_EQ(all.size(), 4U);
  EXPECT_EQ(plan_snapshots(*disk, setup, 5, 5).error().code, ec::invalid_argument);
}

} // namespace
} // namespace sluice::storage
