#include "rules/leads/timestamp.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>
#include <random>

namespace sluice {
namespace {

constexpr int64_t lead_now = 1'756'101'719'470'690; // 2025-08-25T06:01:59.470690Z

TEST(lead_timestamp, reads_every_kind_of_iso_text) {
  for (const auto* text :
       {"2025-08-25T06:01:59.470690Z", "2025-08-25T06:01:59.470690", "2025-08-25T06:01:59.47069",
        "2025-08-25T06:01:59.470690+00:00", "2025-08-25T06:01:59.470690-00:00",
        "2025-08-25T08:01:59.470690+02:00", "2025-08-24T23:01:59.470690-07:00",
        "2025-08-25T11:31:59.470690+05:30", "2025-08-25T08:01:59.470690+0200",
        "2025-08-25T08:01:59.470690+02", "20250825T060159.470690Z", "2025-08-25T06:01:59,470690Z",
        "2025-08-25T06:01:59.470690999Z", "2025-08-25T06:02:29.470690+00:00:30"})
    EXPECT_EQ(unix_us(std::string_view{text}), lead_now) << text;
  EXPECT_EQ(unix_us(std::string_view{"1970-01-01T00:00"}), 0);
  EXPECT_EQ(unix_us(std::string_view{"1970-01-01T01"}), 3'600'000'000);
  EXPECT_EQ(unix_us(std::string_view{"1969-12-31T23:59:59.999999Z"}), -1);
  EXPECT_EQ(unix_us(std::string_view{"0001-01-01T00:00:00Z"}), -62'135'596'800'000'000);
  EXPECT_EQ(unix_us(std::string_view{"9999-12-31T23:59:59.999999Z"}), 253'402'300'799'999'999);
}

TEST(lead_timestamp, takes_nothing_else_for_a_time) {
  for (const auto* text : {"",
                           "yesterday",
                           "NaN",
                           "1756101719",
                           "2025-08-25",
                           "2025-08-25 06:01:59Z",
                           "2025-08-25t06:01:59Z",
                           "2025-08-25T06:01:59z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-01T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "1900-02-29T00:00:00Z",
                           "2025-04-31T00:00:00Z",
                           "2025-08-25T24:00:00Z",
                           "2025-08-25T06:60:00Z",
                           "2025-08-25T06:01:60Z",
                           "2025-08-25T06:01:59.Z",
                           "2025-08-25T06:01:59Z ",
                           " 2025-08-25T06:01:59Z",
                           "2025-08-25T06:01:59+25:00",
                           "2025-08-25T06:01:59ZZ",
                           "0000-01-01T00:00:00Z",
                           "2025-0825T06:01:59Z",
                           "2025-08-25T",
                           "2025-08-25T6:01",
                           "-2025-08-25T06:01:59Z",
                           "2025-08-25T06:01:59+"})
    EXPECT_EQ(unix_us(std::string_view{text}), std::nullopt) << text;
  EXPECT_EQ(unix_us(lead_time{}), std::nullopt);
  EXPECT_EQ(unix_us(lead_time::no_time()), std::nullopt);
  EXPECT_EQ(unix_us(lead_time::of_number(NAN)), std::nullopt);
  EXPECT_EQ(unix_us(lead_time::of_number(INFINITY)), std::nullopt);
  EXPECT_TRUE(unix_us(std::string_view{"2000-02-29T00:00:00Z"}));
  EXPECT_TRUE(unix_us(std::string_view{"2024-02-29T00:00:00Z"}));
}

TEST(lead_timestamp, takes_numbers_below_1e11_as_seconds_and_others_as_milliseconds) {
  EXPECT_EQ(unix_us(lead_time::of_whole(1'756'101'719)), 1'756'101'719'000'000);
  EXPECT_EQ(unix_us(lead_time::of_whole(1'756'101'719'470)), 1'756'101'719'470'000);
  EXPECT_EQ(unix_us(lead_time::of_number(1'756'101'719.47069)), lead_now);
  EXPECT_EQ(unix_us(lead_time::of_number(1'756'101'719'470.69)), lead_now);
  EXPECT_EQ(unix_us(lead_time::of_whole(99'999'999'999)), 99'999'999'999'000'000);
  EXPECT_EQ(unix_us(lead_time::of_whole(100'000'000'000)), 100'000'000'000'000);
  EXPECT_EQ(unix_us(lead_time::of_whole(-99'999'999'999)), -99'999'999'999'000'000);
  EXPECT_EQ(unix_us(lead_time::of_whole(-100'000'000'000)), -100'000'000'000'000);
  EXPECT_EQ(unix_us(lead_time::of_number(1e11)), 100'000'000'000'000);
  EXPECT_EQ(unix_us(lead_time::of_whole(0)), 0);
}

TEST(lead_timestamp, rounds_numbers_to_the_nearest_microsecond_halves_to_even) {
  EXPECT_EQ(unix_us(lead_time::of_number(0.0000005)), 0);
  EXPECT_EQ(unix_us(lead_time::of_number(0.0000015)), 2);
  EXPECT_EQ(unix_us(lead_time::of_number(0.00000051)), 1);
  EXPECT_EQ(unix_us(lead_time::of_number(-0.0000025)), -2);
  EXPECT_EQ(unix_us(lead_time::of_parts(0, 499)), 0);
  EXPECT_EQ(unix_us(lead_time::of_parts(0, 500)), 0);
  EXPECT_EQ(unix_us(lead_time::of_parts(0, 501)), 1);
  EXPECT_EQ(unix_us(lead_time::of_parts(0, 1500)), 2);
  EXPECT_EQ(unix_us(lead_time::of_parts(0, -501)), -1);
  EXPECT_EQ(unix_us(lead_time::of_parts(0, -500)), 0);
  EXPECT_EQ(unix_us(lead_time::of_parts(1'756'101'719, 470'690'000)), lead_now);
}

TEST(lead_timestamp, holds_at_the_ends_of_64_bits_what_is_beyond) {
  constexpr auto least = std::numeric_limits<int64_t>::min();
  constexpr auto most = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(unix_us(lead_time::of_whole(most)), most);
  EXPECT_EQ(unix_us(lead_time::of_whole(least)), least);
  EXPECT_EQ(unix_us(lead_time::of_number(1e300)), most);
  EXPECT_EQ(unix_us(lead_time::of_number(-1e300)), least);
  EXPECT_EQ(unix_us(lead_time::of_parts(most, most)), most);
  EXPECT_EQ(unix_us(lead_time::of_parts(least, least)), least);
  EXPECT_EQ(window_of(least, 30).start_us, least);
  EXPECT_EQ(window_of(0, 1e300).start_us, least + 1);
}

TEST(lead_timestamp, has_a_window_with_both_ends_in_it) {
  const auto window = window_of(lead_now, 30);
  EXPECT_EQ(window.end_us, lead_now);
  EXPECT_EQ(iso_text(window.start_us), "2025-07-26T06:01:59.470690+00:00");
  EXPECT_TRUE(window.contains(window.start_us));
  EXPECT_TRUE(window.contains(window.end_us));
  EXPECT_FALSE(window.contains(window.start_us - 1));
  EXPECT_FALSE(window.contains(window.end_us + 1));
  EXPECT_EQ(window_of(lead_now, 0), (lead_window{lead_now, lead_now}));
  EXPECT_EQ(window_of(lead_now, 0.5).start_us, lead_now - 43'200'000'000);
}

TEST(lead_timestamp, writes_what_it_reads_and_agrees_with_the_systems_calendar) {
  const uint64_t seed = 20'251'130;
  std::mt19937_64 chance{seed};
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (int i = 0; i < 2000; ++i) {
    const auto us
      = static_cast<int64_t>(chance() % 315'537'897'600'000'000) - 62'135'596'800'000'000;
    const auto text = iso_text(us);
    ASSERT_EQ(unix_us(std::string_view{text}), us) << text;
    const time_t seconds = us >= 0 ? us / 1'000'000 : -((-us + 999'999) / 1'000'000);
    std::tm parts{};
    ASSERT_NE(gmtime_r(&seconds, &parts), nullptr);
    std::array<char, 64> expected{};
    std::snprintf(expected.data(), expected.size(), "%04d-%02d-%02dT%02d:%02d:%02d",
                  parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                  parts.tm_min, parts.tm_sec);
    ASSERT_EQ(text.substr(0, 19), expected.data());
  }
  EXPECT_EQ(iso_text(0), "1970-01-01T00:00:00+00:00");
  EXPECT_EQ(iso_text(1), "1970-01-01T00:00:00.000001+00:00");
  EXPECT_EQ(iso_text(std::numeric_limits<int64_t>::max()), "9999-12-31T23:59:59.999999+00:00");
  EXPECT_EQ(log_time_text(lead_now), "2025-08-25 06:01:59.470690+00:00");
}

} // namespace
} // namespace sluice
