#include "io/process_figures.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <fstream>
#include <vector>

namespace sluice::io {
namespace {

// proc(5): pid (comm) state ppid pgrp session tty tpgid flags minflt cminflt majflt cmajflt utime
// stime cutime cstime priority nice num_threads itrealvalue starttime vsize rss ...
constexpr std::string_view stat_line = "4711 (a (nasty) name) S 1 4711 4711 0 -1 4194560 900 0 3 0 "
                                       "150 50 0 0 20 0 7 0 123456 1073741824 2500 "
                                       "18446744073709551615 1 1 0\n";

TEST(process_figures, are_read_as_the_manual_counts_the_fields) {
  const auto x = parse_process_stat(stat_line, 100, 4096);
  ASSERT_TRUE(x);
  EXPECT_DOUBLE_EQ(x->cpu_seconds, 2.0);
  EXPECT_EQ(x->threads, 7U);
  EXPECT_DOUBLE_EQ(x->started, 1234.56);
  EXPECT_EQ(x->virtual_bytes, 1'073'741'824U);
  EXPECT_EQ(x->memory_bytes, 2500U * 4096U);
}

TEST(process_figures, of_another_form_are_none) {
  EXPECT_FALSE(parse_process_stat("", 100, 4096));
  EXPECT_FALSE(parse_process_stat("1 (x) S 1 2 3", 100, 4096));
  EXPECT_FALSE(
    parse_process_stat("1 (x S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", 100, 4096));
  EXPECT_FALSE(parse_process_stat(stat_line, 0, 4096));
  const test::scratch_folder empty;
  EXPECT_FALSE(read_process_figures(empty.path()));
}

TEST(process_figures, of_this_process_rise_with_what_it_does) {
  const auto before = read_process_figures();
  ASSERT_TRUE(before);
  EXPECT_GT(before->memory_bytes, 1'000'000U);
  EXPECT_GT(before->virtual_bytes, before->memory_bytes);
  EXPECT_GE(before->threads, 1U);
  EXPECT_GE(before->open_files, 3U);
  EXPECT_GE(before->open_files_max, before->open_files);
  const auto now = static_cast<double>(std::time(nullptr));
  EXPECT_LE(before->started, now + 2);
  EXPECT_GT(before->started, 1.0e9);
  std::vector<std::ifstream> open;
  for (int i = 0; i < 5; ++i)
    open.emplace_back("/dev/null");
  EXPECT_EQ(read_process_figures()->open_files, before->open_files + 5);
}

} // namespace
} // namespace sluice::io
