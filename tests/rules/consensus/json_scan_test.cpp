#include "rules/consensus/json_scan.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace sluice {
namespace {

bool is_json(std::string_view text, size_t depth = 16) {
  json_scan scan{text, depth};
  std::string_view whole;
  return scan.value(whole) && scan.at_end() && is_utf8_text(text);
}

TEST(json_scan, takes_what_the_standard_takes) {
  for (const auto* text : {"0", "-0", "1.5e-3", "1E+2", "true", "null", "\"\"", "[]", "{}",
                           " [ 1 , { \"a\" : [ ] } ] ", R"("\"\\\/\b\f\n\r\t\u00e9")"})
    EXPECT_TRUE(is_json(text)) << text;
  for (const auto* text :
       {"",         "01",      "1.",       ".5",         "+1",      "1e",   "tru",
        "nul",      "\"",      "\"\\x\"",  "\"\\u12\"",  "\"\n\"",  "[1,]", "[,1]",
        "[1 2]",    "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}",   "[1}",  "NaN",
        "Infinity", "[",       "{\"a\":1", "1 2",        "\"\xff\""})
    EXPECT_FALSE(is_json(text)) << text;
}

TEST(json_scan, bounds_how_deep_brackets_lie_in_each_other) {
  const std::string open(16, '[');
  const std::string close(16, ']');
  EXPECT_TRUE(is_json(open + close));
  EXPECT_FALSE(is_json("[" + open + close + "]"));
  EXPECT_FALSE(is_json(std::string(1'000'000, '[')));
  EXPECT_FALSE(is_json(std::string(100, '{')));
}

/// Three digits behind an e, as in 1.5e333.
bool has_huge_exponent(const std::string& text) {
  size_t digits = 0;
  bool exponent = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    digits = exponent && digit ? digits + 1 : 0;
    if (digits >= 3)
      return true;
    exponent = c == 'e' || c == 'E' || (exponent && (digit || c == '+' || c == '-'));
  }
  return false;
}

TEST(json_scan, judges_random_texts_as_another_reader_does) {
  std::mt19937_64 chance{11};
  const std::string letters = "[]{}\",:0123456789-+.eEtrufalsn\\u \n\x01\xc3\xa9";
  const std::string sample = R"([{"uid":1,"a":"b\n","c":[1.5e3,true,null]},-0.25,"\u00e9"])";
  size_t good = 0;
  for (int i = 0; i < 200'000; ++i) {
    auto text = sample;
    for (uint64_t n = 1 + chance() % 3; n > 0; --n) {
      const auto at = chance() % text.size();
      switch (chance() % 3) {
      case 0:
        text[at] = letters[chance() % letters.size()];
        break;
      case 1:
        text.erase(at, 1);
        break;
      default:
        text.insert(at, 1, letters[chance() % letters.size()]);
      }
    }
    // Half surrogate pairs are found by who reads the text, and a huge exponent is a number here.
    if (text.find("\\ud") != std::string::npos || has_huge_exponent(text))
      continue;
    const bool expected = nlohmann::json::accept(text);
    good += expected ? 1 : 0;
    ASSERT_EQ(is_json(text), expected) << text << " (seed 11, " << i << ")";
  }
  EXPECT_GT(good, 1000U);
}

TEST(json_scan, walks_members_and_elements) {
  json_scan scan{R"({"a":[1,"x"],"b":{}})", 4};
  std::string_view name;
  std::string_view value;
  bool escaped = false;
  ASSERT_TRUE(scan.open('{'));
  ASSERT_TRUE(scan.member(name, escaped));
  EXPECT_EQ(name, "a");
  ASSERT_TRUE(scan.open('['));
  ASSERT_TRUE(scan.element());
  ASSERT_EQ(scan.next(), json_kind::number);
  ASSERT_TRUE(scan.number(value));
  EXPECT_EQ(value, "1");
  ASSERT_TRUE(scan.element());
  ASSERT_TRUE(scan.text(value, escaped));
  EXPECT_EQ(value, "x");
  EXPECT_FALSE(scan.element());
  EXPECT_TRUE(scan.closed());
  ASSERT_TRUE(scan.member(name, escaped));
  ASSERT_TRUE(scan.value(value));
  EXPECT_EQ(value, "{}");
  EXPECT_FALSE(scan.member(name, escaped));
  EXPECT_TRUE(scan.closed());
  EXPECT_TRUE(scan.at_end());
}

TEST(json_scan, tells_what_a_text_with_escapes_means) {
  std::string out;
  ASSERT_TRUE(unescape_json(R"(a\n\u00e9\ud83d\ude00\/)", out));
  EXPECT_EQ(out, "a\n\xc3\xa9\xf0\x9f\x98\x80/");
  EXPECT_FALSE(unescape_json(R"(\ud83d)", out));
  EXPECT_FALSE(unescape_json(R"(\ude00)", out));
  EXPECT_FALSE(unescape_json(R"(\ud83dx)", out));
}

TEST(json_scan, knows_utf8) {
  EXPECT_TRUE(is_utf8_text("plain ascii that is longer than eight bytes"));
  EXPECT_TRUE(is_utf8_text("eight..\xc3\xa9.\xf0\x9f\x98\x80"));
  for (const auto* text : {"\x80", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "abc\xe2\x82"})
    EXPECT_FALSE(is_utf8_text(text));
}

} // namespace
} // namespace sluice
