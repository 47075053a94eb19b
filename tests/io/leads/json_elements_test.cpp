#include "io/leads/json_elements.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>
#include <string>

namespace sluice::io {
namespace {

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> all;
  const auto parts = json_elements(text, 0);
  if (!parts)
    return {"none"};
  for (const auto& [from, to] : *parts)
    all.emplace_back(text.substr(from, to - from));
  return all;
}

TEST(json_elements, finds_what_stands_between_the_commas) {
  using list = std::vector<std::string>;
  EXPECT_EQ(parts_of("[]"), list{});
  EXPECT_EQ(parts_of("[ \n ]"), list{});
  EXPECT_EQ(parts_of("[1]"), list{"1"});
  EXPECT_EQ(parts_of(R"([ {"a": [1, 2]} , "x,]\"y", null ])"),
            (list{R"({"a": [1, 2]})", R"("x,]\"y")", "null"}));
  EXPECT_EQ(parts_of("[1,,2,]"), (list{"1", "", "2", ""}));
  for (const auto* cut : {"[", "[1", "[1,", "[{]", "[\"x]", "[[1]"})
    EXPECT_EQ(parts_of(cut), list{"none"}) << cut;
}

TEST(json_elements, knows_how_deep_a_text_is) {
  EXPECT_EQ(json_depth("5"), 0U);
  EXPECT_EQ(json_depth("[]"), 1U);
  EXPECT_EQ(json_depth(R"({"a": [{"b": "[[[["}], "c": []})"), 3U);
  EXPECT_EQ(json_depth(std::string(1'000'000, '[')), 1'000'000U);
}

TEST(json_elements, finds_members_of_the_object_itself_only) {
  const std::string text = R"({"a": {"c": 1}, "b": "c", "c" : [2], "d"})";
  EXPECT_EQ(json_member(text, 0, "c"), text.find("[2]"));
  EXPECT_EQ(json_member(text, 0, "d"), std::nullopt);
  EXPECT_EQ(json_member(text, 0, "e"), std::nullopt);
  EXPECT_EQ(json_member("{", 0, "c"), std::nullopt);
  EXPECT_EQ(json_member("{}", 0, "c"), std::nullopt);
}

TEST(json_elements, agree_with_the_parser_on_random_lists) {
  const uint64_t seed = 99;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 chance{seed};
  for (int round = 0; round < 200; ++round) {
    auto list = nlohmann::json::array();
    for (uint64_t n = chance() % 5; n > 0; --n) {
      nlohmann::json each{{"k", std::string(chance() % 4, "\"\\,]{"[chance() % 5])},
                          {"l", {1, {2, "}"}}}};
      list.push_back(chance() % 2 ? each : nlohmann::json(chance() % 9));
    }
    const auto text = list.dump(static_cast<int>(chance() % 3) - 1);
    const auto parts = parts_of(text);
    ASSERT_EQ(parts.size(), list.size()) << text;
    for (size_t i = 0; i < parts.size(); ++i)
      ASSERT_EQ(nlohmann::json::parse(parts[i]), list[i]);
  }
}

} // namespace
} // namespace sluice::io
