#include "rules/consensus/miner_status.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

namespace sluice {
namespace {

TEST(last_seen, reads_iso_times_with_and_without_an_offset) {
  constexpr int64_t noon = 1'756'123'200'000; // 2025-08-25T12:00:00Z
  EXPECT_EQ(last_seen_ms("\"2025-08-25T12:00:00\""), noon);
  EXPECT_EQ(last_seen_ms("2025-08-25T12:00:00Z"), noon);
  EXPECT_EQ(last_seen_ms("2025-08-25 12:00"), noon);
  EXPECT_EQ(last_seen_ms("2025-08-25T12:00:00.123456+00:00"), noon + 123);
  EXPECT_EQ(last_seen_ms("2025-08-25T14:30:00+02:30"), noon);
  EXPECT_EQ(last_seen_ms("2025-08-25T07:00:00-0500"), noon);
  EXPECT_EQ(last_seen_ms("2025-08-25T07:00:00-05"), noon);
  EXPECT_EQ(last_seen_ms("2025-08-25"), noon - 12 * 3'600'000);
  EXPECT_EQ(last_seen_ms("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(last_seen_ms("1969-12-31T23:59:59.5Z"), -500);
}

TEST(last_seen, takes_nothing_else_for_a_time) {
  for (const auto* text : {"", "soon", "\"\"", "1756123200", "2025-13-01", "2025-02-29",
                           "2025-08-25T24:00:00", "2025-08-25T12:60:00", "2025-08-25T12:00:00.",
                           "2025-08-25T12:00:00X", "2025-08-25T12:00:00+25:00",
                           "2025-08-25T12:00:00+01:00 ", "2025-8-25", "null", "0000-01-01"})
    EXPECT_EQ(last_seen_ms(text), std::nullopt) << text;
}

TEST(last_seen, agrees_with_the_c_library_on_random_days) {
  std::mt19937_64 chance{7};
  for (int i = 0; i < 2000; ++i) {
    const auto seconds = static_cast<time_t>(chance() % 4'000'000'000);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::string text(32, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts));
    EXPECT_EQ(last_seen_ms(text), static_cast<int64_t>(seconds) * 1000) << text;
  }
}

} // namespace
} // namespace sluice
