#include "rules/liquidity/strategy.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

std::string fault_of(std::string_view text) {
  const auto parsed = parse_strategy(text);
  if (parsed)
    return "";
  EXPECT_EQ(parsed.error().code, ec::bad_input);
  return parsed.error().what;
}

constexpr const char* all_names
  = " There are: hold, wide, narrow, volatility, refuser, silent, garbage, crasher";

TEST(parse_strategy, knows_every_name) {
  for (uint8_t i = 0; i < 8; ++i) {
    const auto kind = static_cast<strategy_kind>(i);
    const auto parsed = parse_strategy(to_string(kind));
    ASSERT_TRUE(parsed) << to_string(kind);
    EXPECT_EQ(*parsed, (strategy{kind, {}}));
  }
}

TEST(parse_strategy, reads_options) {
  const auto parsed = parse_strategy("volatility:k=6,floor=0.005");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed, (strategy{strategy_kind::volatility, {{"k", 6}, {"floor", 0.005}}}));
  EXPECT_EQ(fault_of("wide:width=0.99"), "");
  EXPECT_EQ(fault_of("narrow:width=0.0001"), "");
}

TEST(parse_strategy, an_unknown_name_gets_the_nearest_and_the_list) {
  EXPECT_EQ(fault_of("narow"),
            std::string{"unknown strategy \"narow\", did you mean \"narrow\"?"} + all_names);
  EXPECT_EQ(fault_of("xyzzyxyzzy"), std::string{"unknown strategy \"xyzzyxyzzy\"."} + all_names);
  EXPECT_EQ(fault_of(""), std::string{"unknown strategy \"\"."} + all_names);
  EXPECT_EQ(fault_of("Hold"),
            std::string{"unknown strategy \"Hold\", did you mean \"hold\"?"} + all_names);
}

TEST(parse_strategy, an_unknown_option_gets_the_list) {
  EXPECT_EQ(fault_of("wide:widht=0.1"), "strategy wide: unknown option \"widht\", did you mean "
                                        "\"width\"? There are: width");
  EXPECT_EQ(fault_of("volatility:zzzzzz=1"),
            "strategy volatility: unknown option \"zzzzzz\". There are: k, floor");
  EXPECT_EQ(fault_of("hold:width=1"), "strategy hold: takes no options, found \"width=1\"");
  EXPECT_EQ(fault_of("hold:"), "strategy hold: takes no options, found \"\"");
}

TEST(parse_strategy, a_bad_value_is_named) {
  EXPECT_EQ(fault_of("wide:width=broad"), "strategy wide: width is not a number: \"broad\"");
  EXPECT_EQ(fault_of("wide:width=0.1x"), "strategy wide: width is not a number: \"0.1x\"");
  EXPECT_EQ(fault_of("wide:width="), "strategy wide: width is not a number: \"\"");
  EXPECT_EQ(fault_of("wide:width=nan"), "strategy wide: width is not a number: \"nan\"");
  EXPECT_EQ(fault_of("wide:width=inf"), "strategy wide: width is not a number: \"inf\"");
  EXPECT_EQ(fault_of("wide:width"), "strategy wide: width needs a value, as in width=0.2475");
  EXPECT_EQ(fault_of("wide:width=1"), "strategy wide: width 1 is not within 0.0001..0.99");
  EXPECT_EQ(fault_of("wide:width=-0.1"), "strategy wide: width -0.1 is not within 0.0001..0.99");
  EXPECT_EQ(fault_of("wide:width=0.1,width=0.2"), "strategy wide: width is given twice");
  EXPECT_NE(fault_of("wide:width=0.1,"), "");
}

TEST(parse_strategy, a_long_text_is_cut_in_the_message) {
  EXPECT_LT(fault_of(std::string(100'000, 'x')).size(), 300U);
}

} // namespace

} // namespace sluice
