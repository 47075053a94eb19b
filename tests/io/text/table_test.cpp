#include "io/text/table.hpp"
#include "io/text/text.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>

namespace sluice::report {

using test::lines_of;

const std::vector<table_column> four{
  {.title = "#", .right = true},
  {.title = "name", .drop = 1, .shrink_to = 4},
  {"a number", "no", true, 3, note_place::yes},
  {.title = "other", .right = true, .drop = 2, .notes = note_place::yes},
  {.title = "mean", .right = true, .drop = 4, .notes = note_place::if_needed}};

std::vector<table_row> rows() {
  return {{{"1", "first", "12.50", "1", "0.5"}, "", true, tone::winner},
          {{"2", "second one", "3.25", "22", "0.25"}, "", true, tone::normal},
          {{"", "third", "-", "-", "0.1"}, "no answer", false, tone::alarm}};
}

TEST(table, numbers_to_the_right_words_to_the_left) {
  EXPECT_EQ(draw_table(four, rows(), 80, false, charset::utf8),
            "#  name        a number  other  mean  note\n"
            "1  first          12.50      1   0.5\n"
            "2  second one      3.25     22  0.25\n"
            "   third              -      -   0.1  no answer\n");
}

TEST(table, a_note_takes_the_place_of_numbers_where_there_is_no_column_for_it) {
  EXPECT_EQ(draw_table(four, rows(), 36, false, charset::utf8),
            "#  name        a number  other  mean\n"
            "1  first          12.50      1   0.5\n"
            "2  second one      3.25     22  0.25\n"
            "   third       no answer         0.1\n");
}

TEST(table, a_long_note_takes_one_more_column_and_is_cut_then) {
  auto all = rows();
  all[2].note = "no answer, again";
  EXPECT_EQ(lines_of(draw_table(four, all, 36, false, charset::utf8))[3],
            "   third       no answer, again");
  all[2].note = "no answer, and nobody knows why";
  EXPECT_EQ(lines_of(draw_table(four, all, 36, false, charset::utf8))[3],
            "   third       no answer, and nobod…");
}

TEST(table, a_note_of_a_row_with_numbers_comes_below_it) {
  auto all = rows();
  all[1].note = "invalid: position 1: out of order";
  const auto lines = lines_of(draw_table(four, all, 36, false, charset::utf8));
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[3], "   invalid: position 1: out of order");
}

TEST(table, short_titles_come_before_fewer_columns) {
  EXPECT_EQ(lines_of(draw_table(four, rows(), 35, false, charset::utf8))[0],
            "#  name           no  other  mean");
  EXPECT_EQ(lines_of(draw_table(four, rows(), 30, false, charset::utf8))[2],
            "2  sec…one   3.25     22  0.25");
  EXPECT_EQ(lines_of(draw_table(four, rows(), 26, false, charset::utf8))[0],
            "#  name          no  other");
}

TEST(table, a_name_that_shrinks_last_is_whole_while_another_column_can_go) {
  auto columns = four;
  columns[1] = {.title = "name", .shrink_to = 4, .shrinks_last = true};
  EXPECT_EQ(lines_of(draw_table(columns, rows(), 25, false, charset::utf8))[2],
            "2  second one         22");
  EXPECT_EQ(lines_of(draw_table(columns, rows(), 13, false, charset::utf8))[2], "2  second one");
  EXPECT_EQ(lines_of(draw_table(columns, rows(), 10, false, charset::utf8))[2], "2  sec…one");
}

TEST(table, no_line_is_wider_than_asked) {
  auto all = rows();
  all[0].note = "価格価格価格価格価格価格価格価格価格価格価格価格価格";
  all[2].note = std::string(300, 'x');
  for (size_t width = 0; width <= 160; ++width) {
    SCOPED_TRACE(width);
    for (const auto& line : lines_of(draw_table(four, all, width, false, charset::utf8)))
      EXPECT_LE(shown_width(line), width);
  }
}

TEST(table, colours_do_not_move_anything) {
  for (size_t width : {20, 36, 80}) {
    const auto colored = draw_table(four, rows(), width, true, charset::utf8);
    EXPECT_NE(colored.find("\x1b[1;32m"), std::string::npos);
    EXPECT_NE(colored.find("\x1b[31m"), std::string::npos);
    EXPECT_EQ(test::without_colors(colored), draw_table(four, rows(), width, false, charset::utf8));
  }
}

TEST(table, without_rows_there_are_titles_and_without_columns_nothing) {
  EXPECT_EQ(draw_table(four, {}, 80, false, charset::utf8), "#  name  a number  other  mean\n");
  EXPECT_EQ(draw_table({}, {}, 80, false, charset::utf8), "");
}

TEST(table, in_ascii_every_line_is_ascii_and_fits) {
  auto all = rows();
  all[1].cells[1] = "zweiter Läufer";
  all[2].note = "価格価格価格価格";
  const auto text = draw_table(four, all, 80, false, charset::ascii);
  EXPECT_NE(text.find("zweiter L\\u{e4}ufer      3.25"), std::string::npos) << text;
  for (size_t width = 20; width < 90; ++width)
    for (const auto& line : lines_of(draw_table(four, all, width, false, charset::ascii))) {
      EXPECT_LE(line.size(), width);
      EXPECT_EQ(shown(line, charset::ascii), line);
    }
  EXPECT_EQ(lines_of(draw_table(four, rows(), 30, false, charset::ascii))[2],
            "2  se...ne   3.25     22  0.25");
}

} // namespace sluice::report
