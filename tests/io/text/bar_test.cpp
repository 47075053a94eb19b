#include "io/text/bar.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

TEST(bar, a_hundred_percent_is_only_the_end) {
  EXPECT_EQ((round_share{999, 1000}.percent()), 99u);
  EXPECT_EQ((round_share{1000, 1000}.percent()), 100u);
  EXPECT_EQ((round_share{0, 0}.percent()), 0u);
  EXPECT_EQ((round_share{UINT64_MAX - 1, UINT64_MAX}.percent()), 99u); // no overflow
}

TEST(bar, the_bar_fills_with_the_percents) {
  EXPECT_EQ(bar_of({0, 10}, 4, charset::utf8), "────");
  EXPECT_EQ(bar_of({5, 10}, 4, charset::utf8), "━━──");
  EXPECT_EQ(bar_of({9, 10}, 4, charset::utf8), "━━━─");
  EXPECT_EQ(bar_of({10, 10}, 4, charset::utf8), "━━━━");
  EXPECT_EQ(bar_of({10, 10}, 0, charset::utf8), "");
}

TEST(bar, has_a_form_in_ascii) {
  EXPECT_EQ(bar_of({9, 10}, 4, charset::ascii), "===-");
}

} // namespace sluice::report
