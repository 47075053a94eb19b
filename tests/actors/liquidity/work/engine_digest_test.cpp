#include "actors/liquidity/work/engine_digest.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(engine_digest, is_the_same_each_time_and_a_digest) {
  const auto digest = engine_digest();
  EXPECT_EQ(digest.size(), 64u);
  EXPECT_EQ(digest, engine_digest());
}

} // namespace
} // namespace sluice
