#include "rules/admin/catalogue.hpp"

#include <gtest/gtest.h>

#include <tuple>

namespace sluice::admin {

namespace {

TEST(general_commands, of_one_first_token_stay_together) {
  std::string_view before;
  for (const auto& x : general_commands()) {
    const auto first = x.name.substr(0, x.name.find(' '));
    EXPECT_TRUE(first != before || x.name.find(' ') != std::string_view::npos) << x.name;
    before = first;
  }
}

TEST(general_commands, stand_by_group_and_place) {
  const auto all = general_commands();
  for (size_t i = 1; i < all.size(); ++i)
    EXPECT_LE(std::tie(all[i - 1].group, all[i - 1].place), std::tie(all[i].group, all[i].place))
      << all[i].name;
}

TEST(general_commands, print_every_line_of_help_in_a_terminal_of_120_columns) {
  const auto text = help_text(catalogue{});
  for (size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    EXPECT_LE(end - from, 120U) << text.substr(from, end - from);
    from = end + 1;
  }
}

TEST(general_commands, let_only_the_last_argument_be_optional_or_take_the_rest) {
  for (const auto& x : general_commands())
    for (size_t i = 0; i + 1 < x.arguments.size(); ++i) {
      EXPECT_TRUE(x.arguments[i].required) << x.name;
      EXPECT_FALSE(x.arguments[i].rest) << x.name;
    }
}

TEST(general_commands, know_no_mechanism) {
  const catalogue all;
  for (const auto* name : {"jobs", "rounds", "miners", "miner", "explain", "workers", "job add"})
    EXPECT_EQ(all.find(name), nullptr) << name;
  EXPECT_NE(help_text(all).find("TAB completes commands, actors, readers, storage and miners.\n"),
            std::string::npos);
}

} // namespace

} // namespace sluice::admin
