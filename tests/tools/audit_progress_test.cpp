#include "tools/audit_progress.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {
namespace {

TEST(audit_progress, estimates_what_is_left_from_what_is_done) {
  EXPECT_EQ(audit_progress_text(1, 16'000, 0.1), "auditing: 0 % of 16000 rounds");
  EXPECT_EQ(audit_progress_text(4'000, 16'000, 5),
            "auditing: 25 % of 16000 rounds, about 15 s left");
  EXPECT_EQ(audit_progress_text(1'000, 8'000, 60),
            "auditing: 12 % of 8000 rounds, about 7 min left");
  EXPECT_EQ(audit_progress_text(8, 8, 1), "auditing: 100 % of 8 rounds, about 0 s left");
}

TEST(audit_progress, of_no_terminal_shows_nothing) {
  testing::internal::CaptureStderr();
  {
    audit_progress shown;
    for (uint64_t n = 1; n <= 300; ++n)
      shown.show(n, 300);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

} // namespace
} // namespace sluice::tools
