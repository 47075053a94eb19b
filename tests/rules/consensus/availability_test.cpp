#include "rules/consensus/availability.hpp"
#include "tests/support/consensus_reports.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(availability, is_performance_times_free_capacity_and_a_boost) {
  EXPECT_NEAR(boosted_availability(0.85, 1, 5, 0.92), 0.864, 1e-12);
  EXPECT_NEAR(boosted_availability(0.4, 3, 5, 0), 0.16, 1e-12);
  EXPECT_NEAR(boosted_availability(0.5, 5, 5, 0), 0.1, 1e-12);
  EXPECT_NEAR(boosted_availability(1, 0, 5, 1), 1, 1e-12);
  EXPECT_NEAR(boosted_availability(1, 0, 0, 1), 0.1, 1e-12); // no capacity
}

TEST(availability, has_a_second_formula_that_can_be_selected) {
  EXPECT_NEAR(full_availability(0.8, 2, 5, 500, 90), 0.69, 1e-12);
  EXPECT_NEAR(full_availability(1, 9, 5, 5000, 9000), 0.6, 1e-12);
  available_miner x;
  x.performance = 0.8;
  x.load = 2;
  x.stake = 500;
  x.age_s = 90;
  consensus_settings settings;
  EXPECT_NEAR(availability_of(x, settings), 0.48, 1e-12);
  settings.availability = availability_formula::full;
  EXPECT_EQ(availability_of(x, settings), 0.69);
}

consensus_record agreed_record() {
  consensus_record x;
  x.uid = {7};
  x.state = consensus_state::agreed;
  x.confidence = 0.95;
  x.newest_ms = test::report_time_ms;
  x.status = test::full_status(7, "h", 1000, true);
  return x;
}

std::optional<available_miner> selected(const consensus_record& x, uint64_t after_ms = 0) {
  return selectable(x, test::report_time_ms + after_ms, {});
}

TEST(selectable, needs_a_serving_miner_with_stake_and_capacity) {
  const auto made = selected(agreed_record());
  ASSERT_TRUE(made);
  EXPECT_EQ(made->confidence, 0.95);
  EXPECT_FALSE(made->is_fallback);
  EXPECT_TRUE(is_free(*made));
  const auto without = [](auto change) {
    auto x = agreed_record();
    change(x);
    return selected(x).has_value();
  };
  EXPECT_FALSE(without([](auto& x) { x.status.is_serving = false; }));
  EXPECT_FALSE(without([](auto& x) { x.status.is_serving.reset(); }));
  EXPECT_FALSE(without([](auto& x) { x.status.stake = 0; }));
  EXPECT_FALSE(without([](auto& x) { x.status.stake.reset(); }));
  EXPECT_FALSE(without([](auto& x) { x.status.max_capacity = 0; }));
  EXPECT_FALSE(without([](auto& x) { x.confidence = 0.69; }));
  EXPECT_FALSE(without([](auto& x) { x.state = consensus_state::conflicted; }));
  EXPECT_TRUE(without([](auto& x) { x.status.current_load = 5; })); // full, but selectable later
}

TEST(selectable, takes_the_defaults_for_what_nobody_reports) {
  auto x = agreed_record();
  x.status.performance_score.reset();
  x.status.current_load.reset();
  x.status.max_capacity.reset();
  const auto made = selected(x);
  EXPECT_EQ(made->performance, 0.5);
  EXPECT_EQ(made->load, 0);
  EXPECT_EQ(made->capacity, 5);
}

TEST(selectable, falls_back_per_miner_without_a_boost_for_a_quarter_of_an_hour) {
  auto x = agreed_record();
  x.state = consensus_state::pending;
  x.confidence = 0;
  EXPECT_FALSE(selected(x)); // the record says that its single report does not serve
  x.fallback = true;
  const auto made = selected(x, 900'000);
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->is_fallback);
  EXPECT_EQ(made->confidence, 0);
  EXPECT_EQ(made->age_s, 900);
  EXPECT_FALSE(selected(x, 900'001));
}

} // namespace
} // namespace sluice
