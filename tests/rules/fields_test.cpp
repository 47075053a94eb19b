#include "rules/fields.hpp"
#include "rules/ids.hpp"
#include "rules/liquidity/plan.hpp"
#include "rules/liquidity/scoreboard.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sluice {

namespace {

struct sample {
  int first = 1;
  std::string second = "two";
  SLUICE_FIELDS(first, second)
};

TEST(fields, every_field_is_visited_with_its_name_in_order) {
  sample x;
  std::vector<std::string> names;
  for_each_field(x, [&](std::string_view name, auto& member) {
    names.emplace_back(name);
    member = {};
  });
  EXPECT_EQ(names, (std::vector<std::string>{"first", "second"}));
  EXPECT_EQ(x.first, 0);
  EXPECT_EQ(x.second, "");
}

TEST(fields, a_list_over_several_lines_is_split_without_blanks) {
  std::vector<std::string> names;
  const plan_metrics metrics;
  for_each_field(metrics, [&](std::string_view name, const auto&) { names.emplace_back(name); });
  ASSERT_EQ(names.size(), 13U);
  EXPECT_EQ(names.front(), "initial_value");
  EXPECT_EQ(names[7], "net_pnl_vs_hodl");
  EXPECT_EQ(names.back(), "rewards");
}

TEST(fields, types_with_and_without_a_list_are_distinguished) {
  EXPECT_TRUE(has_fields<sample>);
  EXPECT_TRUE(has_fields<miner_score>);
  EXPECT_TRUE(has_fields<miner_uid>);
  EXPECT_FALSE(has_fields<std::string>);
}

TEST(ids, compare_by_value_within_one_kind) {
  EXPECT_LT(miner_uid{1}, miner_uid{2});
  EXPECT_EQ(hotkey{"a"}, hotkey{"a"});
  EXPECT_FALSE((std::is_convertible_v<miner_uid, epoch_no>));
}

} // namespace

} // namespace sluice
