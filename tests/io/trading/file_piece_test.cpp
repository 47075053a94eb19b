#include "io/trading/file_piece.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>

namespace sluice::test {
namespace {

constexpr const char* coldkey = "5HdSvEGXkSRmgBZB6p2WmerfGAU2r8Sgvucs5UeM1oLStMoC";
constexpr const char* hotkey = "5EHL1GxEDtsapQkaFs7NvjEJReHiJkQRkNQanCXr8b1g2qj9";

trading_event event(int n) {
  trading_event x;
  x.coldkey = coldkey;
  x.hotkey = hotkey;
  x.extrinsic = "ext-" + std::to_string(n);
  x.time_us = int64_t{n} * us_per_second;
  x.netuid = 3;
  x.tao = 10 + n;
  x.alpha = 20 + n;
  return x;
}

std::string line(int n) {
  return io::event_row_text(event(n)) + '\n';
}

std::string lines(int from, int to) {
  std::string all;
  for (int n = from; n < to; ++n)
    all += line(n);
  return all;
}

std::vector<trading_event> events(int from, int to) {
  std::vector<trading_event> all;
  for (int n = from; n < to; ++n)
    all.push_back(event(n));
  return all;
}

class trading_file_piece : public ::testing::Test {
protected:
  void append(const std::string& text) const {
    std::ofstream{path, std::ios::binary | std::ios::app} << text;
  }

  io::file_piece read() {
    auto piece = io::read_file_piece(path, place, options);
    EXPECT_TRUE(piece) << (piece ? "" : piece.error().what);
    if (!piece)
      return {};
    place = piece->place;
    return *std::move(piece);
  }

  scratch_folder folder;
  const std::string path = folder.at("events.jsonl");
  io::file_place place;
  io::file_piece_options options;
};

TEST_F(trading_file_piece, reads_on_where_it_stopped) {
  append(lines(0, 3));
  EXPECT_EQ(read().events, events(0, 3));
  EXPECT_EQ(place.position, lines(0, 3).size());
  EXPECT_TRUE(read().events.empty());
  append(lines(3, 5));
  const auto more = read();
  EXPECT_EQ(more.events, events(3, 5));
  EXPECT_TRUE(more.at_end);
  EXPECT_FALSE(more.replaced);
}

TEST_F(trading_file_piece, has_no_more_than_so_many_events_or_bytes) {
  append(lines(0, 10));
  options.events_max = 4;
  auto piece = read();
  EXPECT_EQ(piece.events, events(0, 4));
  EXPECT_FALSE(piece.at_end);
  options.bytes_max = line(5).size() * 2 - 1;
  piece = read();
  EXPECT_EQ(piece.events, events(4, 6));
  EXPECT_FALSE(piece.at_end);
  options = {};
  piece = read();
  EXPECT_EQ(piece.events, events(6, 10));
  EXPECT_TRUE(piece.at_end);
}

TEST_F(trading_file_piece, leaves_a_line_that_is_being_written) {
  const auto last = line(2);
  append(lines(0, 2) + last.substr(0, 30));
  EXPECT_EQ(read().events, events(0, 2));
  options.takes_cut_line = true; // it is no event yet
  EXPECT_TRUE(read().events.empty());
  append(last.substr(30));
  EXPECT_EQ(read().events, events(2, 3));
}

TEST_F(trading_file_piece, takes_a_whole_event_without_a_line_end_when_it_must_not_wait) {
  append(line(0) + line(1).substr(0, line(1).size() - 1));
  EXPECT_EQ(read().events, events(0, 1));
  options.takes_cut_line = true;
  EXPECT_EQ(read().events, events(1, 2));
  append("\n" + line(2));
  EXPECT_EQ(read().events, events(2, 3));
}

TEST_F(trading_file_piece, notices_another_file) {
  append(lines(0, 3));
  read();
  folder.write("other", lines(0, 3) + line(7));
  std::filesystem::rename(folder.at("other"), path); // another inode, the same beginning
  const auto piece = read();
  EXPECT_TRUE(piece.replaced);
  EXPECT_EQ(piece.events.size(), 4U);
  EXPECT_FALSE(read().replaced);
}

TEST_F(trading_file_piece, notices_a_file_that_became_shorter) {
  append(lines(0, 5));
  read();
  std::filesystem::resize_file(path, line(0).size());
  const auto piece = read();
  EXPECT_TRUE(piece.replaced);
  EXPECT_EQ(piece.events, events(0, 1));
}

TEST_F(trading_file_piece, notices_another_beginning_in_the_same_file) {
  append(lines(0, 3));
  read();
  folder.write("events.jsonl", lines(5, 9)); // truncated and written anew: the same inode
  const auto piece = read();
  EXPECT_TRUE(piece.replaced);
  EXPECT_EQ(piece.events, events(5, 9));
}

TEST_F(trading_file_piece, a_place_that_is_none_begins_anew) {
  append(lines(0, 2));
  place = {3, "nonsense"};
  EXPECT_EQ(read().events, events(0, 2));
}

TEST_F(trading_file_piece, rejects_rows_with_line_and_reason) {
  append(line(0) + "{\"time\":1}\n\n   \nnot json\n" + std::string(100'000, 'x') + "\n\xff\xfe\n"
         + line(1));
  const auto piece = read();
  EXPECT_EQ(piece.events, events(0, 2));
  EXPECT_EQ(piece.rows, 6U);
  uint64_t rejected = 0;
  for (const auto n : piece.rejected)
    rejected += n;
  EXPECT_EQ(rejected, 4U);
  ASSERT_EQ(piece.why.size(), 4U);
  EXPECT_EQ(piece.why[1].find(path + ":5"), 0U) << piece.why[1];
  EXPECT_EQ(piece.why[2], path
                            + ":6: expected a line of at most 65536 bytes, got 100000; "
                              "correct this line or export the file again");
  EXPECT_EQ(piece.why[3].find(path + ":7: expected UTF-8"), 0U) << piece.why[3];
  append("{}\n");
  EXPECT_EQ(read().why.at(0).find(path + ":9"), 0U); // lines go on
}

TEST_F(trading_file_piece, a_long_line_that_is_being_written_waits_for_its_end) {
  append(line(0) + std::string(200'000, 'x'));
  auto piece = read();
  EXPECT_EQ(piece.rows, 1U);
  EXPECT_EQ(place.position, line(0).size());
  append(std::string(1000, 'x') + "\n" + line(1));
  piece = read();
  EXPECT_EQ(piece.rows, 2U);
  EXPECT_EQ(piece.events, events(1, 2));
}

TEST_F(trading_file_piece, a_file_that_is_not_there_is_a_sentence) {
  const auto none = io::read_file_piece(path, {}, options);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ec::unreachable);
  EXPECT_EQ(none.error().what,
            path + ": cannot be read: No such file or directory; check the path");
  EXPECT_FALSE(io::read_file_piece(folder.path().string(), {}, options));
}

TEST_F(trading_file_piece, pieces_of_any_size_give_the_same_events) {
  const auto seed = std::random_device{}();
  std::mt19937_64 random{seed};
  append(lines(0, 400));
  for (int round = 0; round < 20; ++round) {
    place = {};
    std::vector<trading_event> all;
    for (int pieces = 0; pieces < 1000; ++pieces) {
      options.events_max = random() % 50 + 1;
      options.bytes_max = random() % 20'000 + 1;
      auto piece = read();
      all.insert(all.end(), piece.events.begin(), piece.events.end());
      if (piece.at_end)
        break;
    }
    EXPECT_EQ(all, events(0, 400)) << seed;
  }
}

} // namespace
} // namespace sluice::test
