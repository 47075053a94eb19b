#include "rules/canonical_json.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <sstream>

namespace sluice {
namespace {

std::string canonical(std::string_view text) {
  const auto made = canonical_json(text);
  return made ? *made : made.error().what;
}

/// A JSON text that is written as differently as the grammar allows.
class odd_json {
public:
  explicit odd_json(uint64_t seed) : chance_(seed) {}

  std::string value(int depth = 0) {
    switch (any(depth < 5 ? 7 : 5)) {
    case 0:
      return picked<3>({"true", "false", "null"});
    case 1:
    case 2:
      return number();
    case 3:
    case 4:
      return text();
    case 5:
      return list(depth);
    default:
      return object(depth);
    }
  }

private:
  uint64_t any(uint64_t below) { return chance_() % below; }

  template <size_t N>
  std::string picked(const std::array<const char*, N>& all) {
    return all[any(N)];
  }

  std::string blanks() { return picked<5>({"", "", " ", "\t", " \r"}); }

  std::string digits() {
    std::string out;
    for (uint64_t n = 1 + any(18); n > 0; --n)
      out += static_cast<char>('0' + any(10));
    return out;
  }

  std::string number() {
    std::string out = any(3) == 0 ? "-" : "";
    out += any(3) == 0 ? "0" : std::to_string(1 + any(9)) + (any(2) == 0 ? "" : digits());
    if (any(2) == 0)
      out += '.' + digits();
    if (any(3) == 0)
      out += picked<6>({"e", "E", "e+", "E-", "e-", "E+"}) + std::to_string(any(290));
    return out;
  }

  std::string text() {
    std::string out = "\"";
    for (uint64_t n = any(12); n > 0; --n)
      out += picked<26>({"a",
                         "Z",
                         "0",
                         " ",
                         "/",
                         "\\/",
                         "\\\"",
                         "\\\\",
                         "\\b",
                         "\\f",
                         "\\n",
                         "\\r",
                         "\\t",
                         "\\u0000",
                         "\\u001F",
                         "\\u00e9",
                         "\xc3\xa9",
                         "\x7f",
                         "\xe2\x82\xac",
                         "\\uD83D\\uDE00",
                         "\xf0\x9f\x98\x80",
                         "\\uffff",
                         "\xef\xbf\xbf",
                         "~",
                         "\\u0041",
                         "<"});
    return out + '"';
  }

  std::string list(int depth) {
    std::string out = "[" + blanks();
    for (uint64_t i = 0, n = any(5); i < n; ++i)
      out += (i > 0 ? "," + blanks() : "") + value(depth + 1) + blanks();
    return out + ']';
  }

  /// Keys differ after their first characters, which decide about the order.
  std::string object(int depth) {
    std::string out = "{" + blanks();
    for (uint64_t i = 0, n = any(6); i < n; ++i) {
      auto key = text();
      key.insert(key.size() - 1, std::to_string(i));
      out += (i > 0 ? "," + blanks() : "") + key + blanks() + ':' + blanks() + value(depth + 1)
             + blanks();
    }
    return out + '}';
  }

  std::mt19937_64 chance_;
};

TEST(canonical_json, sorts_separates_and_escapes) {
  EXPECT_EQ(canonical(R"( {"b":1,"a":[true,null,"x"] , "B":{}} )"),
            R"({"B": {}, "a": [true, null, "x"], "b": 1})");
  EXPECT_EQ(canonical("\"\xc3\xa9\xf0\x9f\x98\x80\x7f\\/\\n\""),
            R"("\u00e9\ud83d\ude00\u007f/\n")");
  EXPECT_EQ(canonical("[]"), "[]");
}

TEST(canonical_json, writes_numbers_as_python_does) {
  const std::vector<std::pair<const char*, const char*>> cases{
    {"0", "0"},
    {"-0", "0"},
    {"-0.0", "-0.0"},
    {"1.0", "1.0"},
    {"1e2", "100.0"},
    {"1E16", "1e+16"},
    {"9999999999999998.0", "9999999999999998.0"},
    {"0.0001", "0.0001"},
    {"0.00001", "1e-05"},
    {"1.5e300", "1.5e+300"},
    {"5e-324", "5e-324"},
    {"1e-400", "0.0"},
    {"-1e-400", "-0.0"},
    {"0.1", "0.1"},
    {"1.90", "1.9"},
    {"-2.05", "-2.05"},
    {"-0.00", "-0.0"},
    {"0.00010", "0.0001"},
    {"0.000010", "1e-05"},
    {"0.00001234", "1.234e-05"},
    {"12345678901234.5", "12345678901234.5"},
    {"123456789.12345678", "123456789.12345678"},
    {"123456789.123456789", "123456789.12345679"},
    {"0.1234567890123456", "0.1234567890123456"},
    {"0.30000000000000004", "0.30000000000000004"},
    {"0.300000000000000041", "0.30000000000000004"},
    {"123456789012345678901234567890", "123456789012345678901234567890"},
    {"3.14159265358979323846", "3.141592653589793"}};
  for (const auto& [text, expected] : cases)
    EXPECT_EQ(canonical(text), expected) << text;
}

TEST(canonical_json, refuses_what_is_not_strict_json) {
  for (const auto* text : {"",
                           " ",
                           "{",
                           "[1,]",
                           "{\"a\":1,}",
                           "{a:1}",
                           "'a'",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "1e",
                           "-",
                           "nul",
                           "NaN",
                           "Infinity",
                           "\"\t\"",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "\"\xff\"",
                           "\"\xed\xa0\x80\"",
                           "\"a",
                           "1 2",
                           "1e400",
                           "-1e999",
                           "{\"a\":1,\"a\":2}",
                           "{\"a\":1,\"\\u0061\":2}",
                           "[1 2]",
                           "{\"a\" 1}",
                           "{1:2}"})
    EXPECT_FALSE(canonical_json(text)) << text;
  EXPECT_EQ(canonical("{\"a\": tru}"), "byte 7: expected a value");
  EXPECT_EQ(canonical("{\"a\": 1, \"a\": 2}"), "byte 17: expected every key once, got \"a\" twice");
}

TEST(canonical_json, is_bounded) {
  const auto nested
    = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(canonical_json(nested(canonical_depth_max)));
  EXPECT_FALSE(canonical_json(nested(canonical_depth_max + 1)));
  EXPECT_FALSE(canonical_json(std::string(1'000'000, '[')));
  const auto list = [](size_t items) {
    std::string out = "[0";
    for (size_t i = 1; i < items; ++i)
      out += ",0";
    return out + ']';
  };
  EXPECT_TRUE(canonical_json(list(canonical_entries_max)));
  EXPECT_FALSE(canonical_json(list(canonical_entries_max + 1)));
  const auto object = [](size_t members) {
    std::string out = "{\"0\":0";
    for (size_t i = 1; i < members; ++i)
      out += ",\"" + std::to_string(i) + "\":0";
    return out + '}';
  };
  EXPECT_TRUE(canonical_json(object(canonical_entries_max)));
  EXPECT_FALSE(canonical_json(object(canonical_entries_max + 1)));
  EXPECT_TRUE(canonical_json(std::string(canonical_digits_max, '1')));
  EXPECT_FALSE(canonical_json(std::string(canonical_digits_max + 1, '1')));
}

TEST(canonical_json, gives_the_members_of_an_object) {
  const auto all = canonical_members(R"({"b": [1,2], "a": "\u00e9"})");
  ASSERT_TRUE(all) << all.error().what;
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0], (std::pair<std::string, std::string>{"a", R"("\u00e9")"}));
  EXPECT_EQ((*all)[1], (std::pair<std::string, std::string>{"b", "[1, 2]"}));
  EXPECT_EQ(decoded_text((*all)[0].second), "\xc3\xa9");
  EXPECT_FALSE(canonical_members("[]"));
  EXPECT_EQ(canonical_members("7").error().what, "byte 1: expected an object: {...}");
}

TEST(canonical_json, gives_the_items_of_a_list) {
  const auto all = canonical_items(R"([ {"b":1,"a":2} , "x",[] ])");
  ASSERT_TRUE(all) << all.error().what;
  EXPECT_EQ(*all, (std::vector<std::string>{R"({"a": 2, "b": 1})", R"("x")", "[]"}));
  EXPECT_TRUE(canonical_items("[]")->empty());
  EXPECT_EQ(canonical_items("{}").error().what, "byte 1: expected a list: [...]");
  EXPECT_FALSE(canonical_items("[1] 2"));
}

TEST(canonical_json, takes_other_bounds) {
  EXPECT_TRUE(canonical_json("[[1, 22]]", {2, 2, 2}));
  EXPECT_FALSE(canonical_json("[[1, 22]]", {1, 2, 2}));
  EXPECT_FALSE(canonical_json("[[1, 22]]", {2, 1, 2}));
  EXPECT_FALSE(canonical_json("[[1, 22]]", {2, 2, 1}));
  EXPECT_FALSE(canonical_items("[1, 2, 3]", {2, 2, 2}));
  EXPECT_FALSE(canonical_members(R"({"a": 1, "b": 2})", {2, 1, 2}));
}

TEST(canonical_json, is_what_python_writes) {
  if (test::run_program("/bin/sh", {"-c", "python3 --version"}).code != 0)
    GTEST_SKIP() << "there is no python3";
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  odd_json random{seed};
  std::string texts;
  std::vector<std::string> ours;
  for (int i = 0; i < 20'000; ++i) {
    const auto text = random.value();
    const auto made = canonical_json(text);
    if (!made) { // keys that mean the same
      EXPECT_NE(made.error().what.find("expected every key once"), std::string::npos)
        << text << "\n"
        << made.error().what;
      continue;
    }
    texts += text + '\n';
    ours.push_back(*made);
  }
  ASSERT_GT(ours.size(), 15'000U);
  const test::scratch_folder folder;
  folder.write("texts", texts);
  folder.write("as_python.py", "import json, sys\n"
                               "for line in open(sys.argv[1], encoding='utf-8', newline='\\n'):\n"
                               "    print(json.dumps(json.loads(line), sort_keys=True))\n");
  const auto run
    = test::run_program("/usr/bin/env", {"python3", folder.at("as_python.py"), folder.at("texts")});
  ASSERT_EQ(run.code, 0) << run.err;
  std::istringstream lines{run.out};
  std::string line;
  size_t compared = 0;
  for (; compared < ours.size() && std::getline(lines, line); ++compared)
    ASSERT_EQ(ours[compared], line) << "text number " << compared;
  EXPECT_EQ(compared, ours.size());
}

} // namespace
} // namespace sluice
