#include "io/trading/json_scanner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace sluice::io {
namespace {

/// What the scanner makes of a whole document of one value, as nlohmann would have it.
nlohmann::json scanned(json_scanner& in) {
  bool first = true;
  switch (in.peek()) {
  case scan_kind::object: {
    auto out = nlohmann::json::object();
    in.begin('{');
    while (in.more('}', first)) {
      const std::string key{in.key()};
      out[key] = scanned(in);
    }
    return out;
  }
  case scan_kind::list: {
    auto out = nlohmann::json::array();
    in.begin('[');
    while (in.more(']', first))
      out.push_back(scanned(in));
    return out;
  }
  default: {
    const auto x = in.value();
    if (x.kind == scan_kind::text)
      return std::string{x.text};
    if (x.kind == scan_kind::number)
      return nlohmann::json::parse(x.text, nullptr, false);
    if (x.kind == scan_kind::boolean)
      return x.text == "true";
    return nullptr;
  }
  }
}

TEST(json_scanner, reads_what_json_allows) {
  for (
    const std::string text :
    {R"({"a":[1,-2.5e-3,0,1E5,12345678901234567890123],"b":{"c":null,"d":true,"e":false},"":""})",
     R"( [ ] )", R"("\u00e4\ud83d\ude00\n\"\\\/\b\f\r\t")", R"([[[[]]],{"x":{}}])", "-0",
     "\"ä\""}) {
    json_scanner in{text};
    EXPECT_EQ(scanned(in), nlohmann::json::parse(text)) << text;
    EXPECT_TRUE(in.end()) << text;
  }
}

TEST(json_scanner, refuses_what_json_does_not_allow) {
  for (const std::string text :
       {"",    "{",       "{\"a\"}",   "{\"a\":}",    "{\"a\":1,}",  "[1 2]",  "[1,]",
        "01",  "1.",      ".5",        "1e",          "-",           "tru",    "nul",
        "\"",  "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\n\"", "{a:1}",
        "1 2", "{1:2}",   "[",         "]",           "+1",          "\"\\"}) {
    json_scanner in{text};
    scanned(in);
    EXPECT_FALSE(in.end()) << text;
    EXPECT_TRUE(in.failed()) << text;
    EXPECT_FALSE(in.expected().empty()) << text;
    EXPECT_LE(in.at(), text.size()) << text;
  }
}

TEST(json_scanner, takes_the_numbers_that_are_none_as_they_stand_there) {
  for (const std::string text : {"NaN", "Infinity", "-Infinity"}) {
    json_scanner in{text};
    const auto x = in.value();
    EXPECT_EQ(x.kind, scan_kind::number);
    EXPECT_EQ(x.text, text);
    EXPECT_TRUE(in.end());
  }
}

TEST(json_scanner, what_is_passed_over_may_not_be_deep) {
  const std::string deep = std::string(100'000, '[');
  json_scanner in{deep};
  in.value();
  EXPECT_TRUE(in.failed());
  json_scanner fits{"[[[[[[[[[[1]]]]]]]]]]"};
  EXPECT_EQ(fits.value().kind, scan_kind::list);
  EXPECT_TRUE(fits.end());
}

TEST(json_scanner, agrees_with_another_reader_on_damaged_documents) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  const std::string good
    = R"({"data":[{"a":"5H","n":-12.5e3,"x":null,"t":true},[1,2,{"\u0041":"\\"}]],"next":2})";
  size_t taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    auto text = good;
    for (size_t k = 1 + random() % 2; k > 0; --k)
      text[random() % text.size()] = "{}[]\",:0e.-tn\\ a"[random() % 16];
    json_scanner in{text};
    in.value();
    const bool fits = in.end();
    const bool other = nlohmann::json::accept(text);
    EXPECT_EQ(fits, other) << text << ", seed " << seed;
    taken += fits ? 1 : 0;
  }
  EXPECT_GT(taken, 100U);
}

} // namespace
} // namespace sluice::io
