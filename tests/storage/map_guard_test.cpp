#include "storage/map_guard.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <csignal>
#include <fcntl.h>

namespace sluice::storage {
namespace {

using test::in_child;
using test::temp_folder;

/// What the child printed to standard error goes into a file.
int in_child_with_errors(const temp_folder& temp, const std::function<int()>& work) {
  return in_child([&] {
    const int fd = ::open((temp / "err").c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600);
    ::dup2(fd, STDERR_FILENO);
    return work();
  });
}

TEST(map_guard, a_file_that_is_cut_while_it_is_read_is_a_sentence_and_exit_3) {
  temp_folder temp;
  {
    auto env = storage::open(temp);
    for (int i = 0; i < 20; ++i)
      ASSERT_TRUE(env.commit(batch{{put("k" + std::to_string(i), std::string(20'000, 'x'))}}));
  }
  const int ended = in_child_with_errors(temp, [&] {
    auto env = environment::open(temp / "env", two_tables());
    if (!env)
      return 10;
    std::filesystem::resize_file(temp / "env/data.mdb", 12'288);
    size_t bytes = 0;
    for (int i = 0; i < 20; ++i)
      if (const auto value = env->get("a", "k" + std::to_string(i)))
        bytes += value->size();
    return bytes == 0 ? 11 : 12;
  });
  EXPECT_EQ(ended, 3);
  const auto said = test::content(temp / "err");
  EXPECT_TRUE(said.starts_with("sluice: " + (temp / "env").string() + ": the file is damaged: "))
    << said;
  EXPECT_EQ(std::count(said.begin(), said.end(), '\n'), 1);
}

TEST(map_guard, other_faults_stay_what_they_are) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer has handlers of its own";
#endif
  temp_folder temp;
  for (const int signal : {SIGSEGV, SIGBUS}) {
    const int ended = in_child([&] {
      auto env = environment::open(temp / "env", two_tables());
      std::signal(SIGALRM, SIG_DFL);
      ::alarm(30);
      const int fd = ::open((temp / "other").c_str(), O_CREAT | O_RDWR, 0600);
      const auto protection = signal == SIGSEGV ? PROT_NONE : PROT_READ;
      auto* at = static_cast<volatile char*>(::mmap(nullptr, 4096, protection, MAP_SHARED, fd, 0));
      return env && at[100] == 'x' ? 20 : 21; // behind the end of an empty file
    });
    EXPECT_EQ(ended, 1000 + signal);
  }
}

TEST(map_guard, is_let_go_of_and_moved) {
  temp_folder temp;
  std::filesystem::create_directory(temp / "env");
  test::put_content(temp / "env/data.mdb", "x");
  for (int i = 0; i < 100; ++i) {
    map_guard one{temp / "env"};
    map_guard two{std::move(one)};
    map_guard three;
    three = std::move(two);
  }
  std::vector<map_guard> many;
  for (int i = 0; i < 20; ++i) // more than can be guarded
    many.emplace_back(temp / "env");
  SUCCEED();
}

} // namespace
} // namespace sluice::storage
