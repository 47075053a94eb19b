#include "storage/trading/plan.hpp"
#include "tests/storage/trading/ledger_disk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::storage {
namespace {

using test::ledger_disk;
using test::some_event;
using test::some_events;
using test::some_key;
using test::some_setup;

constexpr auto stake = stake_action::stake;
constexpr auto unstake = stake_action::unstake;
constexpr int64_t whole = rao_per_tao;

TEST(ledger_plan, one_batch_holds_events_keys_books_and_setup) {
  ledger_disk disk;
  const auto setup = some_setup();
  const std::vector events{some_event(100, 1, 0, stake, 5 * whole),
                           some_event(100, 1, 9000, unstake, 3 * whole)};
  const auto plan = plan_events(*disk, setup, events);
  ASSERT_TRUE(plan) << plan.error().what;
  EXPECT_EQ(plan->counts.added, 2U);
  EXPECT_EQ(plan->counts.books, 1U);
  EXPECT_TRUE(disk.rows().empty()); // only planned
  ASSERT_TRUE(disk->commit(plan->writes));
  EXPECT_EQ(*stored_setup(*disk), setup);
  const auto books = all_books(*disk);
  ASSERT_EQ(books->size(), 1U);
  EXPECT_EQ(books->front().facts.hotkey, some_key(0));
  EXPECT_EQ(books->front().totals.partial, 1U);
  EXPECT_EQ(*key_text(*disk, books->front().id.coldkey), some_key(100));
}

TEST(ledger_plan, events_that_are_there_write_nothing) {
  ledger_disk disk;
  const auto setup = some_setup();
  const auto events = some_events(7, 200);
  disk.store(setup, events);
  const auto plan = plan_events(*disk, setup, events);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->counts.duplicates, events.size());
  EXPECT_EQ(plan->counts.added, 0U);
  EXPECT_TRUE(plan->writes.writes.empty());
}

TEST(ledger_plan, a_late_event_touches_its_own_book_alone) {
  ledger_disk disk;
  const auto setup = some_setup();
  disk.store(setup, some_events(7, 300));
  const std::vector late{some_event(101, 3, 1, stake, 2 * whole)};
  const auto plan = plan_events(*disk, setup, late);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->counts.books, 1U);
  const auto own = encode_key(std::tuple{key_number(some_key(101)), uint16_t{3}});
  size_t rows = 0;
  for (const auto& x : plan->writes.writes) {
    if (x.table == tables::trading_keys.name)
      continue;
    EXPECT_TRUE(x.key.starts_with(own)) << x.table;
    ++rows;
  }
  EXPECT_GT(rows, 3U);
}

TEST(ledger_plan, any_order_of_arrival_gives_the_same_rows) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  const auto setup = some_setup();
  for (int round = 0; round < 5; ++round) {
    auto events = some_events(random(), 150);
    ledger_disk once;
    once.store(setup, events);
    std::shuffle(events.begin(), events.end(), random);
    ledger_disk pieces;
    for (size_t i = 0; i < events.size();) {
      const size_t from = i - std::min<size_t>(i, random() % 20); // pages that overlap
      i = std::min(events.size(), i + 1 + random() % 40);
      pieces.store(setup,
                   {events.begin() + static_cast<std::ptrdiff_t>(from),
                    events.begin() + static_cast<std::ptrdiff_t>(i)},
                   1 + random() % 100);
    }
    EXPECT_EQ(pieces.rows(), once.rows()) << "seed " << seed;
  }
}

TEST(ledger_plan, a_rebuild_gives_the_same_bytes) {
  ledger_disk disk;
  const auto setup = some_setup();
  disk.store(setup, some_events(11, 400));
  const auto before = disk.rows();
  auto done = store_setup(*disk, setup, true, disk.sink());
  ASSERT_TRUE(done);
  EXPECT_GT(done->books, 10U);
  EXPECT_EQ(done->changed, 0U);
  EXPECT_EQ(disk.rows(), before);
}

TEST(ledger_plan, a_rebuild_repairs_what_was_changed_lost_or_added) {
  ledger_disk disk;
  const auto setup = some_setup();
  disk.store(setup, some_events(11, 400));
  const auto before = disk.rows();
  batch damage;
  std::map<std::string_view, std::vector<std::string>> keys;
  for (const auto table :
       {tables::trading_lots.name, tables::trading_trades.name, tables::trading_books.name})
    ASSERT_TRUE(disk->node().scan(table, {}, [&](std::string_view key, std::string_view) {
      keys[table].emplace_back(key);
      return true;
    }));
  for (const auto& [table, all] : keys) {
    damage.writes.push_back({std::string{node_store}, std::string{table}, all[1], "no row", false});
    damage.writes.push_back({std::string{node_store}, std::string{table}, all[2], {}, true});
  }
  tables::trading_lots.put(damage, {1, 2, 3}, trading_lot{});
  ASSERT_TRUE(disk->commit(damage));
  EXPECT_NE(disk.rows(), before);
  const auto done = store_setup(*disk, setup, true, disk.sink());
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_GT(done->changed, 1U);
  EXPECT_EQ(disk.rows(), before);
}

TEST(ledger_plan, time_brings_future_events_in) {
  ledger_disk disk;
  auto setup = some_setup();
  const auto end = setup.terms.now_us;
  setup.terms.now_us = test::april_2025_us + us_per_day;
  const auto events = some_events(5, 200);
  disk.store(setup, events);
  for (int64_t day = 2; day <= 40; ++day) {
    setup.terms.now_us = test::april_2025_us + day * us_per_day;
    ASSERT_TRUE(disk->commit(plan_events(*disk, setup, {})->writes));
  }
  setup.terms.now_us = end;
  ASSERT_TRUE(disk->commit(plan_events(*disk, setup, {})->writes));
  ledger_disk once;
  once.store(setup, events);
  EXPECT_EQ(disk.rows(), once.rows());
  setup.terms.now_us = test::april_2025_us + us_per_day; // a clock that jumps backwards
  ASSERT_TRUE(disk->commit(plan_events(*disk, setup, {})->writes));
  ledger_disk early;
  early.store(setup, events);
  EXPECT_EQ(disk.rows(), early.rows());
}

TEST(ledger_plan, a_new_world_or_new_terms_recalculate_the_books_that_they_change) {
  ledger_disk disk;
  auto setup = some_setup();
  const auto events = some_events(5, 200);
  disk.store(setup, events);
  setup.world.registered[1] = {some_key(101)};
  set_tracking_start(setup.world, some_key(2), some_key(102),
                     test::april_2025_us + 20 * us_per_day);
  auto plan = plan_events(*disk, setup, {});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->counts.books, 5U + 2U); // all on 1, which is known now; 102 elsewhere
  ASSERT_TRUE(disk->commit(plan->writes));
  ledger_disk once;
  once.store(setup, events);
  EXPECT_EQ(disk.rows(), once.rows());
  setup.terms.ledger.dust_units = 2'000'000'000;
  ASSERT_TRUE(disk->commit(plan_events(*disk, setup, {})->writes));
  ledger_disk other;
  other.store(setup, events);
  EXPECT_EQ(disk.rows(), other.rows());
}

TEST(ledger_plan, batches_of_any_size_end_with_the_same_rows_and_each_leaves_whole_books) {
  const auto setup = some_setup();
  const auto events = some_events(13, 300);
  ledger_disk once;
  once.store(setup, events);
  ledger_disk small;
  size_t batches = 0;
  const auto stored = store_events(
    *small, setup, events,
    [&](batch&& x) {
      ++batches;
      auto done = small->commit(x);
      EXPECT_EQ(*stored_setup(*small), setup);
      const auto report = check_ledger(*small, setup); // as if it were the last
      EXPECT_TRUE(report);
      EXPECT_EQ(report->errors, 0U) << (report->faults.empty() ? "" : report->faults.front());
      return done;
    },
    {}, 1);
  ASSERT_TRUE(stored);
  EXPECT_GT(batches, 10U);
  EXPECT_EQ(small.rows(), once.rows());
}

TEST(ledger_plan, an_import_that_is_killed_is_finished_by_the_next) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  const auto setup = some_setup();
  const auto events = some_events(random(), 200);
  ledger_disk once;
  once.store(setup, events);
  test::temp_folder folder;
  for (int kill = 0; kill < 20; ++kill) {
    const size_t after = 1 + random() % 4;
    const bool before_commit = random() % 2 == 0;
    const int end = test::in_child([&] {
      ledger_disk disk{folder / "data"};
      size_t batches = 0;
      const auto stored = store_events(
        *disk, setup, events,
        [&](batch&& x) {
          const bool last = ++batches == after;
          if (last && before_commit)
            ::_exit(7);
          auto done = disk->commit(x);
          if (last)
            ::_exit(7);
          return done;
        },
        {}, 40);
      return stored ? 0 : 1;
    });
    ASSERT_TRUE(end == 7 || end == 0) << end << ", seed " << seed;
    ledger_disk disk{folder / "data"};
    EXPECT_EQ(check_ledger(*disk, setup)->errors, 0U) << "seed " << seed;
  }
  ledger_disk disk{folder / "data"};
  disk.store(setup, events);
  EXPECT_EQ(disk.rows(), once.rows()) << "seed " << seed;
}

TEST(ledger_plan, what_the_sink_refuses_ends_the_import) {
  ledger_disk disk;
  const auto stored
    = store_events(*disk, some_setup(), some_events(13, 300), [](batch&&) -> result<nothing> {
        return fault{ec::storage_full, "no space"};
      });
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, ec::storage_full);
  EXPECT_TRUE(disk.rows().empty());
}

TEST(ledger_plan, events_that_cannot_be_are_refused) {
  ledger_disk disk;
  auto event = some_event(100, 1, 0, stake, whole);
  event.netuid = 0;
  const auto plan = plan_events(*disk, some_setup(), std::vector{event});
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ec::invalid_argument);
  EXPECT_NE(plan.error().what.find("netuid"), std::string::npos);
}

TEST(add_counts, adds_to_what_is_stored) {
  ledger_disk disk;
  const std::vector<std::pair<std::string, uint64_t>> more{{"rows", 5}, {"rejected.amount", 0}};
  for (int i = 0; i < 2; ++i) {
    batch out;
    ASSERT_TRUE(add_counts(*disk, more, out));
    ASSERT_TRUE(disk->commit(out));
  }
  EXPECT_EQ(*stored_counts(*disk), (std::map<std::string, uint64_t>{{"rows", 10}}));
}

} // namespace
} // namespace sluice::storage
