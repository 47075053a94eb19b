#include "storage/guarded_work.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace sluice::storage {
namespace {

TEST(guarded_work, answers_what_the_work_answered) {
  const std::string large(5 << 20, 'x');
  const auto made = run_guarded("D", [&](work_progress&) -> result<std::string> { return large; });
  ASSERT_TRUE(made);
  EXPECT_EQ(*made, large);
  const auto empty
    = run_guarded("D", [](work_progress&) -> result<std::string> { return std::string{}; });
  ASSERT_TRUE(empty);
  EXPECT_EQ(*empty, "");
}

TEST(guarded_work, passes_a_fault_on) {
  const auto made = run_guarded("D", [](work_progress&) -> result<std::string> {
    return fault{ec::storage_full, "the disk is full"};
  });
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error(), (fault{ec::storage_full, "the disk is full"}));
}

TEST(guarded_work, changes_nothing_in_the_parent) {
  int x = 1;
  const auto made = run_guarded("D", [&x](work_progress&) -> result<std::string> {
    x = 2;
    return std::string{"done"};
  });
  EXPECT_TRUE(made);
  EXPECT_EQ(x, 1);
}

TEST(guarded_work, a_signal_that_ends_the_child_is_a_sentence_with_the_place) {
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    const auto made = run_guarded("D", [signal](work_progress& progress) -> result<std::string> {
      progress.at("node", "jobs", std::string_view{"\x01\xff", 2});
      std::raise(signal);
      return std::string{"never"};
    });
    ASSERT_FALSE(made) << signal;
    EXPECT_EQ(made.error().code, ec::corrupt_data);
    EXPECT_NE(made.error().what.find("D: the file is damaged"), std::string::npos);
    EXPECT_NE(made.error().what.find("signal " + std::to_string(signal)), std::string::npos);
    EXPECT_NE(made.error().what.find("in store node, table jobs, at or behind row 01ff"),
              std::string::npos)
      << made.error().what;
  }
}

TEST(guarded_work, a_page_behind_the_end_of_a_file_ends_the_child_only) {
  std::string name = "/tmp/sluice-guarded-XXXXXX";
  const int fd = ::mkstemp(name.data());
  ASSERT_GE(fd, 0);
  ASSERT_EQ(::ftruncate(fd, 4096), 0);
  const auto made = run_guarded(name, [&](work_progress&) -> result<std::string> {
    const int again = ::open(name.c_str(), O_RDONLY);
    const auto* at
      = static_cast<const char*>(::mmap(nullptr, 8192, PROT_READ, MAP_SHARED, again, 0));
    return std::string(1, at[5000]);
  });
  ::close(fd);
  ::unlink(name.c_str());
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ec::corrupt_data);
}

TEST(guarded_work, an_exception_is_a_fault) {
  const auto made = run_guarded(
    "D", [](work_progress&) -> result<std::string> { throw std::runtime_error("what happened"); });
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("what happened"), std::string::npos);
}

TEST(guarded_work, a_child_that_leaves_without_an_answer_is_noticed) {
  const auto made = run_guarded("D", [](work_progress&) -> result<std::string> { ::_exit(0); });
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ec::unreachable);
}

TEST(guarded_work, shows_how_far_it_is) {
  uint64_t most = 0;
  uint64_t of = 0;
  const auto made = run_guarded(
    "D",
    [](work_progress& progress) -> result<std::string> {
      progress.done(3, 10);
      progress.add_row();
      return std::string{"done"};
    },
    [&](uint64_t done, uint64_t total) {
      most = std::max(most, done);
      of = total;
    });
  EXPECT_TRUE(made);
  EXPECT_EQ(most, 4U);
  EXPECT_EQ(of, 10U);
}

} // namespace
} // namespace sluice::storage
