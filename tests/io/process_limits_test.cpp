#include "io/process_limits.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <unistd.h>

namespace sluice::io {
namespace {

/// In a process of its own, whose limits may be lowered; what `play` answers goes back as text.
std::string in_a_process(const std::function<std::string()>& play) {
  int ends[2]{};
  if (::pipe(ends) != 0)
    return "no pipe";
  const auto child = ::fork();
  if (child == 0) {
    const auto text = play();
    (void)!::write(ends[1], text.data(), text.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text(4096, '\0');
  const auto got = ::read(ends[0], text.data(), text.size());
  text.resize(got > 0 ? static_cast<size_t>(got) : 0);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

std::string checked(const process_needs& needs) {
  const auto enough = check_process(needs);
  return enough ? "enough" : enough.error().what;
}

void lower(decltype(RLIMIT_AS) which, rlim_t to) {
  const rlimit limit{to, to};
  ::setrlimit(which, &limit);
}

TEST(process_limits, where_there_is_enough_nothing_is_said_and_nothing_is_kept) {
  EXPECT_EQ(checked({"it", 16, 32, uint64_t{1} << 30, 1 << 20}), "enough");
  const int next = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  ::close(next);
  EXPECT_LT(next, 32);
  EXPECT_TRUE(can_make_thread());
}

TEST(process_limits, too_few_descriptors_are_named_with_what_is_needed) {
  const auto text = in_a_process([] {
    lower(RLIMIT_NOFILE, 24);
    return checked({"it", 0, 64, 0, 0});
  });
  EXPECT_NE(text.find("it needs 64 descriptors"), std::string::npos) << text;
  EXPECT_NE(text.find("24 are allowed in all (ulimit -n"), std::string::npos) << text;
}

TEST(process_limits, the_soft_limit_of_descriptors_is_no_obstacle) {
  EXPECT_EQ(in_a_process([] {
              rlimit limit{};
              ::getrlimit(RLIMIT_NOFILE, &limit);
              limit.rlim_cur = 16;
              ::setrlimit(RLIMIT_NOFILE, &limit);
              return checked({"it", 0, 64, 0, 0});
            }),
            "enough");
}

TEST(process_limits, too_little_address_space_is_named_in_mebibytes) {
  const auto text = in_a_process([] {
    lower(RLIMIT_AS, rlim_t{512} << 20);
    return checked({"it", 0, 0, uint64_t{4} << 30, 0});
  });
  EXPECT_NE(text.find("it needs 4096 MiB of address space"), std::string::npos) << text;
  EXPECT_NE(text.find("ulimit -v"), std::string::npos) << text;
}

TEST(process_limits, too_few_threads_are_counted) {
  const auto text = in_a_process([] {
    lower(RLIMIT_AS, rlim_t{256} << 20); // no space for a hundred stacks of 8 MiB
    return checked({"it", 100, 0, 0, 0});
  });
  EXPECT_NE(text.find("it needs 100 threads beside its first, and "), std::string::npos) << text;
  EXPECT_NE(text.find(" can be made here"), std::string::npos) << text;
}

TEST(process_limits, a_closed_standard_output_is_not_the_number_of_the_next_file) {
  EXPECT_EQ(in_a_process([] {
              ::close(STDIN_FILENO);
              ::close(STDOUT_FILENO);
              open_standard_streams();
              const int next = ::open("/dev/null", O_RDONLY);
              const bool fails = ::write(STDOUT_FILENO, "x", 1) < 0 && errno == EBADF;
              return std::string{next > STDERR_FILENO && fails ? "apart" : "mixed up"};
            }),
            "apart");
}

} // namespace
} // namespace sluice::io
