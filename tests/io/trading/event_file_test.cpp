#include "io/trading/event_file.hpp"
#include "tests/rules/trading/some_events.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::io {
namespace {

std::string row(uint32_t index) {
  trading_event x;
  x.coldkey = test::some_key(1);
  x.hotkey = test::some_key(2);
  x.extrinsic = "x";
  x.index = index;
  x.netuid = 1;
  x.tao = x.alpha = 5;
  return event_row_text(x) + '\n';
}

class event_file_test : public testing::Test {
protected:
  std::string file(const std::string& text) { return folder_.write("events.jsonl", text); }

private:
  test::scratch_folder folder_;
};

TEST_F(event_file_test, comes_in_pieces_and_counts_what_is_no_event) {
  auto rows = event_file::open(file(row(1) + "{}\n\n" + row(2) + "no json\n" + row(3)), {}, false);
  ASSERT_TRUE(rows);
  std::vector<trading_event> events;
  ASSERT_TRUE(*rows->read(events, 2));
  EXPECT_EQ(events.size(), 2U);
  EXPECT_FALSE(*rows->read(events, 2));
  EXPECT_EQ(events.size(), 3U);
  EXPECT_EQ(events[2].index, 3U);
  EXPECT_EQ(rows->counts().rows, 5U);
  EXPECT_EQ(rows->counts().rejected_rows(), 2U);
  EXPECT_EQ(rows->counts().rejected[static_cast<size_t>(row_rejection::netuid)], 1U);
  EXPECT_EQ(rows->counts().rejected[static_cast<size_t>(row_rejection::json)], 1U);
  ASSERT_EQ(rows->counts().why.size(), 2U);
  EXPECT_NE(rows->counts().why[1].find(":5:"), std::string::npos) << rows->counts().why[1];
}

TEST_F(event_file_test, strict_stops_at_the_first_one) {
  auto rows = event_file::open(file(row(1) + "{}\n" + row(2)), {}, true);
  ASSERT_TRUE(rows);
  std::vector<trading_event> events;
  const auto read = rows->read(events, 10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ec::bad_input);
  EXPECT_NE(read.error().what.find("events.jsonl:2:1: netuid"), std::string::npos)
    << read.error().what;
}

TEST_F(event_file_test, lines_are_bounded) {
  auto rows = event_file::open(file(std::string(event_line_bytes_max + 1, ' ') + "\n"), {}, false);
  ASSERT_TRUE(rows);
  std::vector<trading_event> events;
  EXPECT_EQ(rows->read(events, 10).error().code, ec::bad_input);
  EXPECT_EQ(event_file::open("/nowhere/at/all", {}, false).error().code, ec::unreachable);
}

TEST_F(event_file_test, reasons_are_at_most_twenty) {
  std::string many;
  for (int i = 0; i < 100; ++i)
    many += "{}\n";
  auto rows = event_file::open(file(many), {}, false);
  std::vector<trading_event> events;
  EXPECT_FALSE(*rows->read(events, 10));
  EXPECT_EQ(rows->counts().why.size(), 20U);
  EXPECT_EQ(rows->counts().rejected_rows(), 100U);
}

} // namespace
} // namespace sluice::io
