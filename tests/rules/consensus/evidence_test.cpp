#include "rules/consensus/evidence.hpp"
#include "tests/support/consensus_reports.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

validator_history after_epoch(uint64_t epoch) {
  validator_history x;
  x.has_signed = true;
  x.signed_epoch = epoch;
  x.last_signed = {"first", "signature of first", 1, 2};
  return x;
}

status_report signed_for(uint64_t epoch, const std::string& digest) {
  return test::signed_report_of(1, "V", epoch, digest, test::report_time_ms, {});
}

TEST(report_verdict, lets_epochs_only_rise) {
  const auto before = after_epoch(5);
  EXPECT_EQ(judge_report(signed_for(6, "x"), before), report_verdict::take);
  EXPECT_EQ(judge_report(signed_for(5, "first"), before), report_verdict::repeated);
  EXPECT_EQ(judge_report(signed_for(5, "x"), before), report_verdict::contradiction);
  EXPECT_EQ(judge_report(signed_for(4, "first"), before), report_verdict::outdated);
  EXPECT_EQ(judge_report(signed_for(0, "x"), {}), report_verdict::take);
}

TEST(report_verdict, does_not_look_at_the_epochs_of_keys) {
  auto x = signed_for(1, "x");
  x.proof = report_proof::key;
  EXPECT_EQ(judge_report(x, after_epoch(5)), report_verdict::take);
}

TEST(report_verdict, keeps_a_bounded_number_of_contradictions_per_epoch) {
  auto before = after_epoch(5);
  before.others = {"x"};
  EXPECT_EQ(judge_report(signed_for(5, "x"), before), report_verdict::repeated);
  before.others.resize(validator_history::contradictions_max, "y");
  EXPECT_EQ(judge_report(signed_for(5, "z"), before), report_verdict::outdated);
}

TEST(report_evidence, holds_both_signatures) {
  const auto made = evidence_of(signed_for(5, "x"), after_epoch(5));
  EXPECT_EQ(made.hotkey, "V");
  EXPECT_EQ(made.validator_uid, 1);
  EXPECT_EQ(made.epoch, 5U);
  EXPECT_EQ(made.first.signature, "signature of first");
  EXPECT_EQ(made.second.signature, "signature of x");
  EXPECT_EQ(made.second.received_ms, test::report_time_ms);
}

} // namespace
} // namespace sluice
