#include "rules/admin/commands.hpp"

#include <gtest/gtest.h>

namespace sluice::admin {

namespace {

TEST(admin_catalogue, keeps_the_commands_of_one_first_word_of_a_group_together) {
  std::string_view before;
  for (const auto& x : commands()) {
    const auto first = x.name.substr(0, x.name.find(' '));
    EXPECT_TRUE(first != before || x.name.find(' ') != std::string_view::npos) << x.name;
    before = first;
  }
}

TEST(admin_catalogue, says_every_line_of_help_in_a_terminal_of_120_columns) {
  const auto text = help_text();
  for (size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    EXPECT_LE(end - from, 120U) << text.substr(from, end - from);
    from = end + 1;
  }
}

TEST(admin_catalogue, lets_only_the_last_argument_be_optional_or_take_the_rest) {
  for (const auto& x : commands())
    for (size_t i = 0; i + 1 < x.arguments.size(); ++i) {
      EXPECT_TRUE(x.arguments[i].required) << x.name;
      EXPECT_FALSE(x.arguments[i].rest) << x.name;
    }
}

} // namespace

} // namespace sluice::admin
