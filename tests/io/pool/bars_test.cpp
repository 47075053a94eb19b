#include "io/pool/bars.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <unistd.h>

using namespace sluice;

namespace {

constexpr const char* header = "timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,"
                               "highestTick,inAmount0,inAmount1,currentLiquidity\n";

class bars : public testing::Test {
protected:
  std::string write(const std::string& name, const std::string& text) {
    const auto path = std::filesystem::temp_directory_path()
                      / ("sluice-bars-" + std::to_string(::getpid()) + "-" + name);
    std::ofstream(path) << text;
    written_.push_back(path);
    return path.string();
  }

  /// The error without the file's name; "" when there is none.
  std::string error_of(const std::string& text) {
    const auto path = write("x.csv", text);
    const auto got = io::read_bars({path});
    if (got)
      return "";
    EXPECT_EQ(got.error().code, ec::bad_input);
    EXPECT_EQ(got.error().what.substr(0, path.size()), path);
    return got.error().what.substr(path.size());
  }

  ~bars() override {
    for (const auto& path : written_)
      std::filesystem::remove(path);
  }

private:
  std::vector<std::filesystem::path> written_;
};

} // namespace

TEST_F(bars, a_bar_is_a_minute) {
  const auto path = write("a.csv", std::string{header}
                                     + "2023-08-13 00:00:00,-5,6,201,200,199,202,7,8,9\r\n"
                                       "\n"
                                       "2023-08-13 00:03:00,0,0,-3,201,-3,201,0,0,0\n");
  const auto got = io::read_bars({path});
  ASSERT_TRUE(got) << got.error().what;
  ASSERT_EQ(got->size(), 2U);
  const auto& first = got->front();
  EXPECT_EQ(first.time, 1'691'884'800U);
  EXPECT_EQ(first.number, 1'691'884'800U / 60);
  EXPECT_EQ(*first.bar, (price_bar{200, 201, 9, 7, 8, 2}));
  EXPECT_TRUE(first.events.empty());
  EXPECT_EQ(got->back().number, first.number + 3);
  EXPECT_EQ(*got->back().bar, (price_bar{201, -3, 0, 0, 0, 4}));
}

TEST_F(bars, files_follow_each_other_in_time) {
  const auto row
    = [](const char* time) { return header + std::string{time} + ",0,0,1,1,1,1,0,0,5\n"; };
  const auto early = write("early.csv", row("2023-08-13 23:59:00"));
  const auto late = write("late.csv", row("2023-08-14 00:01:00"));
  const auto got = io::read_bars({early, late});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->size(), 2U);
  const auto wrong = io::read_bars({late, early});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().what,
            early
              + ":2: timestamp: expected a minute after the bar before it, got \"2023-08-13 "
                "23:59:00\"; sort the bars, give the files in the order of time");
}

TEST_F(bars, states_where_and_what_is_wrong) {
  const auto row = [&](const std::string& text) { return error_of(header + text); };
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,1,1,1,1,0,0,5\n"), "");
  const std::string fix = "; correct this line or export the file again";
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,1,1,1,1,0,0\n"), ":2: expected 10 columns, got 9" + fix);
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,1,1,1,1,0"),
            ":2: expected 10 columns, got 8; the file is truncated: fetch or export it again");
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,1,1,1,1,0,0,5,6\n"),
            ":2: expected 10 columns, got 11" + fix);
  EXPECT_EQ(row("yesterday,0,0,1,1,1,1,0,0,5\n"),
            ":2: timestamp: expected a time \"YYYY-MM-DD hh:mm:ss\" (UTC), got \"yesterday\""
              + fix);
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,887272,1,1,1,0,0,5\n"),
            ":2: closeTick: expected a tick from -887272 to 887271, got \"887272\"" + fix);
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,1,1.5,1,1,0,0,5\n"),
            ":2: openTick: expected a tick from -887272 to 887271, got \"1.5\"" + fix);
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,1,1,1,1,-1,0,5\n"),
            ":2: inAmount0: expected a whole number from 0 to 2^224-1, got \"-1\"" + fix);
  EXPECT_EQ(row("2023-08-13 00:00:00,0,0,1,1,1,1,0,0,\n"),
            ":2: currentLiquidity: expected a whole number from 0 to 2^128-1, got \"\"" + fix);
  EXPECT_EQ(row("2023-08-13 00:00:00,x,0,1,1,1,1,0,0,5\n"),
            ":2: netAmount0: expected an integer, got \"x\"" + fix);
  EXPECT_EQ(row("2023-08-13 00:01:00,0,0,1,1,1,1,0,0,5\n2023-08-13 00:01:59,0,0,1,1,1,1,0,0,5\n")
              .substr(0, 62),
            ":3: timestamp: expected a minute after the bar before it, got ");
}

TEST_F(bars, nothing_and_other_things_are_not_bars) {
  EXPECT_EQ(error_of(""),
            ": expected minute bars, got an empty file; check that this is a file of minute bars");
  EXPECT_EQ(error_of(header),
            ": expected minute bars, got none; check that this is a file of minute bars");
  EXPECT_NE(error_of("time,open,close\n").find(":1: header: expected timestamp,"),
            std::string::npos);
  EXPECT_NE(error_of("\xff\xfe\n").find("UTF-8"), std::string::npos);
  const auto missing = io::read_bars({"/nowhere/bars.csv"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::unreachable);
}

TEST_F(bars, reads_five_real_days) {
  if (!test::shared_has("data/polygon"))
    GTEST_SKIP() << "not in the shared folder: data/polygon";
  std::vector<std::string> paths;
  for (const char* day : {"13", "14", "15", "16", "17"})
    paths.push_back((test::shared_folder() / "data/polygon"
                     / (std::string{"usdc-weth-500-2023-08-"} + day + ".csv"))
                      .string());
  const auto got = io::read_bars(paths);
  ASSERT_TRUE(got) << got.error().what;
  size_t lines = 0;
  for (const auto& path : paths) {
    const auto text = test::file_bytes(path);
    lines += static_cast<size_t>(std::ranges::count(text, '\n')) - 1;
  }
  EXPECT_EQ(got->size(), lines);
  EXPECT_EQ(got->front().bar->open_tick, 201101);
}
