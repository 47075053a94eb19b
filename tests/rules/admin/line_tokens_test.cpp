#include "rules/admin/line_tokens.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::admin {

namespace {

std::vector<std::string> texts(std::string_view line) {
  std::vector<std::string> all;
  const auto tokens = split_line(line);
  EXPECT_TRUE(tokens) << line;
  if (tokens)
    for (const auto& x : *tokens)
      all.push_back(x.text);
  return all;
}

std::string why_not_split(std::string_view line) {
  const auto tokens = split_line(line);
  EXPECT_FALSE(tokens) << line;
  return tokens ? "" : tokens.error().what;
}

using strings = std::vector<std::string>;

TEST(admin_line_tokens, are_parted_by_spaces_and_tabs) {
  EXPECT_EQ(texts(""), strings{});
  EXPECT_EQ(texts(" \t "), strings{});
  EXPECT_EQ(texts("tree"), strings{"tree"});
  EXPECT_EQ(texts("  miner \t ban 3 "), (strings{"miner", "ban", "3"}));
}

TEST(admin_line_tokens, are_kept_together_by_quotes_and_backslashes) {
  EXPECT_EQ(texts(R"(job add "my pool.toml")"), (strings{"job", "add", "my pool.toml"}));
  EXPECT_EQ(texts(R"('a b'c "d\"e" f\ g '\')"), (strings{"a bc", "d\"e", "f g", "\\"}));
  EXPECT_EQ(texts(R"("" '')"), (strings{"", ""}));
}

TEST(admin_line_tokens, know_where_they_stood) {
  const auto tokens = split_line(R"( a "b c"  d)");
  ASSERT_TRUE(tokens);
  EXPECT_EQ(*tokens, (std::vector<line_token>{{"a", 1, 2}, {"b c", 3, 8}, {"d", 10, 11}}));
}

TEST(admin_line_tokens, that_do_not_end_are_reported_with_their_column) {
  EXPECT_EQ(why_not_split(R"(job add "pool)"), R"(column 9: a " without the " that ends it)");
  EXPECT_EQ(why_not_split("a 'b"), "column 3: a ' without the ' that ends it");
  EXPECT_EQ(why_not_split("a\\"),
            "column 2: a \\ with nothing after it; write \\\\ for the character itself");
  EXPECT_EQ(why_not_split("a\x1b[2J"), "column 2: a control character; expected text");
  EXPECT_EQ(why_not_split(std::string(line_bytes_max + 1, 'a')),
            "a line of 65537 bytes; expected at most 65536");
}

TEST(admin_line_tokens, that_were_quoted_read_back_as_they_were) {
  constexpr std::string_view alphabet = "ab \t\"'\\;=/";
  for (uint32_t seed = 0; seed < 500; ++seed) {
    std::mt19937 rng{seed};
    std::string text;
    for (uint32_t n = rng() % 12; n > 0; --n)
      text += alphabet[rng() % alphabet.size()];
    EXPECT_EQ(texts("x " + quoted_token(text) + " y"), (strings{"x", text, "y"}))
      << "seed " << seed;
    const auto one = split_commands(quoted_token(text));
    ASSERT_TRUE(one) << "seed " << seed;
    EXPECT_EQ(*one, strings{quoted_token(text)}) << "seed " << seed;
  }
}

TEST(admin_commands, on_one_line_are_parted_by_semicolons_outside_of_quotes) {
  const auto commands = split_commands(R"( tree ;; jobs; miner ban 3 "a; b" ; )");
  ASSERT_TRUE(commands);
  EXPECT_EQ(*commands, (strings{"tree", "jobs", R"(miner ban 3 "a; b")"}));
  EXPECT_EQ(*split_commands(" ; "), strings{});
  EXPECT_FALSE(split_commands("tree; 'jobs"));
}

} // namespace

} // namespace sluice::admin
