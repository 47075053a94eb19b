#include "rules/liquidity/round_name.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

TEST(round_name, a_round_is_named_by_job_kind_and_number) {
  const auto live = parse_round_id("weth-usdc/live/17");
  ASSERT_TRUE(live);
  EXPECT_EQ(*live, (round_id{{"weth-usdc"}, round_kind::live, {17}}));
  EXPECT_EQ(*parse_round_id("a/evaluation/0"), (round_id{{"a"}, round_kind::evaluation, {0}}));
  for (const auto* text :
       {"", "/", "//", "a", "a/live", "a/live/", "a/lively/1", "/live/1", "live/1", "a/live/-1",
        "a/live/1x", "a/live/ 1", "a/live/99999999999999999999"}) {
    SCOPED_TRACE(text);
    const auto id = parse_round_id(text);
    ASSERT_FALSE(id);
    EXPECT_EQ(id.error().code, ec::bad_input);
    EXPECT_NE(id.error().what.find("expected JOB/evaluation/NUMBER"), std::string::npos);
  }
}

} // namespace

} // namespace sluice
