#include "io/output/log_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace sluice::io {
namespace {

namespace fs = std::filesystem;

class log_file_test : public testing::Test {
protected:
  std::string path(int old = 0) const {
    return folder.at("node.log") + (old == 0 ? "" : '.' + std::to_string(old));
  }
  static std::string read(const std::string& from) {
    std::ostringstream all;
    all << std::ifstream{from}.rdbuf();
    return all.str();
  }
  std::unique_ptr<log_file> opened(uint64_t bytes_max, uint64_t age_max_s, uint64_t keep) {
    auto file = log_file::open({path(), bytes_max, age_max_s, keep}, [this] { return now; });
    if (!file)
      throw std::runtime_error(file.error().what);
    return *std::move(file);
  }
  static void put(log_file& to, const std::string& text) {
    const auto done = to.write(text);
    EXPECT_EQ(done.bytes, text.size());
    EXPECT_EQ(done.error, 0);
  }

  test::scratch_folder folder;
  int64_t now = 4'000'000'000; // later than the clock of the file system
};

TEST_F(log_file_test, appends_and_is_nobody_elses) {
  {
    const auto file = opened(0, 0, 1);
    put(*file, "a\n");
  }
  const auto file = opened(0, 0, 1);
  put(*file, "b\n");
  EXPECT_EQ(read(path()), "a\nb\n");
  struct stat seen {};
  ASSERT_EQ(::stat(path().c_str(), &seen), 0);
  EXPECT_EQ(seen.st_mode & 0777U, 0600U);
}

TEST_F(log_file_test, is_put_aside_before_the_line_that_would_make_it_too_long) {
  const auto file = opened(10, 0, 2);
  for (const auto* line : {"one..\n", "two\n", "three\n", "four.....\n", "five\n"})
    put(*file, line);
  EXPECT_EQ(read(path()), "five\n");
  EXPECT_EQ(read(path(1)), "four.....\n");
  EXPECT_EQ(read(path(2)), "three\n");
  EXPECT_FALSE(fs::exists(path(3)));
}

TEST_F(log_file_test, a_line_that_is_too_long_alone_is_written_all_the_same) {
  const auto file = opened(10, 0, 1);
  put(*file, "much longer than ten bytes\n");
  EXPECT_EQ(read(path()), "much longer than ten bytes\n");
  EXPECT_FALSE(fs::exists(path(1)));
}

TEST_F(log_file_test, is_put_aside_when_it_is_old_enough) {
  const auto file = opened(0, 60, 5);
  put(*file, "a\n");
  now += 59;
  put(*file, "b\n");
  now += 1;
  put(*file, "c\n");
  EXPECT_EQ(read(path()), "c\n");
  EXPECT_EQ(read(path(1)), "a\nb\n");
}

TEST_F(log_file_test, a_line_that_came_in_pieces_stays_whole) {
  const auto file = opened(10, 0, 1);
  put(*file, "first, ");
  put(*file, "second\n");
  put(*file, "next\n");
  EXPECT_EQ(read(path(1)), "first, second\n");
  EXPECT_EQ(read(path()), "next\n");
}

TEST_F(log_file_test, none_is_kept_where_none_is_wanted) {
  const auto file = opened(4, 0, 0);
  put(*file, "one\n");
  put(*file, "two\n");
  EXPECT_EQ(read(path()), "two\n");
  EXPECT_FALSE(fs::exists(path(1)));
}

TEST_F(log_file_test, goes_on_where_it_cannot_be_put_aside_and_tries_again_a_minute_later) {
  const auto file = opened(4, 0, 1);
  put(*file, "one\n");
  fs::create_directories(path(1) + "/in the way");
  put(*file, "two\n");
  EXPECT_EQ(read(path()), "one\ntwo\n");
  fs::remove_all(path(1));
  put(*file, "three\n");
  EXPECT_EQ(read(path()), "one\ntwo\nthree\n");
  now += 60;
  put(*file, "four\n");
  EXPECT_EQ(read(path()), "four\n");
  EXPECT_EQ(read(path(1)), "one\ntwo\nthree\n");
}

TEST_F(log_file_test, opens_what_is_at_its_name_on_request) {
  const auto file = opened(0, 0, 1);
  put(*file, "a\n");
  fs::rename(path(), path(7)); // as logrotate does
  put(*file, "b\n");
  file->reopen();
  put(*file, "c\n");
  EXPECT_EQ(read(path(7)), "a\nb\n");
  EXPECT_EQ(read(path()), "c\n");
}

TEST_F(log_file_test, what_is_no_file_is_refused_without_waiting) {
  const auto refused = [](const std::string& where) {
    const auto file = log_file::open({where, 0, 0, 1}, [] { return int64_t{0}; });
    return file ? ec::none : file.error().code;
  };
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(refused(path()), ec::bad_input);
  EXPECT_EQ(refused(folder.path().string()), ec::bad_input);
  EXPECT_EQ(refused(folder.at("missing/node.log")), ec::unreachable);
}

TEST_F(log_file_test, no_line_is_lost_or_cut_whatever_the_bounds) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance{seed};
  const auto number = [&](int from, int to) {
    return std::uniform_int_distribution<int>{from, to}(chance);
  };
  const auto bytes_max = static_cast<uint64_t>(number(20, 200));
  const auto file = opened(bytes_max, static_cast<uint64_t>(number(0, 1) * 60), 1'000);
  std::vector<std::string> all;
  for (int i = 0; i < 500; ++i) {
    all.push_back(std::to_string(i) + std::string(static_cast<size_t>(number(0, 15)), '.') + '\n');
    put(*file, all.back());
    now += number(0, 20);
  }
  std::string written;
  int oldest = 0;
  while (fs::exists(path(oldest + 1)))
    ++oldest;
  for (int i = oldest; i >= 0; --i) {
    EXPECT_LE(read(path(i)).size(), bytes_max);
    written += read(path(i));
  }
  std::string wanted;
  for (const auto& x : all)
    wanted += x;
  EXPECT_EQ(written, wanted);
  EXPECT_GT(oldest, 10);
}

} // namespace
} // namespace sluice::io
