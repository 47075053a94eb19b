#include "actors/consensus/audit.hpp"
#include "actors/consensus/intake.hpp"
#include "actors/consensus/stored_book.hpp"
#include "net/http/cached_body.hpp"
#include "tests/support/intake_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;
using namespace std::chrono_literals;

class consensus_intake : public intake_test {
protected:
  std::string why_not(const consensus_intake_actor& intake, const report_arrival& x) {
    return sentence(ask_error<report_outcome>(intake, x));
  }

  void expect_sound() {
    const auto found = audit_consensus(*disk);
    ASSERT_TRUE(found) << found.error().what;
    for (const auto& x : *found)
      EXPECT_EQ(x.difference, "") << x.what;
  }
};

/// facts/mechanisms C3c: 0 for the first validator, 1 for the second.
TEST_F(consensus_intake, answers_as_the_design_note_has_it) {
  const auto intake = make_intake();
  EXPECT_EQ(ask<report_outcome>(intake, with_key_of(48, seed_item())),
            (report_outcome{true, false, "", 1, 0}));
  EXPECT_EQ(status_of(49), 404U);
  EXPECT_EQ(ask<report_outcome>(intake, with_key_of(50, seed_item())),
            (report_outcome{true, false, "", 1, 1}));
  EXPECT_EQ(status_of(49), 200U);
  EXPECT_EQ(tables::consensus_status.get(*disk, "now")->statistics.agreed, 1U);
  expect_sound();
}

TEST_F(consensus_intake, has_a_report_on_the_disk_before_it_answers_and_shows_it) {
  bool lets_write = false;
  std::vector<storage::batch> held;
  storage_writer = mock<storage_writer_actor>(
    [&](const storage::batch& x) -> caf::result<atom::done> {
      if (lets_write && disk->commit(x))
        return atom::done_v;
      held.push_back(x);
      return caf::make_error(ec::storage_full, "the disk is full");
    },
    [](const incarnation_batch&) -> caf::result<atom::done> { return atom::done_v; },
    [](atom::fence, const std::string&) -> uint64_t { return 1; }, [](atom::flush) {});
  unproved = true;
  const auto intake = make_intake();
  EXPECT_EQ(why_not(intake, with_key_of(48, seed_item())), "the disk is full");
  EXPECT_EQ(held.size(), 1U);
  lets_write = true;
  EXPECT_EQ(ask<report_outcome>(intake, with_key_of(50, seed_item())),
            (report_outcome{true, false, "", 1, 0})); // the first one does not count
  EXPECT_EQ(status_of(49), 404U);
  EXPECT_EQ(ask<report_outcome>(intake, with_key_of(48, seed_item())).consensus_updated, 1U);
  expect_sound();
}

TEST_F(consensus_intake, takes_a_report_only_from_who_proves_to_be_that_validator) {
  const auto intake = make_intake();
  auto x = with_key_of(48, seed_item());
  x.report.validator_uid = 49;
  EXPECT_NE(why_not(intake, x).find("this API key is of uid 48"), std::string::npos);
  x.sender = {};
  EXPECT_NE(why_not(intake, x).find("proves no validator"), std::string::npos);
  auto forged = signed_by(0, 1, seed_item());
  forged.report.miner_statuses = seed_item(false);
  EXPECT_NE(why_not(intake, forged).find("signature"), std::string::npos);
  auto other = signed_by(0, 1, seed_item());
  other.report.validator_uid = 14;
  EXPECT_NE(why_not(intake, other), "");
  EXPECT_FALSE(*tables::consensus_reports.last(*disk));
  EXPECT_EQ(ask<report_outcome>(intake, signed_by(0, 1, seed_item())).miners_processed, 1U);
  EXPECT_EQ(tables::consensus_reports.get(*disk, 1)->hotkey, keys_of(0).address);
  EXPECT_EQ(shared.size(), 1U); // only what was signed and taken is passed on
  EXPECT_EQ(tables::consensus_status.get(*disk, "now")->refused.at("unproved"), 2U);
}

TEST_F(consensus_intake, takes_what_proves_nothing_only_where_that_is_wanted) {
  unproved = true;
  const auto intake = make_intake();
  auto x = with_key_of(48, seed_item());
  x.sender = {};
  EXPECT_EQ(ask<report_outcome>(intake, x).miners_processed, 1U);
}

TEST_F(consensus_intake, passes_over_items_and_refuses_what_is_no_list) {
  const auto intake = make_intake();
  const auto some = ask<report_outcome>(
    intake, with_key_of(48, R"([{"uid":1},7,{"hotkey":"x"},{"uid":-1},{"uid":2,"stake":-5}])"));
  EXPECT_EQ(some, (report_outcome{true, false, "", 2, 0}));
  const auto none = ask<report_outcome>(intake, with_key_of(48, R"({"uid":1})"));
  EXPECT_FALSE(none.is_list);
  EXPECT_EQ(none.error, "miner_statuses must be a list");
  EXPECT_NE(why_not(intake, with_key_of(48, "[{")), "");
  EXPECT_EQ(tables::consensus_counts.get(*disk, "now")->reports, 1U);
}

TEST_F(consensus_intake, knows_a_report_again_after_it_was_killed) {
  auto intake = make_intake();
  const auto first = signed_by(0, 5, seed_item());
  EXPECT_FALSE(ask<report_outcome>(intake, first).is_repeated);
  EXPECT_TRUE(ask<report_outcome>(intake, first).is_repeated);
  kill(intake);
  intake = make_intake();
  EXPECT_TRUE(ask<report_outcome>(intake, first).is_repeated);
  EXPECT_NE(why_not(intake, signed_by(0, 4, seed_item())).find("rise"), std::string::npos);
}

TEST_F(consensus_intake, keeps_a_contradiction_as_evidence) {
  const auto intake = make_intake();
  EXPECT_TRUE(ask<report_outcome>(intake, signed_by(0, 5, seed_item())).is_list);
  EXPECT_NE(why_not(intake, signed_by(0, 5, seed_item(false))).find("kept as evidence"),
            std::string::npos);
  const auto row = tables::consensus_evidence.last(*disk);
  ASSERT_TRUE(row && *row);
  EXPECT_EQ((*row)->second.epoch, 5U);
  EXPECT_NE((*row)->second.first.digest, (*row)->second.second.digest);
  EXPECT_LT(tables::consensus_validators.get(*disk, keys_of(0).address)->reputation, 1);
}

TEST_F(consensus_intake, has_the_same_records_after_it_was_killed) {
  auto intake = make_intake();
  for (uint16_t i = 0; i < dev_validators; ++i) {
    now_ms += 1000;
    ask<report_outcome>(intake, signed_by(i, 5, seed_item(i != 1)));
  }
  const auto before = ask<selectable_miners>(intake, selectable_miners_query{now_ms}).all;
  ASSERT_EQ(before.size(), 1U);
  const auto page = pages->miner(49).page;
  ASSERT_TRUE(page);
  kill(intake);
  intake = make_intake();
  EXPECT_EQ(ask<selectable_miners>(intake, selectable_miners_query{now_ms}).all, before);
  ASSERT_TRUE(pages->miner(49).page);
  EXPECT_EQ(pages->miner(49).page->plain(), page->plain());
}

TEST_F(consensus_intake, lets_reports_become_stale_by_the_clock) {
  const auto intake = make_intake(false);
  ask<report_outcome>(intake, with_key_of(48, seed_item()));
  ask<report_outcome>(intake, with_key_of(50, seed_item()));
  EXPECT_EQ(status_of(49), 200U);
  now_ms += 301'000;
  advance(2s);
  EXPECT_EQ(status_of(49), 404U);
  EXPECT_EQ(tables::consensus_status.get(*disk, "now")->statistics.stale, 1U);
  expect_sound();
  now_ms += 4'000'000; // nothing is used any more
  advance(2s);
  EXPECT_FALSE(*tables::consensus_reports.last(*disk));
  EXPECT_FALSE(*tables::consensus_checksums.last(*disk));
}

TEST_F(consensus_intake, lets_time_pass_in_a_world_when_it_is_said) {
  const auto intake = make_intake();
  for (uint16_t i = 0; i < 2; ++i)
    ask<report_outcome>(intake, signed_by(i, 1, seed_item()));
  const auto moment = intake_start_ms + 900'000;
  const auto status = ask<intake_status>(intake, intake_moment{moment});
  EXPECT_EQ(status.statistics.stale, 1U);
  EXPECT_EQ(tables::consensus_status.get(*disk, "now")->now_ms, moment);
  expect_sound();
}

TEST_F(consensus_intake, measures_how_long_reports_take) {
  const auto intake = make_intake();
  ask<report_outcome>(intake, with_key_of(48, seed_item()));
  ask<report_outcome>(intake, with_key_of(50, seed_item()));
  EXPECT_EQ(ask<intake_status>(intake, intake_moment{now_ms}).latency.total(), 2U);
}

TEST_F(consensus_intake, answers_every_report_of_a_burst_in_order) {
  const auto intake = make_intake();
  std::vector<uint64_t> updated;
  for (uint16_t i = 0; i < 200; ++i)
    caf::anon_send(intake, report_message{with_key_of(static_cast<uint16_t>(100 + i), seed_item()),
                                          [&](const result<report_outcome>& x) {
                                            ASSERT_TRUE(x) << x.error().what;
                                            updated.push_back(x->consensus_updated);
                                          }});
  settle();
  ASSERT_EQ(updated.size(), 200U);
  EXPECT_EQ(updated[0], 0U);
  for (size_t i = 1; i < updated.size(); ++i)
    EXPECT_EQ(updated[i], 1U) << i;
  expect_sound();
}

TEST_F(consensus_intake, is_busy_beyond_its_bound) {
  const auto intake = make_intake();
  size_t busy = 0;
  const size_t sent = waiting_reports_max + 200;
  size_t answered = 0;
  for (size_t i = 0; i < sent; ++i)
    caf::anon_send(
      intake, report_message{with_key_of(48, seed_item()), [&](const result<report_outcome>& x) {
                               ++answered;
                               busy += !x && x.error().code == ec::busy ? 1 : 0;
                             }});
  settle();
  EXPECT_EQ(answered, sent);
  EXPECT_GT(busy, 0U);
}

TEST_F(consensus_intake, knows_the_slot_of_a_worker) {
  const auto intake = make_intake();
  std::vector<result<miner_uid>> answers;
  for (const char* key : {"miner-3", "stranger"})
    caf::anon_send(
      intake, worker_message{{key}, [&](result<miner_uid> x) { answers.push_back(std::move(x)); }});
  settle();
  ASSERT_EQ(answers.size(), 2U);
  ASSERT_TRUE(answers[0]);
  EXPECT_EQ(*answers[0], miner_uid{3});
  EXPECT_EQ(answers[1].error().code, ec::refused);
}

TEST_F(consensus_intake, leaves_what_an_audit_sees_when_a_byte_changes) {
  const auto intake = make_intake();
  ask<report_outcome>(intake, with_key_of(48, seed_item()));
  expect_sound();
  auto row = *tables::consensus_reports.get(*disk, 1);
  row.statuses[0].stake = 1001;
  storage::batch writes;
  tables::consensus_reports.put(writes, 1, row);
  ASSERT_TRUE(disk->commit(writes));
  const auto found = audit_consensus(*disk);
  ASSERT_TRUE(found);
  EXPECT_NE(found->front().difference.find("checksum of report 1"), std::string::npos);
}

} // namespace
} // namespace sluice::test
