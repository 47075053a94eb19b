#include "tools/program.hpp"

#include <gtest/gtest.h>

namespace sluice::tools {

TEST(program, states_its_version_and_the_time) {
  EXPECT_NE(program_version().find('.'), std::string::npos);
  EXPECT_GT(unix_ms_now(), 1'700'000'000'000U);
  const auto before = unix_ms_now();
  EXPECT_GE(clock_us(), static_cast<int64_t>(before) * 1000);
}

} // namespace sluice::tools
