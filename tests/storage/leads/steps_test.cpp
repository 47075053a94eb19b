#include "storage/codec.hpp"
#include "storage/leads/steps.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

TEST(lead_step_tables, read_back_what_was_written) {
  lead_step step;
  step.time_us = -5;
  step.intake.counts.by_verdict[2] = 7;
  step.attempt = 3;
  step.trigger = publish_trigger::operator_;
  const auto again = decode<lead_step>(encode(step));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, step);
  EXPECT_EQ(*decode<intake_report>(encode(step.intake)), step.intake);
}

TEST(lead_step_tables, are_in_the_schema_by_their_names) {
  const auto all = step_tables();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].name, "lead_steps");
  EXPECT_EQ(all[1].name, "lead_intakes");
}

} // namespace
} // namespace sluice::storage
