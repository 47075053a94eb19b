#include "rules/sports/moment.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

namespace sluice {
namespace {

TEST(sports_moments, are_read_with_and_without_an_offset) {
  constexpr int64_t noon = 1'743'508'800'000'000; // 2025-04-01T12:00:00Z
  const auto with = [](int64_t us) { return std::optional{sports_moment{us, true}}; };
  EXPECT_EQ(read_sports_moment("2025-04-01T12:00:00Z"), with(noon));
  EXPECT_EQ(read_sports_moment("2025-04-01T12:00Z"), with(noon));
  EXPECT_EQ(read_sports_moment("2025-04-01 12:00:00+00:00"), with(noon));
  EXPECT_EQ(read_sports_moment("2025-04-01T14:30:00+02:30"), with(noon));
  EXPECT_EQ(read_sports_moment("2025-04-01T07:00:00-0500"), with(noon));
  EXPECT_EQ(read_sports_moment("2025-04-01T12:00:00.1234567Z"), with(noon + 123'456));
  EXPECT_EQ(read_sports_moment("2025-04-01T12:00:00.5"), (sports_moment{noon + 500'000, false}));
  EXPECT_EQ(read_sports_moment("1970-01-01T00:00:00Z"), with(0));
}

TEST(sports_moments, that_are_none_are_refused) {
  for (const auto* text : {"",
                           "2025-04-01",
                           "2025-04-01T12",
                           "2025-04-01T12:60:00Z",
                           "2025-04-01T24:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-01T00:00:00Z",
                           "2025-04-00T00:00:00Z",
                           "25-04-01T12:00:00Z",
                           "2025-4-1T12:00:00Z",
                           "2025-04-01T12:00:00.Z",
                           "2025-04-01T12:00:00+0",
                           "2025-04-01T12:00:00+24:00",
                           "2025-04-01T12:00:00Zulu",
                           "1969-12-31T23:59:59Z",
                           "0000-01-01T00:00:00Z",
                           "1970-01-01T00:30:00+01:00",
                           "9999-12-31T23:59:59-00:01",
                           "2025-04-01T12:00:00 +00:00"})
    EXPECT_FALSE(read_sports_moment(text)) << text;
  EXPECT_FALSE(read_sports_moment("2025-04-01T12:00:00." + std::string(60, '1') + 'Z'));
}

TEST(sports_moments, are_written_as_python_does) {
  EXPECT_EQ(sports_time_text(1'743'508'800'123'456), "2025-04-01T12:00:00.123456+00:00");
  EXPECT_EQ(sports_time_text(1'743'508'800'000'100), "2025-04-01T12:00:00.000100+00:00");
  EXPECT_EQ(sports_time_text(1'743'508'800'000'000), "2025-04-01T12:00:00+00:00");
  EXPECT_EQ(sports_time_text(0), "1970-01-01T00:00:00+00:00");
  EXPECT_EQ(sports_time_text(-1), "1970-01-01T00:00:00+00:00");
  EXPECT_EQ(sports_time_text(1'709'164'800'000'000), "2024-02-29T00:00:00+00:00");
  EXPECT_EQ(sports_time_text(INT64_MAX), "9999-12-31T23:59:59.999999+00:00");
}

TEST(sports_moments, are_those_of_the_systems_calendar_and_come_back) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int i = 0; i < 20'000; ++i) {
    const auto us = static_cast<int64_t>(chance() % 253'402'300'800'000'000);
    const auto seconds = static_cast<std::time_t>(us / 1'000'000);
    std::tm parts{};
    ASSERT_NE(gmtime_r(&seconds, &parts), nullptr);
    char text[64];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    const auto made = sports_time_text(us);
    ASSERT_EQ(made.substr(0, 19), text);
    ASSERT_EQ(read_sports_moment(made), (sports_moment{us, true})) << made;
  }
}

} // namespace
} // namespace sluice
