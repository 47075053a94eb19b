#include "rules/sports/miner_strategy.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(sports_strategy, is_a_model_by_name_or_a_command) {
  for (const auto name : prediction_model_names) {
    const auto made = parse_sports_strategy(name);
    ASSERT_TRUE(made) << name;
    EXPECT_EQ(made->model->name(), name);
    EXPECT_TRUE(made->command.empty());
  }
  const auto made = parse_sports_strategy("exec:  python3 \tpredict.py --fast ");
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->model);
  EXPECT_EQ(made->command, (std::vector<std::string>{"python3", "predict.py", "--fast"}));
}

TEST(sports_strategy, states_what_there_is) {
  EXPECT_EQ(parse_sports_strategy("wide").error().what,
            "there is no model \"wide\"; there are odds, elo, poisson and exec:COMMAND");
  for (const auto* text : {"exec:", "exec:  \t"})
    EXPECT_EQ(parse_sports_strategy(text).error().what,
              "exec: expected a program behind the colon, as exec:python3 predict.py");
  std::string long_text = "exec:x";
  for (int i = 0; i < 64; ++i)
    long_text += " y";
  const auto made = parse_sports_strategy(long_text);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ec::bad_input);
  EXPECT_EQ(made.error().what,
            "exec: expected at most 64 words, got 65; write a script that has the others");
}

} // namespace
} // namespace sluice
