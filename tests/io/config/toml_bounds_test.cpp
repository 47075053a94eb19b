#include "io/config/config_file.hpp"
#include "io/config/config_text.hpp"
#include "io/config/toml_bounds.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <optional>
#include <random>
#include <toml++/toml.h>

namespace sluice::io {
namespace {

std::string repeated(std::string_view what, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i)
    text += what;
  return text;
}

/// Why a text is beyond the limits, "" when it is not.
std::string why_beyond(std::string_view text, const toml_limits& limits = {}) {
  const auto scan = scan_toml(text, "f.toml", limits);
  return scan ? "" : scan.error().what;
}

/// Read to its end without a break in its form.
bool is_whole(std::string_view text) {
  const auto scan = scan_toml(text, "f.toml");
  return scan && !scan->broken && scan->good_to == text.size();
}

std::optional<toml::table> parsed(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

/// How many tables and arrays are inside each other, the outermost counted.
size_t depth_of(const toml::node& node) {
  size_t deepest = 0;
  if (const auto* table = node.as_table())
    for (const auto& [key, inner] : *table)
      deepest = std::max(deepest, depth_of(inner));
  if (const auto* list = node.as_array())
    for (const auto& inner : *list)
      deepest = std::max(deepest, depth_of(inner));
  return node.is_table() || node.is_array() ? deepest + 1 : 0;
}

TEST(toml_bounds, what_configurations_have_is_read_to_its_end) {
  EXPECT_TRUE(is_whole(dev_config_text()));
  for (const std::string_view text :
       {"", "\xef\xbb\xbf# only a comment", "a = 1", "a = 1\r\n[b]\r\n", "a.b.\"c d\" . 'e' = 2\n",
        "[[a.b]]\nx = {y = [1, 2, # one\n 3,], z = \"}\"}\n", "t = 1979-05-27 07:32:00Z # when\n",
        "s = \"a \\\" # no comment\"\nl = 'C:\\'\n", "m = \"\"\"\n\"\"quotes\"\"\"\"\"\nn = 1\n",
        "m = '''a''''\nn = \"\"\n", "[ a . b ]\n"}) {
    EXPECT_TRUE(is_whole(text)) << text;
    EXPECT_TRUE(parsed(text)) << text;
  }
}

TEST(toml_bounds, each_limit_is_a_sentence_with_its_place) {
  EXPECT_EQ(why_beyond("x = 1\n[a" + repeated(".b", 16) + "]\n"),
            "f.toml:2:2: expected at most 16 parts with dots between them, got a key of so many "
            "parts; no configuration has that, so the file is not read");
  EXPECT_EQ(why_beyond("ok = 1\n  " + std::string(300, 'k') + " = 1\n"),
            "f.toml:2:3: expected at most 256 bytes per key, got a longer key; no configuration has"
            " that, so the file is not read");
  EXPECT_EQ(why_beyond("a = " + repeated("[", 17) + repeated("]", 17)),
            "f.toml:1:21: expected at most 16 arrays and inline tables inside each other, got a "
            "deeper one; no configuration has that, so the file is not read");
  EXPECT_EQ(why_beyond("a = [1, 2, 3]\n", {.values = 3}),
            "f.toml:1:12: expected at most 3 keys and values, got so many keys and values; no "
            "configuration has that, so the file is not read");
  EXPECT_EQ(why_beyond("abc", {.bytes = 2}),
            "f.toml:1:1: expected at most 2 bytes, got a text of 3 bytes; no configuration has "
            "that, so the file is not read");
  EXPECT_EQ(why_beyond("a = " + repeated("[", 16) + repeated("]", 16)), "");
  EXPECT_EQ(why_beyond("a" + repeated(".b", 15) + " = 1"), "");
  EXPECT_EQ(why_beyond("[a]\nb = [1, 2]\n", {.values = 4}), "");
}

TEST(toml_bounds, hostile_texts_never_reach_the_parser) {
  const size_t many = 400'000;
  for (const auto& text :
       {'[' + std::string{"a"} + repeated(".b", many) + "]\n", "a" + repeated(".b", many) + " = 1",
        "a = " + repeated("[", many), "a = " + repeated("{b=", many),
        "a = {b" + repeated(".c", many) + " = 1}", "a = " + repeated("[{b=", many),
        std::string(many, 'k') + " = 1", "\"" + std::string(many, 'k') + "\" = 1",
        "a = [" + repeated("1,", many) + "]", repeated("[[a]]\n", many)}) {
    const auto table = toml_of(text, "f.toml");
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().code, ec::bad_input);
    EXPECT_NE(table.error().what.find("expected at most"), std::string::npos)
      << table.error().what.substr(0, 200);
  }
}

TEST(toml_bounds, where_the_form_breaks_the_parser_still_says_what_is_wrong) {
  const auto table = toml_of("a = 1\nb == 2\nc = 3\n", "f.toml");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().what.find("f.toml:2:4: not TOML: "), 0U) << table.error().what;
}

/// Texts that are nearly TOML: pieces of it in any order, small limits.
TEST(toml_bounds, whatever_comes_what_is_let_through_is_bounded_and_what_parses_is_let_through) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  constexpr std::array<std::string_view, 34> pieces{"a",       "b1",         "-_",
                                                    "\"k\"",   "'k'",        ".",
                                                    " . ",     " = ",        "=",
                                                    "[",       "]",          "[[",
                                                    "]]",      "{",          "}",
                                                    ",",       "\n",         "\n",
                                                    "\n",      "\n",         "\r\n",
                                                    "# c",     "1",          "2.5",
                                                    " ",       "\"a\\\"b\"", "\"\"\"",
                                                    "'''",     "\"",         "'",
                                                    "\\",      "true",       "1979-05-27 07:32:00",
                                                    "\xc3\xa4"};
  const toml_limits limits{.key_bytes = 24, .key_parts = 3, .depth = 3, .values = 40};
  constexpr std::array<std::string_view, 8> behind_key{" = 1\n",
                                                       ".b = 'x'\n",
                                                       ".b.\"c\" = [1, [2]]\n",
                                                       " = {a = 1, b.c = {d = []}}\n",
                                                       " = [\n1, # c\n]\n",
                                                       " = \"\"\"\nx\"\"\"\"\n",
                                                       " = 1979-05-27 07:32:00\r\n",
                                                       " = \"#]}\"# c\n"};
  size_t let_through = 0;
  for (int i = 0; i < 60'000; ++i) {
    std::string text;
    const auto length = random() % 12;
    for (size_t n = 0; n < length; ++n) {
      if (random() % 12 == 0)
        text += pieces[random() % pieces.size()];
      else if (random() % 5 == 0)
        text += "[[t" + std::to_string(n) + ".u]]\n";
      else
        text += 'k' + std::to_string(n) + std::string{behind_key[random() % behind_key.size()]};
    }
    const auto scan = scan_toml(text, "f", limits);
    const auto table = parsed(text);
    if (!scan || !table)
      continue;
    ++let_through;
    ASSERT_FALSE(scan->broken) << text;
    // a header's parts, and at each depth a key of as many
    ASSERT_LE(depth_of(*table), 1 + limits.key_parts * 2 + limits.depth * (limits.key_parts + 1))
      << text;
  }
  EXPECT_GT(let_through, 1000U);
}

TEST(toml_bounds, only_regular_files_are_read_and_nobody_waits) {
  const test::scratch_folder folder;
  const auto pipe = folder.at("pipe.toml");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& [path, kind] : {std::pair{pipe, "a named pipe"},
                                   {folder.path().string(), "a folder"},
                                   {std::string{"/dev/null"}, "a device"}}) {
    const auto text = config_text_of(path);
    ASSERT_FALSE(text) << path;
    EXPECT_EQ(text.error().what, path + ": is " + kind + "; a configuration is a TOML file");
  }
  EXPECT_EQ(*config_text_of(folder.write("a.toml", "a = 1")), "a = 1");
  EXPECT_EQ(config_text_of(folder.at("none.toml")).error().code, ec::unreachable);
}

} // namespace
} // namespace sluice::io
