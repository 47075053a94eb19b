#include "source_text.hpp"

#include <gtest/gtest.h>

using namespace sluice::code_base;

namespace {

std::vector<std::string> heads_of(std::string_view text) {
  std::vector<std::string> heads;
  for (const auto& x : functions_of(text))
    heads.push_back(x.head.substr(0, x.head.find('(')));
  return heads;
}

} // namespace

TEST(source_text, blanks_comments_and_literals_and_keeps_the_lines) {
  const std::string text
    = "a // { \"\nb /* {\n} */ c\nd \"{\\\"\" e '{' 1'000 f\nR\"x({\n\")x\" g\n";
  const auto code = code_of(text);
  EXPECT_EQ(code.size(), text.size());
  EXPECT_EQ(lines_of(code).size(), lines_of(text).size());
  EXPECT_EQ(code.find('{'), std::string::npos);
  for (const char word : {'a', 'b', 'c', 'd', 'e', 'f', 'g'})
    EXPECT_NE(code.find(word), std::string::npos) << word;
}

TEST(source_text, keeps_literals_where_only_comments_are_to_go) {
  const std::string text = "a(\"// \\\" b\"); // c\nR\"(/* d */)\" /* e */ '\"' f\n";
  EXPECT_EQ(without_comments(text), "a(\"// \\\" b\");     \nR\"(/* d */)\"         '\"' f\n");
}

TEST(source_text, counts_characters_not_bytes) {
  EXPECT_EQ(columns_of("\xc2\xb1"
                       "887272"),
            7);
}

TEST(source_text, finds_both_kinds_of_includes) {
  const auto found
    = includes_of("#include \"a/b.hpp\"\n  #  include <caf/actor.hpp>\n// nothing\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].file, "a/b.hpp");
  EXPECT_TRUE(found[0].quoted);
  EXPECT_EQ(found[1].file, "caf/actor.hpp");
  EXPECT_EQ(found[1].line, 2U);
}

TEST(source_text, measures_functions_from_brace_to_brace) {
  const auto found = functions_of("int f(int x)\n{\n  if (x) {\n    x = 1;\n  }\n  return x;\n}\n");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].first, 2U);
  EXPECT_EQ(found[0].last, 7U);
  EXPECT_EQ(found[0].lines(), 6U);
}

TEST(source_text, knows_functions_from_scopes_and_values) {
  EXPECT_EQ(heads_of("namespace a {\nstruct b {\n  int c() const {\n    return 1;\n  }\n};\n"
                     "const int d[] = {f(1), 2};\nenum class e { x };\n}\n"),
            std::vector<std::string>{"int c"});
  EXPECT_EQ(
    heads_of("template <class T = v<int>>\nstruct x {\n  x(int a) : a_{a}, b_(a) {\n    f();\n"
             "  }\n  bool operator==(const x& o) const {\n    return true;\n  }\n};\n"),
    (std::vector<std::string>{"x", "bool operator=="}));
  EXPECT_EQ(heads_of("TEST(one, two) {\n  auto f = [](int x) {\n    return x;\n  };\n}\n"
                     "void g(int a = 1) {\n}\n"),
            (std::vector<std::string>{"TEST", "void g"}));
  EXPECT_TRUE(heads_of("#define A(x) \\\n  int x() { \\\n  }\n").empty());
}

TEST(source_text, finds_words_and_not_their_parts) {
  EXPECT_TRUE(has_word("a std::rand() b", "std::rand"));
  EXPECT_FALSE(has_word("std::random_device", "std::rand"));
  EXPECT_FALSE(has_word("stubborn", "stub"));
}
