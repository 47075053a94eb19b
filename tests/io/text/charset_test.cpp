#include "io/text/charset.hpp"
#include "io/text/text.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

TEST(charset, utf8_is_shown_as_it_is) {
  EXPECT_EQ(shown("naïve 価格 🦀 \xff", charset::utf8), "naïve 価格 🦀 \xff");
}

TEST(charset, in_ascii_every_character_can_be_recovered) {
  EXPECT_EQ(shown("plain \x1b[1m\n", charset::ascii), "plain \x1b[1m\n");
  EXPECT_EQ(shown("naïve", charset::ascii), "na\\u{ef}ve");
  EXPECT_EQ(shown("価🦀…", charset::ascii), "\\u{4fa1}\\u{1f980}\\u{2026}");
  EXPECT_EQ(shown("\uFFFD", charset::ascii),
            "\\u{fffd}"); // what stands for a lost byte is a character
  EXPECT_EQ(shown("a\xff\xc3", charset::ascii), "a\\x{ff}\\x{c3}");
  EXPECT_EQ(shown("\xe4\xbe", charset::ascii), "\\x{e4}\\x{be}"); // cut off
}

TEST(charset, what_is_shown_in_ascii_stays_as_it_is_when_it_is_shown_again) {
  for (const auto* text : {"naïve", "価🦀", "\xff", "\\u{ef}"}) {
    const auto once = shown(text, charset::ascii);
    EXPECT_EQ(shown(once, charset::ascii), once);
  }
}

TEST(charset, toml_has_escapes_of_its_own) {
  EXPECT_EQ(shown_toml("name = \"naïve 🦀\"", charset::ascii),
            "name = \"na\\u00efve \\U0001f980\"");
  EXPECT_EQ(shown_toml("name = \"naïve\"", charset::utf8), "name = \"naïve\"");
}

TEST(charset, forms_in_ascii_are_ascii_and_as_wide_where_they_stand_in_columns) {
  const auto& wide = forms_of(charset::utf8);
  const auto& ascii = forms_of(charset::ascii);
  for (const auto part :
       {&text_forms::arrow, &text_forms::range, &text_forms::ellipsis, &text_forms::bar_done,
        &text_forms::bar_rest, &text_forms::branch, &text_forms::last_branch, &text_forms::stem}) {
    EXPECT_EQ(shown(ascii.*part, charset::ascii), ascii.*part);
    EXPECT_NE(shown(wide.*part, charset::ascii), wide.*part);
  }
  for (const auto part : {&text_forms::bar_done, &text_forms::bar_rest, &text_forms::branch,
                          &text_forms::last_branch, &text_forms::stem})
    EXPECT_EQ((ascii.*part).size(), shown_width(wide.*part));
  EXPECT_NE(ascii.bar_done, ascii.bar_rest);
  EXPECT_NE(ascii.branch, ascii.last_branch);
}

} // namespace sluice::report
