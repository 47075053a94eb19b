#include "io/trading/rows.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::io {
namespace {

constexpr int64_t april = int64_t{1'743'465'600} * us_per_second; // date -ud 2025-04-01 +%s

TEST(parse_iso_time, knows_z_offsets_and_none) {
  EXPECT_EQ(parse_iso_time("2025-04-01T00:00:00Z"), april);
  EXPECT_EQ(parse_iso_time("2025-04-01T00:00:00"), april);
  EXPECT_EQ(parse_iso_time("2025-04-01 00:00"), april);
  EXPECT_EQ(parse_iso_time("2025-04-01T02:00:00+02:00"), april);
  EXPECT_EQ(parse_iso_time("2025-03-31T19:30:00-0430"), april);
  EXPECT_EQ(parse_iso_time("2025-04-01T00:00:00.25Z"), april + 250'000);
  EXPECT_EQ(parse_iso_time("2025-04-01T00:00:00.123456999+00:00"), april + 123'456);
  EXPECT_EQ(parse_iso_time("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_iso_time("9999-12-31T23:59:59.999999Z"), time_us_max);
  EXPECT_EQ(parse_iso_time("2024-02-29T00:00:00Z"), int64_t{1'709'164'800} * us_per_second);
}

TEST(parse_iso_time, takes_nothing_else) {
  for (const auto* text : {"",
                           "2025-04-01",
                           "2025-04-01T",
                           "2025-04-01T24:00:00",
                           "2025-02-29T00:00:00Z",
                           "2025-13-01T00:00:00Z",
                           "2025-00-01T00:00:00Z",
                           "2025-04-31T00:00:00Z",
                           "2025-04-01T00:60:00Z",
                           "2025-04-01T00:00:60Z",
                           "2025-04-01T00:00:00ZZ",
                           "2025-04-01T00:00:00+",
                           "2025-04-01T00:00:00+25:00",
                           "2025-04-01T00:00:00.",
                           "1743465600",
                           "0000-00-00T00:00:00Z",
                           "1969-12-31T23:59:59Z",
                           " 2025-04-01T00:00:00Z",
                           "true",
                           "{}",
                           "2025-4-1T00:00:00Z",
                           "2025-04-01T00:00:00+02:0x",
                           "9999-12-31T23:59:59-01:00"})
    EXPECT_EQ(parse_iso_time(text), std::nullopt) << text;
}

TEST(iso_time, reads_back_as_the_same_moment) {
  EXPECT_EQ(iso_time(april + 120 * us_per_second), "2025-04-01T00:02:00Z");
  EXPECT_EQ(iso_time(april + 7), "2025-04-01T00:00:00.000007Z");
  EXPECT_EQ(iso_time(0), "1970-01-01T00:00:00Z");
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  for (int i = 0; i < 20'000; ++i) {
    const auto time = static_cast<int64_t>(random() % static_cast<uint64_t>(time_us_max));
    EXPECT_EQ(parse_iso_time(iso_time(time)), time) << "seed " << seed;
  }
}

TEST(parse_scaled_decimal, rounds_to_the_nearest_half_to_even) {
  EXPECT_EQ(parse_scaled_decimal("20.525225684", 9), 20'525'225'684);
  EXPECT_EQ(parse_scaled_decimal("0.0000000005", 9), 0);
  EXPECT_EQ(parse_scaled_decimal("0.0000000015", 9), 2);
  EXPECT_EQ(parse_scaled_decimal("0.0000000025", 9), 2);
  EXPECT_EQ(parse_scaled_decimal("0.00000000250000001", 9), 3);
  EXPECT_EQ(parse_scaled_decimal("-0.0000000015", 9), -2);
  EXPECT_EQ(parse_scaled_decimal("1e-10", 9), 0);
  EXPECT_EQ(parse_scaled_decimal("1.25e2", 0), 125);
  EXPECT_EQ(parse_scaled_decimal("12.5", 0), 12);
  EXPECT_EQ(parse_scaled_decimal("13.5", 0), 14);
  EXPECT_EQ(parse_scaled_decimal("1E+3", 9), 1'000'000'000'000);
  EXPECT_EQ(parse_scaled_decimal("0", 9), 0);
  EXPECT_EQ(parse_scaled_decimal("0e999", 9), 0);
  EXPECT_EQ(parse_scaled_decimal("9223372036854775807", 0), INT64_MAX);
  EXPECT_EQ(parse_scaled_decimal("0.9", 0), 1);
  EXPECT_EQ(parse_scaled_decimal(".5", 0), 0);
}

TEST(parse_scaled_decimal, takes_no_text_that_is_no_number_and_none_that_is_too_large) {
  for (const auto* text :
       {"", "12.5x", "NaN", "Infinity", "-inf", "1e", "1e1e1", ".", "-", "1_000", " 1", "1 ",
        "0x10", "1.2.3", "9223372036854775808", "1e400", "1e99999", "--1"})
    EXPECT_EQ(parse_scaled_decimal(text, 0), std::nullopt) << text;
  EXPECT_EQ(parse_scaled_decimal(std::string(1'000'000, '1'), 0), std::nullopt);
}

} // namespace
} // namespace sluice::io
