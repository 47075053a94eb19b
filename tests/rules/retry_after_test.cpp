#include "rules/retry_after.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <random>

namespace sluice {
namespace {

constexpr uint64_t now_ms = 784'111'777'000; // Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110, 5.6.7)

TEST(retry_after, reads_retry_after_in_all_forms_of_the_rfc) {
  EXPECT_EQ(retry_after_ms("0", now_ms), 0U);
  EXPECT_EQ(retry_after_ms("120", now_ms), 120'000U);
  for (const auto* text : {"Sun, 06 Nov 1994 08:49:47 GMT", "Sunday, 06-Nov-94 08:49:47 GMT",
                           "Sun Nov  6 08:49:47 1994"})
    EXPECT_EQ(retry_after_ms(text, now_ms), 10'000U) << text;
  EXPECT_EQ(retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", now_ms + 1), 0U); // over
  for (const auto* text :
       {"", "soon", "-1", "1.5", " 5", "5 ", "2147483648", "99999999999999999999",
        "Sun, 06 Nov 1994 08:49:47", "Sun, 06 Xov 1994 08:49:47 GMT",
        "Sun, 31 Feb 1994 08:49:47 GMT", "Sun, 06 Nov 1994 24:49:47 GMT",
        "Sun, 06 Nov 1994 08:49:47 GMT ", "Sun, 6 Nov 1994 08:49:47 GMT", "Sun Nov 6 08:49:47 1994",
        "Sun, 06 Nov 1900 08:49:47 GMT"})
    EXPECT_EQ(retry_after_ms(text, now_ms), std::nullopt) << text;
}

TEST(retry_after, reads_dates_as_the_c_library_writes_them) {
  const auto seed = std::random_device{}();
  std::mt19937_64 random{seed};
  for (int i = 0; i < 2'000; ++i) {
    const auto later = std::uniform_int_distribution<uint64_t>{0, 20ULL * 365 * 86'400}(random);
    const auto at = static_cast<time_t>(now_ms / 1000 + later);
    std::tm parts{};
    gmtime_r(&at, &parts);
    for (const auto* form :
         {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
      char text[64];
      strftime(text, sizeof text, form, &parts);
      ASSERT_EQ(retry_after_ms(text, now_ms), later * 1000) << text << " seed " << seed;
    }
  }
}

} // namespace
} // namespace sluice
