#include "actors/liquidity/admin_commands.hpp"
#include "actors/trading/admin_commands.hpp"
#include "rules/admin/catalogue.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice {
namespace {

TEST(trading_admin_commands, have_help_and_an_example_that_parses) {
  const std::array mechanisms{liquidity_admin_commands(), trading_admin_commands()};
  const admin::catalogue all{mechanisms};
  for (const auto& x : trading_admin_commands()) {
    SCOPED_TRACE(x.name);
    EXPECT_FALSE(x.help.empty());
    EXPECT_FALSE(x.help.ends_with('.'));
    const auto made = parse_command(all, x.example);
    ASSERT_TRUE(made) << made.error().what;
    EXPECT_EQ(made->what, &x);
  }
  const auto text = help_text(all);
  for (size_t from = 0; from < text.size();) {
    const auto end = text.find('\n', from);
    EXPECT_LE(end - from, 120U) << text.substr(from, end - from);
    from = end + 1;
  }
}

TEST(trading_admin_commands, the_same_first_word_leads_to_different_ones) {
  const std::array mechanisms{trading_admin_commands()};
  const admin::catalogue all{mechanisms};
  EXPECT_EQ(parse_command(all, "trading")->what->name, "trading");
  EXPECT_EQ(parse_command(all, "trading trades")->what->name, "trading trades");
  EXPECT_EQ(parse_command(all, "trading trades 20")->argument_at(0), "20");
  EXPECT_FALSE(parse_command(all, "trading performance"));
  EXPECT_FALSE(parse_command(all, "trading explode"));
}

TEST(trading_admin_commands, what_steers_a_feed_needs_the_node) {
  for (const auto& x : trading_admin_commands())
    EXPECT_EQ(x.effect == admin::command_effect::acts || x.name == "trading sources",
              x.source == admin::command_source::node)
      << x.name;
}

} // namespace
} // namespace sluice
