#include "io/text/text.hpp"

#include <gtest/gtest.h>

#include <random>

namespace sluice::report {

TEST(text, a_stranger_cannot_move_the_cursor) {
  EXPECT_EQ(plain("a\x1b[2Jb\r\nc\td\x7f"), "a [2Jb  c d ");
  EXPECT_EQ(plain("a\u009b31mb"), "a 31mb");   // the one-character CSI
  EXPECT_EQ(plain("abc\u202Ecba"), "abccba");  // right-to-left override
  EXPECT_EQ(plain("one\u2028two"), "one two"); // line separator
  EXPECT_EQ(plain("naïve 価格 ✓"), "naïve 価格 ✓");
}

TEST(text, bytes_that_are_not_utf8_are_replaced_one_by_one) {
  EXPECT_EQ(plain("a\xff\xfe"), "a\uFFFD\uFFFD");
  EXPECT_EQ(plain("\xe2\x82"), "\uFFFD\uFFFD");                         // cut off
  EXPECT_EQ(plain("\xc0\xaf"), "\uFFFD\uFFFD");                         // overlong "/"
  EXPECT_EQ(plain("\xed\xa0\x80").find('\xed'), std::string::npos);     // a surrogate
  EXPECT_EQ(plain("\xf4\x90\x80\x80").find('\xf4'), std::string::npos); // beyond U+10FFFF
}

TEST(text, width_counts_columns_not_bytes) {
  EXPECT_EQ(shown_width("abc"), 3u);
  EXPECT_EQ(shown_width("→–…━─"), 5u);
  EXPECT_EQ(shown_width("価格"), 4u);
  EXPECT_EQ(shown_width("e\u0301"), 1u); // e and a combining acute
  EXPECT_EQ(shown_width("🦀"), 2u);
  EXPECT_EQ(shown_width(""), 0u);
}

TEST(text, cut_keeps_the_beginning) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 5), "abcd…");
  EXPECT_EQ(cut("abcdef", 1), "…");
  EXPECT_EQ(cut("abcdef", 0), "");
  EXPECT_EQ(cut("価格価格", 6), "価格…"); // a wide character never lies half outside
}

TEST(text, cut_middle_keeps_both_ends) {
  EXPECT_EQ(cut_middle("5F3sa2TJAWMqDhXG6jhV", 11), "5F3sa…G6jhV");
  EXPECT_EQ(cut_middle("5F3sa2TJAWMqDhXG6jhV", 10), "5F3sa…6jhV");
  EXPECT_EQ(cut_middle("short", 5), "short");
  EXPECT_EQ(cut_middle("abcdef", 2), "a…");
  EXPECT_EQ(cut_middle("価格価格価", 6), "価…価");
}

TEST(text, padding_is_exact_whatever_the_text_is) {
  std::mt19937 random{7};
  const std::string pieces[] = {"a", "é", "価", "🦀", "e\u0301", " ", "\xff"};
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n)
      text += pieces[random() % std::size(pieces)];
    const size_t width = random() % 14;
    SCOPED_TRACE(text + ", width " + std::to_string(width));
    EXPECT_EQ(shown_width(pad_left(text, width)), width);
    EXPECT_EQ(shown_width(pad_right(text, width)), width);
    EXPECT_LE(shown_width(cut(text, width)), width);
    EXPECT_LE(shown_width(cut_middle(text, width)), width);
  }
}

TEST(text, parts_flow_to_the_next_line) {
  EXPECT_EQ(flow({"one", "two", "", "three"}, 20), "one  two  three");
  EXPECT_EQ(flow({"one", "two", "three"}, 9), "one  two\n  three");
  EXPECT_EQ(flow({"one", "much too long"}, 8), "one\n  much …");
  EXPECT_EQ(flow({}, 8), "");
}

TEST(text, a_shell_gets_one_argument) {
  EXPECT_EQ(shell_argument("/tmp/a-b_c.d"), "/tmp/a-b_c.d");
  EXPECT_EQ(shell_argument("/tmp/my data"), "'/tmp/my data'");
  EXPECT_EQ(shell_argument("it's; rm"), "'it'\\''s; rm'");
  EXPECT_EQ(shell_argument(""), "''");
}

TEST(text, is_cut_with_dots_in_ascii) {
  EXPECT_EQ(cut("abcdef", 6, charset::ascii), "abcdef");
  EXPECT_EQ(cut("abcdef", 5, charset::ascii), "ab...");
  EXPECT_EQ(cut("abcdef", 2, charset::ascii), "..");
  EXPECT_EQ(cut("abcdef", 0, charset::ascii), "");
  EXPECT_EQ(cut_middle("5F3sa2TJAWMqDhXG6jhV", 11, charset::ascii), "5F3s...6jhV");
  EXPECT_EQ(cut_middle("5F3sa2TJAWMqDhXG6jhV", 10, charset::ascii), "5F3s...jhV");
  EXPECT_EQ(cut_middle("abcdef", 5, charset::ascii), "a...f");
  EXPECT_EQ(cut_middle("abcdef", 4, charset::ascii), "a...");
  EXPECT_EQ(flow({"one", "価"}, 20, charset::ascii), "one  \\u{4fa1}");
  for (size_t width = 0; width < 12; ++width) {
    EXPECT_LE(shown_width(cut("abcdefghij", width, charset::ascii)), width);
    EXPECT_LE(shown_width(cut_middle("abcdefghij", width, charset::ascii)), width);
    EXPECT_EQ(shown_width(pad_left("abcdefghij", width, charset::ascii)), width);
  }
}

TEST(text, an_argument_can_be_typed_again_in_ascii) {
  EXPECT_EQ(shell_argument("naïve data", charset::utf8), "'naïve data'");
  EXPECT_EQ(shell_argument("naïve data", charset::ascii), "$'na\\303\\257ve data'");
  EXPECT_EQ(shell_argument("it's 価", charset::ascii), "$'it\\'s \\344\\276\\241'");
  EXPECT_EQ(shell_argument("plain data", charset::ascii), "'plain data'");
}

} // namespace sluice::report
