// Two containers that share a folder count process ids each for themselves.
#include "tests/storage/small_environment.hpp"

#include <sys/wait.h>

#include <array>
#include <fcntl.h>
#include <sched.h>

namespace sluice::storage {
namespace {

using same_id_work = std::function<int()>;

constexpr int no_namespace = 77;

/// Runs `work` in a child whose process id is 1, as the first program of a container; answers the
/// process to wait for.
pid_t start_as_process_one(const same_id_work& work) {
  const pid_t outer = ::fork();
  if (outer != 0)
    return outer;
  if (::unshare(CLONE_NEWPID) != 0)
    ::_exit(no_namespace);
  const pid_t inner = ::fork();
  if (inner == 0)
    ::_exit(work());
  int status = 0;
  ::waitpid(inner, &status, 0);
  ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

int exit_code_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

environment_options tables_to_read() {
  auto o = two_tables();
  o.read_only = true;
  return o;
}

TEST(same_process_id, of_a_reader_in_another_container_is_named_as_the_reason) {
  const test::temp_folder temp;
  {
    auto env = environment::open(temp / "env", two_tables());
    ASSERT_TRUE(env) << env.error().what;
    ASSERT_TRUE(env->commit(batch{{put("k", "v")}}));
  }
  std::array<int, 2> reads{};
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(reads.data(), O_CLOEXEC), 0);
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const auto first = start_as_process_one([&] {
    const auto env = environment::open(temp / "env", tables_to_read());
    const auto hold = [&](std::string_view, std::string_view) {
      char end = 0;
      return ::write(reads[1], "r", 1) == 1 && ::read(ends[0], &end, 1) > 0;
    };
    return env && env->scan("a", {}, hold) ? 0 : 1;
  });
  ::close(reads[1]);
  char begun = 0;
  const bool holds = ::read(reads[0], &begun, 1) == 1;
  const auto second = exit_code_of(start_as_process_one([&] {
    const auto env = environment::open(temp / "env", tables_to_read());
    const bool named = !env && env.error().code == ec::busy
                       && env.error().what.find("--pid=container:NAME") != std::string::npos;
    return named ? 0 : 1;
  }));
  const bool ended = ::write(ends[1], "e", 1) == 1;
  const auto first_end = exit_code_of(first);
  ::close(reads[0]);
  ::close(ends[0]);
  ::close(ends[1]);
  if (first_end == no_namespace)
    GTEST_SKIP() << "this user may make no PID namespace";
  EXPECT_TRUE(holds && ended);
  EXPECT_EQ(second, 0);
  EXPECT_EQ(first_end, 0);
}

} // namespace
} // namespace sluice::storage
