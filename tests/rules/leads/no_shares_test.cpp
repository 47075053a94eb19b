#include "rules/leads/no_shares.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(no_shares, is_no_reason_when_there_are_some) {
  share_report report;
  report.status = share_status::ok;
  EXPECT_EQ(why_no_shares(report, {}, 30), "");
}

TEST(no_shares, states_what_was_passed_over) {
  share_report report;
  EXPECT_EQ(why_no_shares(report, {}, 30),
            "no_data: no lead counts in the last 30 days (none is stored); a buyer's request or "
            "`sluice leads import FILE` brings some");
  report.counts.leads = 15;
  report.counts.skipped_bad_timestamp = 4;
  report.counts.out_of_window = 8;
  report.counts.duplicates = 2;
  report.counts.used = 1;
  EXPECT_EQ(why_no_shares(report, {}, 7),
            "no_data: no lead counts in the last 7 days (15 leads stored, 4 skipped without a "
            "usable time, 8 outside of the window, 2 duplicates, 1 without curator and source); a "
            "buyer's request or `sluice leads import FILE` brings some");
}

TEST(no_shares, names_some_of_those_that_are_not_registered) {
  share_report report;
  report.status = share_status::ok;
  mapped_shares mapped;
  mapped.skip = "nobody who has a share is registered";
  for (const auto* x : {"a", "b", "c", "d", "e", "f", "g"})
    mapped.dropped.push_back({x});
  EXPECT_EQ(why_no_shares(report, mapped, 30),
            "nobody who has a share is registered: a, b, c, d, e and 2 more");
}

} // namespace
} // namespace sluice
