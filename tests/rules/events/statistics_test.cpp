#include "rules/events/statistics.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::test {
namespace {

struct counted_event {
  uint64_t n = 0;
  SLUICE_FIELDS(n)
};

event_record counted(uint64_t number, const std::string& type) {
  return {number, type, "test", 1, event_data::of(counted_event{number})};
}

std::vector<uint64_t> numbers_of(const std::vector<event_record>& all) {
  std::vector<uint64_t> numbers;
  for (const auto& x : all)
    numbers.push_back(x.number);
  return numbers;
}

// BET-EMA-1 and values worked out by hand.
TEST(event_running_mean, begins_with_the_first_sample_and_takes_a_tenth_of_each_later_one) {
  const std::vector<double> samples{0.2, 0.4, 0.1};
  EXPECT_NEAR(avg_processing_time(samples), 0.208, 1e-12);
  EXPECT_EQ(avg_processing_time({}), 0);
  running_mean mean;
  mean.add(10);
  mean.add(20);
  EXPECT_NEAR(mean.value, 11, 1e-12);
  EXPECT_EQ(mean.samples, 2U);
}

TEST(event_history_test, keeps_the_newest_and_finds_by_type_and_number) {
  event_history history{5};
  for (uint64_t i = 1; i <= 8; ++i)
    history.add(counted(i, i % 2 == 0 ? "even" : "odd"));
  EXPECT_EQ(history.size(), 5U);
  EXPECT_EQ(numbers_of(history.find("", 0, 100)), (std::vector<uint64_t>{4, 5, 6, 7, 8}));
  EXPECT_EQ(numbers_of(history.find("even", 0, 100)), (std::vector<uint64_t>{4, 6, 8}));
  EXPECT_EQ(numbers_of(history.find("even", 0, 2)), (std::vector<uint64_t>{6, 8}));
  EXPECT_EQ(numbers_of(history.find("", 6, 100)), (std::vector<uint64_t>{7, 8}));
  EXPECT_TRUE(history.find("none", 0, 100).empty());
}

TEST(event_history_test, is_bounded_whatever_is_asked_for) {
  event_history history{1'000'000};
  for (uint64_t i = 1; i <= event_limits::history_max + 7; ++i)
    history.add(counted(i, "many"));
  EXPECT_EQ(history.size(), event_limits::history_max);
  EXPECT_EQ(history.find("", 0, SIZE_MAX).size(), event_limits::listed_max);
  event_history none{0};
  none.add(counted(1, "many"));
  EXPECT_EQ(none.size(), 0U);
}

} // namespace
} // namespace sluice::test
