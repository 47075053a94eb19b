#include "rules/json_text.hpp"
#include "storage/consensus/recall.hpp"
#include "storage/consensus/reports.hpp"
#include "storage/consensus/tables.hpp"
#include "tests/storage/temp_folder.hpp"
#include "tests/support/consensus_reports.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sluice::storage {
namespace {

using sluice::test::report_of;
using sluice::test::report_time_ms;
using sluice::test::signed_report_of;

data_dir open_reports(const std::filesystem::path& folder) {
  static const auto layout = schema_with(std::array{consensus_schema()});
  auto opened
    = data_dir::open(folder, {"0.1.0", 1, ""}, open_mode::create_or_continue, {.layout = &layout});
  if (!opened)
    std::abort();
  return *std::move(opened);
}

template <class T>
std::vector<std::string> texts_of(const std::vector<T>& all) {
  std::vector<std::string> made;
  for (const auto& x : all)
    made.push_back(json_of(x));
  return made;
}

/// Without what counts merges and their moments only.
std::vector<consensus_record> records_in(const report_book& book) {
  std::vector<consensus_record> all;
  for (const auto* x : book.records()) {
    all.push_back(*x);
    all.back().version = 0;
    all.back().changed_ms = 0;
  }
  return all;
}

void expect_same(const report_book& a, const report_book& b, uint64_t now_ms) {
  ASSERT_EQ(texts_of(records_in(a)), texts_of(records_in(b)));
  ASSERT_EQ(json_of(a.histories()), json_of(b.histories()));
  EXPECT_EQ(a.reports(), b.reports());
  EXPECT_EQ(a.last_number(), b.last_number());
  EXPECT_EQ(json_of(a.stats(now_ms)), json_of(b.stats(now_ms)));
  EXPECT_EQ(texts_of(a.selectable_miners(now_ms)), texts_of(b.selectable_miners(now_ms)));
  for (const auto* x : a.records())
    ASSERT_EQ(texts_of(a.explain(x->uid)), texts_of(b.explain(x->uid)));
}

/// One report by key or signature; signed ones repeat and contradict each other now and then.
status_report any_report(std::mt19937_64& chance, uint64_t now_ms) {
  auto read = read_status_list(sluice::test::random_list(chance, chance() % 6, 5, 3));
  const auto validator = static_cast<uint16_t>(chance() % 5);
  if (chance() % 2 == 0)
    return report_of(validator, now_ms, std::move(read->statuses));
  return signed_report_of(validator, "V" + std::to_string(validator),
                          (now_ms - report_time_ms) / 400'000, std::to_string(chance() % 3), now_ms,
                          std::move(read->statuses));
}

TEST(report_recall, gives_back_the_book_at_every_point_where_the_process_may_die) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    test::temp_folder temp;
    std::optional disk{open_reports(temp / "data")};
    report_book never_killed; // saw all that was committed
    report_book book;
    uint64_t now_ms = report_time_ms;
    for (int i = 0; i < 120; ++i) {
      now_ms += chance() % (chance() % 15 == 0 ? 1'500'000 : 30'000);
      const bool dies_before_the_commit = chance() % 8 == 0;
      batch writes;
      auto report = any_report(chance, now_ms);
      book.prepare(report);
      const auto row = report;
      const auto put = book.put(std::move(report));
      ASSERT_TRUE(put);
      add_report(writes, book, row, *put);
      if (!dies_before_the_commit) {
        ASSERT_TRUE(disk->commit(writes));
        ASSERT_TRUE(never_killed.put(row));
      }
      if (!dies_before_the_commit && chance() % 4 != 0)
        continue;
      disk.reset();
      disk.emplace(open_reports(temp / "data"));
      auto recalled = recall_reports(*disk, book.settings());
      ASSERT_TRUE(recalled) << recalled.error().what;
      book = *std::move(recalled);
      batch erased;
      add_expiry(erased, book.expire(now_ms));
      ASSERT_TRUE(disk->commit(erased));
      never_killed.expire(now_ms);
      expect_same(book, never_killed, now_ms);
      if (::testing::Test::HasFailure())
        return;
    }
  }
}

/// Numbers of the stored reports.
std::vector<uint64_t> stored_numbers(const data_dir& disk) {
  std::vector<uint64_t> all;
  EXPECT_TRUE(tables::consensus_reports.for_each(
    disk, [&](uint64_t number, const status_report&) { all.push_back(number); }));
  return all;
}

TEST(report_rows, are_as_many_as_are_used) {
  test::temp_folder temp;
  auto disk = open_reports(temp / "data");
  report_book book;
  const auto take = [&](uint16_t validator, uint64_t ms, std::vector<miner_status> statuses) {
    auto report = report_of(validator, report_time_ms + ms, std::move(statuses));
    book.prepare(report);
    const auto row = report;
    const auto put = book.put(std::move(report));
    batch writes;
    add_report(writes, book, row, *put);
    EXPECT_TRUE(disk.commit(writes));
  };
  const auto a = sluice::test::full_status(1, "a", 1, true);
  const auto b = sluice::test::full_status(2, "b", 1, true);
  take(1, 0, {a, b});
  take(1, 1, {a});
  EXPECT_EQ(stored_numbers(disk), (std::vector<uint64_t>{1, 2})); // 1 still has b
  take(1, 2, {b});
  EXPECT_EQ(stored_numbers(disk), (std::vector<uint64_t>{2, 3}));
  take(1, 3, {});
  EXPECT_EQ(stored_numbers(disk), (std::vector<uint64_t>{2, 3}));
  const auto head = tables::consensus_heads.find(disk, 4);
  ASSERT_TRUE(head && *head);
  EXPECT_EQ((*head)->received_ms, report_time_ms + 3);
  batch erased;
  add_expiry(erased, book.expire(report_time_ms + 4'000'000));
  ASSERT_TRUE(disk.commit(erased));
  EXPECT_TRUE(stored_numbers(disk).empty());
  EXPECT_EQ(*tables::consensus_counts.find(disk, tables::consensus_counts_key),
            (report_counts{4, 4}));
}

TEST(report_rows, refuse_a_replay_after_a_restart_and_show_the_evidence) {
  test::temp_folder temp;
  auto disk = open_reports(temp / "data");
  const auto item = sluice::test::full_status(1, "a", 1, true);
  const auto take = [&](report_book& book, uint64_t epoch, const std::string& digest) {
    auto report = signed_report_of(1, "V", epoch, digest, report_time_ms, {item});
    book.prepare(report);
    const auto row = report;
    const auto put = book.put(std::move(report));
    batch writes;
    add_report(writes, book, row, *put);
    EXPECT_TRUE(disk.commit(writes));
    return put->verdict;
  };
  report_book book;
  EXPECT_EQ(take(book, 9, "x"), report_verdict::take);
  auto after = *recall_reports(disk, {});
  EXPECT_EQ(take(after, 9, "x"), report_verdict::repeated);
  EXPECT_EQ(take(after, 8, "x"), report_verdict::outdated);
  EXPECT_EQ(take(after, 9, "y"), report_verdict::contradiction);
  auto again = *recall_reports(disk, {});
  EXPECT_EQ(take(again, 9, "y"), report_verdict::repeated);
  EXPECT_EQ(again.histories().at("V").contradictions, 1U);
  const auto evidence = tables::consensus_evidence.find(disk, {"V", 0});
  ASSERT_TRUE(evidence && *evidence);
  EXPECT_EQ((*evidence)->first.digest, "x");
  EXPECT_EQ((*evidence)->second.digest, "y");
}

TEST(report_recall, follows_reputation_once_it_is_refreshed) {
  consensus_settings settings;
  settings.weights.reputation = true;
  settings.weights.rate = 0.5;
  test::temp_folder temp;
  auto disk = open_reports(temp / "data");
  report_book book{settings};
  std::mt19937_64 chance{4};
  for (uint64_t i = 0; i < 40; ++i) {
    auto read = read_status_list(sluice::test::random_list(chance, 4, 4, 1));
    auto report
      = report_of(static_cast<uint16_t>(i % 4), report_time_ms + i, std::move(read->statuses));
    book.prepare(report);
    const auto row = report;
    batch writes;
    const auto put = book.put(std::move(report));
    add_report(writes, book, row, *put);
    ASSERT_TRUE(disk.commit(writes));
  }
  auto recalled = recall_reports(disk, settings);
  ASSERT_TRUE(recalled);
  book.refresh(report_time_ms + 100);
  recalled->refresh(report_time_ms + 100);
  expect_same(book, *recalled, report_time_ms + 100);
}

} // namespace
} // namespace sluice::storage
