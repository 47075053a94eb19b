#include "rules/consensus/report_book.hpp"
#include "tests/support/consensus_reports.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace sluice {
namespace {

using test::full_status;
using test::put_into;
using test::report_of;
using test::report_time_ms;

TEST(report_book, answers_as_the_design_note_says) {
  report_book book;
  const auto x = full_status(49, "abc123", 1000, true);
  const auto first = put_into(book, report_of(48, report_time_ms, {x}));
  EXPECT_EQ(first.miners_processed, 1U);
  EXPECT_EQ(first.consensus_updated, 0U);
  const auto second = put_into(book, report_of(49, report_time_ms + 1, {x}));
  EXPECT_EQ(second.consensus_updated, 1U);
  EXPECT_EQ(second.changed, std::vector<miner_uid>{{49}});
  EXPECT_EQ(second.number, 2U);
  EXPECT_EQ(book.reports(), 2U);
}

TEST(report_book, leads_from_reports_to_a_miner_that_can_be_selected) {
  report_book book;
  put_into(book, report_of(48, report_time_ms, {full_status(49, "abc", 1000, true)}));
  auto miners = book.selectable_miners(report_time_ms);
  ASSERT_EQ(miners.size(), 1U); // by the single report
  EXPECT_TRUE(miners[0].is_fallback);
  EXPECT_EQ(miners[0].confidence, 0);
  put_into(book, report_of(50, report_time_ms, {full_status(49, "abc", 1000, true)}));
  miners = book.selectable_miners(report_time_ms);
  ASSERT_EQ(miners.size(), 1U);
  EXPECT_FALSE(miners[0].is_fallback);
  EXPECT_GE(miners[0].confidence, 0.9);
  EXPECT_GT(availability_of(miners[0], book.settings()), 0.5);
}

TEST(report_book, applies_a_list_item_by_item) {
  report_book book;
  const auto x = full_status(1, "a", 5, true);
  const auto put
    = put_into(book, report_of(1, report_time_ms, {x, full_status(2, "b", 5, true), x}));
  EXPECT_EQ(put.miners_processed, 3U);
  EXPECT_EQ(put.changed, (std::vector<miner_uid>{{1}, {2}}));
  EXPECT_EQ(put_into(book, report_of(2, report_time_ms, {x, x})).consensus_updated, 2U);
  EXPECT_EQ(put_into(book, report_of(2, report_time_ms, {})).miners_processed, 0U);
  EXPECT_EQ(book.stats(report_time_ms).active_validators, 2U);
}

TEST(report_book, lets_records_become_stale_then_nothing) {
  report_book book;
  const auto x = full_status(7, "h", 5, true);
  put_into(book, report_of(1, report_time_ms, {x}));
  put_into(book, report_of(2, report_time_ms + 100'000, {x}));
  const auto state_at = [&](uint64_t after_ms) {
    book.expire(report_time_ms + after_ms);
    const auto* record = book.find({7});
    return record == nullptr ? consensus_state::none : record->state;
  };
  EXPECT_EQ(state_at(300'000), consensus_state::agreed);
  EXPECT_EQ(state_at(300'001), consensus_state::pending);
  EXPECT_EQ(state_at(400'000), consensus_state::pending);
  EXPECT_EQ(state_at(400'001), consensus_state::stale);
  EXPECT_TRUE(book.find({7})->fallback);
  EXPECT_EQ(book.selectable_miners(report_time_ms + 1'000'000).size(), 1U);
  EXPECT_EQ(state_at(1'000'001), consensus_state::stale);
  EXPECT_FALSE(book.find({7})->fallback);
  EXPECT_TRUE(book.selectable_miners(report_time_ms + 1'000'001).empty());
  EXPECT_EQ(state_at(3'700'000), consensus_state::stale);
  EXPECT_EQ(state_at(3'700'001), consensus_state::none);
  EXPECT_EQ(book.next_expiry_ms(), std::nullopt);
}

TEST(report_book, tells_each_moment_at_which_something_changes) {
  report_book book;
  put_into(book, report_of(1, report_time_ms, {full_status(7, "h", 5, true)}));
  put_into(book, report_of(2, report_time_ms + 50'000, {full_status(7, "h", 5, true)}));
  std::vector<uint64_t> moments;
  while (const auto next = book.next_expiry_ms())
    if (!book.expire(*next).changed.empty())
      moments.push_back(*next - report_time_ms);
  EXPECT_EQ(moments, (std::vector<uint64_t>{300'001, 350'001, 950'001, 3'650'001}));
}

TEST(report_book, sees_a_fresh_report_leave_before_an_old_one_is_dropped) {
  report_book book;
  const auto x = full_status(7, "h", 5, true);
  put_into(book, report_of(1, report_time_ms, {x}));
  book.expire(report_time_ms + 400'000); // stale; the next of it is at 900 s
  put_into(book, report_of(2, report_time_ms + 400'000, {x}));
  put_into(book, report_of(3, report_time_ms + 410'000, {x}));
  EXPECT_EQ(book.find({7})->state, consensus_state::agreed);
  book.expire(report_time_ms + 700'001);
  EXPECT_EQ(book.find({7})->state, consensus_state::pending);
}

/// Which reports are used, worked out from all of them.
std::set<uint64_t> used_reports(const std::vector<status_report>& all, uint64_t now_ms) {
  std::map<std::pair<uint16_t, uint16_t>, std::pair<uint64_t, uint64_t>> latest; // number, time
  for (const auto& report : all)
    for (const auto& x : report.statuses)
      latest[{report.validator_uid, x.uid.value}] = {report.number, report.received_ms};
  std::set<uint64_t> used;
  for (const auto& [key, x] : latest)
    if (x.second + 3'600'000 >= now_ms)
      used.insert(x.first);
  return used;
}

TEST(report_book, releases_every_report_that_nothing_is_used_of_and_no_other) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 chance{seed};
    report_book book;
    std::vector<status_report> all;
    std::set<uint64_t> kept;
    uint64_t now_ms = report_time_ms;
    for (int i = 0; i < 80; ++i) {
      now_ms += chance() % (chance() % 10 == 0 ? 2'000'000 : 60'000);
      const auto read = read_status_list(test::random_list(chance, chance() % 5, 6, 2));
      auto report = report_of(static_cast<uint16_t>(chance() % 5), now_ms, read->statuses);
      book.prepare(report);
      all.push_back(report);
      kept.insert(report.number);
      const auto put = book.put(std::move(report));
      for (const auto number : put->released)
        EXPECT_EQ(kept.erase(number), 1U);
      for (const auto number : book.expire(now_ms).released)
        EXPECT_EQ(kept.erase(number), 1U);
      ASSERT_EQ(kept, used_reports(all, now_ms));
    }
  }
}

TEST(report_book, refuses_signed_reports_that_come_again_and_keeps_contradictions) {
  report_book book;
  const auto x = full_status(7, "h", 5, true);
  const auto put = [&](uint64_t epoch, const std::string& digest) {
    return put_into(book,
                    test::signed_report_of(1, "V", epoch, digest, report_time_ms + epoch, {x}));
  };
  EXPECT_EQ(put(5, "a").verdict, report_verdict::take);
  EXPECT_EQ(put(5, "a").verdict, report_verdict::repeated);
  EXPECT_EQ(put(4, "b").verdict, report_verdict::outdated);
  const auto other = put(5, "c");
  EXPECT_EQ(other.verdict, report_verdict::contradiction);
  ASSERT_TRUE(other.evidence);
  EXPECT_EQ(other.evidence->first.digest, "a");
  EXPECT_EQ(other.evidence->second.signature, "signature of c");
  EXPECT_TRUE(other.changed.empty());
  EXPECT_EQ(put(5, "c").verdict, report_verdict::repeated); // costs nothing again
  const auto& history = book.histories().at("V");
  EXPECT_EQ(history.contradictions, 1U);
  EXPECT_DOUBLE_EQ(history.reputation, 0.5);
  EXPECT_EQ(history.reports, 1U);
  EXPECT_EQ(put(6, "d").verdict, report_verdict::take);
  EXPECT_EQ(book.reports(), 2U);
}

TEST(report_book, takes_no_more_validators_than_it_has_place_for) {
  report_book book;
  for (size_t i = 0; i < status_limits::validators_max; ++i)
    put_into(book, report_of(static_cast<uint16_t>(i), report_time_ms + i, {}));
  auto one_more = report_of(5000, report_time_ms + 2000, {});
  book.prepare(one_more);
  const auto refused = book.put(one_more);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::out_of_range);
  one_more.received_ms = report_time_ms + 3'600'001; // the first has been silent for long enough
  const auto taken = book.put(one_more);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->forgotten, std::vector<std::string>{"uid:0"});
}

TEST(report_book, states_coverage_conflicts_and_confidence) {
  report_book book;
  const auto sparse = [](bool serving) {
    miner_status x;
    x.uid = {9};
    x.is_serving = serving;
    return x;
  };
  put_into(book, report_of(1, report_time_ms, {full_status(7, "h", 5, true), sparse(true)}));
  put_into(book,
           report_of(2, report_time_ms,
                     {full_status(7, "h", 7, true), sparse(false), full_status(8, "g", 5, false)}));
  const auto stats = book.stats(report_time_ms);
  EXPECT_EQ(stats.miners_reported, 3U);
  EXPECT_EQ(stats.agreed, 1U);
  EXPECT_EQ(stats.conflicted, 1U); // is_serving of the two fields of uid 9
  EXPECT_EQ(stats.pending, 1U);
  EXPECT_DOUBLE_EQ(stats.coverage, 1.0 / 3);
  EXPECT_DOUBLE_EQ(stats.conflict_rate, 0.5);
  EXPECT_NEAR(stats.mean_confidence, (1.0 + (0.8 + 0.2 - 0.5)) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(stats.total_stake, 11);
  EXPECT_TRUE(stats.by_consensus);
}

TEST(report_book, follows_stakes_and_reputations_when_it_is_refreshed) {
  consensus_settings settings;
  settings.policy = consensus_policy::byzantine;
  report_book book{settings};
  book.set_validators({{1, "A", 10}, {2, "B", 20}});
  put_into(book, report_of(1, report_time_ms, {full_status(7, "h", 100, true)}));
  put_into(book, report_of(2, report_time_ms, {full_status(7, "h", 200, true)}));
  EXPECT_EQ(*book.find({7})->status.stake, 200);
  book.set_validators({{1, "A", 30}, {2, "B", 20}});
  EXPECT_EQ(book.refresh(report_time_ms), std::vector<miner_uid>{{7}});
  EXPECT_EQ(*book.find({7})->status.stake, 100);
  EXPECT_TRUE(book.refresh(report_time_ms).empty());
}

} // namespace
} // namespace sluice
