#include "rules/consensus/confidence.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

present_fields only_uid() {
  return {};
}

TEST(report_confidence, takes_a_tenth_off_for_each_missing_field) {
  EXPECT_NEAR(confidence_of(only_uid(), {}), 0.7, 1e-12);
  auto two = only_uid();
  two.hotkey = true;
  EXPECT_NEAR(confidence_of(two, {}), 0.8, 1e-12);
  two.performance_score = true;
  two.current_load = true;
  EXPECT_NEAR(confidence_of(two, 600'000), 0.95, 1e-12);
}

TEST(report_confidence, looks_at_the_age_in_two_steps_and_not_far_into_the_future) {
  const auto at = [](int64_t ms) { return confidence_of(only_uid(), ms); };
  EXPECT_NEAR(at(0), 0.8, 1e-12);
  EXPECT_NEAR(at(299'999), 0.8, 1e-12);
  EXPECT_NEAR(at(300'000), 0.75, 1e-12);
  EXPECT_NEAR(at(899'999), 0.75, 1e-12);
  EXPECT_NEAR(at(900'000), 0.7, 1e-12);
  EXPECT_NEAR(at(-60'000), 0.8, 1e-12);
  EXPECT_NEAR(at(-60'001), 0.7, 1e-12);
}

TEST(report_confidence, stays_between_its_bounds) {
  present_fields all;
  all.hotkey = all.stake = all.is_serving = all.performance_score = all.current_load
    = all.specialization = true;
  EXPECT_EQ(confidence_of(all, 0), 1);
  confidence_terms hard;
  hard.missing = 0.5;
  EXPECT_NEAR(confidence_of(only_uid(), {}, hard), 0.1, 1e-12);
}

TEST(report_confidence, reads_a_status_at_the_moment_it_was_received) {
  miner_status x;
  x.hotkey = "h";
  x.last_seen = "\"2025-08-25T12:04:16\"";
  EXPECT_NEAR(confidence_of(x, 1'756'123'456'000), 0.9, 1e-12); // 0 s
  EXPECT_NEAR(confidence_of(x, 1'756'123'456'000 + 400'000), 0.85, 1e-12);
  x.last_seen = "\"soon\"";
  EXPECT_NEAR(confidence_of(x, 1'756'123'456'000), 0.8, 1e-12);
}

TEST(report_confidence, has_the_bands_of_the_design_note) {
  EXPECT_EQ(confidence_band(0.9), "high");
  EXPECT_EQ(confidence_band(0.7), "medium");
  EXPECT_EQ(confidence_band(0.5), "low");
  EXPECT_EQ(confidence_band(0.49), "very low");
}

} // namespace
} // namespace sluice
