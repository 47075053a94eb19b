#include "io/text/lines.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

using namespace sluice;
using io::line_reader;

class lines : public ::testing::Test {
protected:
  /// All lines of `text`; the error, if reading ends with one, stays in `error`.
  std::vector<std::string> read(std::string_view text, size_t bytes_max = 1 << 20) {
    auto reader = line_reader::open(folder.write("x", text), bytes_max);
    std::vector<std::string> all;
    while (reader) {
      auto line = reader->next();
      if (!line) {
        error = line.error();
        break;
      }
      if (!*line)
        break;
      all.emplace_back(**line);
      number = reader->number();
      cut = reader->cut();
    }
    return all;
  }
  using list = std::vector<std::string>;

  test::scratch_folder folder;
  fault error;
  uint32_t number = 0;
  bool cut = false;
};

TEST_F(lines, end_with_a_newline_or_with_carriage_return_and_newline) {
  EXPECT_EQ(read("one\ntwo\r\nthree\n"), (list{"one", "two", "three"}));
  EXPECT_FALSE(cut);
}

TEST_F(lines, may_lack_the_last_newline) {
  EXPECT_EQ(read("one\ntwo"), (list{"one", "two"}));
  EXPECT_TRUE(cut);
}

TEST_F(lines, that_are_blank_are_passed_over_but_counted) {
  EXPECT_EQ(read("\n  \r\n\tone\n\n\ntwo\n\n"), (list{"\tone", "two"}));
  EXPECT_EQ(number, 6u);
}

TEST_F(lines, of_an_empty_file_are_none) {
  EXPECT_EQ(read(""), list{});
  EXPECT_EQ(error.code, ec::none);
}

TEST_F(lines, begin_after_a_byte_order_mark) {
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "one\n\xef\xbb\xbf"
                 "two\n"),
            (list{"one", "\xef\xbb\xbf"
                         "two"}));
}

TEST_F(lines, keep_together_over_every_read_boundary) {
  std::string text;
  list wanted;
  for (size_t i = 0; i < 900; ++i) {
    wanted.push_back(std::string(1 + i * 7 % 3001, static_cast<char>('a' + i % 26)));
    text += wanted.back() + (i % 3 == 0 ? "\r\n" : "\n");
  }
  ASSERT_GT(text.size(), size_t{1} << 20); // several reads
  EXPECT_EQ(read(text), wanted);
}

TEST_F(lines, are_as_long_as_allowed_and_not_a_byte_longer) {
  EXPECT_EQ(read(std::string(100, 'x') + "\n", 100).size(), 1u);
  EXPECT_EQ(read("a\n" + std::string(101, 'x') + "\n", 100).size(), 1u);
  EXPECT_EQ(error.code, ec::bad_input);
  EXPECT_NE(error.what.find("x:2: expected at most 100 bytes"), std::string::npos) << error.what;
}

TEST_F(lines, without_an_end_do_not_fill_the_memory) {
  read(std::string(size_t{4} << 20, 'x'), 1000);
  EXPECT_EQ(error.code, ec::bad_input);
}

TEST_F(lines, that_are_not_utf8_are_refused_with_their_byte) {
  EXPECT_EQ(read("{\"a\":\"\xc3\xa4\"}\n{\"a\":\"\xff\"}\n").size(), 1u);
  EXPECT_EQ(error.code, ec::bad_input);
  EXPECT_NE(error.what.find("x:2: byte 7: expected UTF-8, got \"\\xff"), std::string::npos)
    << error.what;
}

TEST_F(lines, distinguish_a_missing_file_and_a_folder_from_a_bad_one) {
  const auto missing = line_reader::open(folder.at("missing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
  EXPECT_NE(missing.error().what.find("missing: cannot be read: No such file"), std::string::npos);
  const auto directory = line_reader::open(folder.path());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, ec::unreachable);
}

TEST_F(lines, state_how_far_they_are) {
  auto reader = line_reader::open(folder.write("x", "one\ntwo\n"));
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->bytes_total(), 8u);
  ASSERT_TRUE(reader->next());
  EXPECT_EQ(reader->bytes_read(), 4u);
}

TEST_F(lines, come_again_when_asked) {
  for (const char* text :
       {"\xef\xbb\xbf\none\r\ntwo\n", "\xef\xbb\xbfone\ntwo", "\n \none\ntwo\n"}) {
    auto reader = line_reader::open(folder.write("x", text));
    ASSERT_TRUE(reader);
    list seen;
    for (int twice = 0; twice < 2; ++twice) {
      seen.clear();
      uint32_t at = 0;
      uint64_t bytes = 0;
      for (auto line = reader->next(); line && *line; line = reader->next()) {
        seen.emplace_back(**line);
        at = reader->number();
        bytes = reader->bytes_read();
        reader->again();
        const auto once_more = reader->next();
        ASSERT_TRUE(once_more && *once_more);
        EXPECT_EQ(**once_more, seen.back());
        EXPECT_EQ(reader->number(), at);
        EXPECT_EQ(reader->bytes_read(), bytes);
      }
      reader = line_reader::open(folder.at("x"));
    }
    EXPECT_EQ(seen, (list{"one", "two"}));
  }
  auto reader = line_reader::open(folder.write("x", "four\n"));
  ASSERT_TRUE(reader->next());
  reader->again(3);
  EXPECT_FALSE(reader->next()) << "under another limit";
}

TEST(utf8, knows_the_edges_of_the_standard) {
  for (std::string_view good :
       {"", "plain", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "1234567\xc3\xa4", "12345678\xc3\xa4"})
    EXPECT_TRUE(io::is_utf8(good)) << io::quoted(good);
  for (std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "\xc3(", "12345678\xff"})
    EXPECT_FALSE(io::is_utf8(bad)) << io::quoted(bad);
}

TEST(quoted, shows_what_cannot_be_printed) {
  EXPECT_EQ(io::quoted("a\nb\xff"), "\"a\\x0ab\\xff\"");
  EXPECT_EQ(io::quoted("\xc3\xa4"), "\"\xc3\xa4\"");
  EXPECT_EQ(io::quoted("abcdef", 3), "\"abc...\"");
}

TEST(bad_line, states_where_what_and_what_to_do) {
  EXPECT_EQ(io::bad_line("f", 7, "tick", "a", "b", "c").what, "f:7: tick: expected a, got b; c");
  EXPECT_EQ(io::bad_line("f", 0, "", "a", "b", "").what, "f: expected a, got b");
}

} // namespace
