#include "storage/compaction.hpp"
#include "storage/sizes.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace sluice::storage {
namespace {

using compaction_rows = std::map<std::string, std::string>;

compaction_rows rows_of(const environment& env) {
  compaction_rows all;
  EXPECT_TRUE(env.scan("a", {}, [&](std::string_view k, std::string_view v) {
    all.emplace(k, v);
    return true;
  }));
  return all;
}

void fill(environment& env, int rows) {
  batch writes;
  for (int i = 0; i < rows; ++i)
    writes.writes.push_back(put("k" + std::to_string(i), std::string(2000, 'a')));
  ASSERT_TRUE(env.commit(writes));
}

void thin_out(environment& env, int rows) {
  batch writes;
  for (int i = 0; i < rows; ++i)
    if (i % 10 != 0)
      writes.writes.push_back({"node", "a", "k" + std::to_string(i), {}, true});
  ASSERT_TRUE(env.commit(writes));
}

TEST(compaction, gives_free_pages_back_and_keeps_every_row) {
  test::temp_folder temp;
  auto env = storage::open(temp);
  fill(env, 2000);
  thin_out(env, 2000);
  const auto before = rows_of(env);
  const auto done = env.compact();
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ(done->store, "node");
  EXPECT_GT(done->before_bytes, 4'000'000U);
  EXPECT_LT(done->after_bytes, 1'000'000U);
  EXPECT_EQ(std::filesystem::file_size(temp / "env" / "data.mdb"), done->after_bytes);
  EXPECT_EQ(rows_of(env), before);
  EXPECT_FALSE(std::filesystem::exists(compaction_place(temp / "env")));
  ASSERT_TRUE(env.commit(batch{{put("later", "1")}}));
  EXPECT_EQ(*env.get("a", "later"), "1");
}

TEST(compaction, is_there_after_the_next_start_and_can_be_done_again) {
  test::temp_folder temp;
  compaction_rows before;
  {
    auto env = storage::open(temp);
    for (int i = 0; i < 3; ++i) {
      fill(env, 500);
      thin_out(env, 500);
      ASSERT_TRUE(env.compact());
    }
    ASSERT_TRUE(env.commit(batch{{put("later", "1")}}));
    before = rows_of(env);
  }
  const auto env = storage::open(temp);
  EXPECT_EQ(rows_of(env), before);
}

TEST(compaction, keeps_the_rights_of_the_files) {
  test::temp_folder temp;
  auto env = storage::open(temp);
  fill(env, 10);
  ASSERT_EQ(::chmod((temp / "env" / "data.mdb").c_str(), 0640), 0);
  ASSERT_EQ(::chmod((temp / "env").c_str(), 0750), 0);
  ASSERT_TRUE(env.compact());
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(temp / "env" / "data.mdb").permissions(), perms{0640});
  EXPECT_EQ(std::filesystem::status(temp / "env").permissions(), perms{0750});
}

TEST(compaction, does_not_disturb_those_who_read_meanwhile) {
  test::temp_folder temp;
  auto env = storage::open(temp);
  fill(env, 300);
  ASSERT_TRUE(env.commit(batch{{put("x", "0"), put("x", "0", "b")}}));
  std::atomic<bool> over = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!over) { // written together, read one after the other: the second is not the older
        const auto b = env.get("b", "x");
        const auto a = env.get("a", "x");
        wrong += !a || !b || std::stoi(*a) < std::stoi(*b);
        wrong += env.last_commit() == 0 || env.map_bytes() == 0;
      }
    });
  for (int i = 1; i <= 30; ++i) {
    const auto n = std::to_string(i);
    EXPECT_TRUE(env.commit(batch{{put("x", n), put("x", n, "b")}}));
    const auto done = env.compact();
    EXPECT_TRUE(done) << done.error().what;
  }
  over = true;
  for (auto& reader : readers)
    reader.join();
  EXPECT_EQ(wrong, 0);
}

/// Another process has the old file open: it goes on reading that, and whoever opens anew sees the
/// new one.
TEST(compaction, leaves_other_processes_their_file) {
  test::temp_folder temp;
  auto env = storage::open(temp);
  fill(env, 100);
  std::array<int, 2> go{};
  std::array<int, 2> ready{};
  ASSERT_EQ(::pipe(go.data()), 0);
  ASSERT_EQ(::pipe(ready.data()), 0);
  const auto child = ::fork();
  if (child == 0) {
    auto o = two_tables();
    o.read_only = true;
    const auto old = environment::open(temp / "env", o);
    char byte = 1;
    if (!old || ::write(ready[1], &byte, 1) != 1 || ::read(go[0], &byte, 1) != 1)
      ::_exit(1);
    const bool still = old->get("a", "k99") && !old->get("a", "later");
    const auto fresh = environment::open(temp / "env", o);
    ::_exit(still && fresh && *fresh->get("a", "later") == "1" ? 0 : 2);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  ASSERT_TRUE(env.compact());
  ASSERT_TRUE(env.commit(batch{{put("later", "1")}}));
  ASSERT_EQ(::write(go[1], &byte, 1), 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  for (const int end : {go[0], go[1], ready[0], ready[1]})
    ::close(end);
}

TEST(compaction, of_a_folder_to_read_is_refused) {
  test::temp_folder temp;
  { auto env = storage::open(temp); }
  auto o = two_tables();
  o.read_only = true;
  auto env = storage::open(temp, o);
  const auto refused = env.compact();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::read_only);
}

TEST(compaction, needs_space_for_the_copy_and_says_so) {
  test::temp_folder temp;
  test::temp_disk disk{temp / "small", "24m"};
  if (!disk.mounted())
    GTEST_SKIP() << "no small disk can be mounted here";
  auto env = environment::open(temp / "small" / "env", two_tables());
  ASSERT_TRUE(env) << env.error().what;
  fill(*env, 2500);
  const auto before = rows_of(*env);
  const auto refused = env->compact();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::storage_full);
  EXPECT_NE(refused.error().what.find("make space first"), std::string::npos);
  EXPECT_EQ(rows_of(*env), before);
  ASSERT_TRUE(env->commit(batch{{put("later", "1")}}));
}

TEST(compaction, leftovers_of_one_that_was_cut_off_are_removed) {
  test::temp_folder temp;
  { auto env = storage::open(temp); }
  std::filesystem::create_directory(compaction_place(temp / "env"));
  test::put_content(compaction_place(temp / "env") / "data.mdb", "half");
  std::filesystem::create_directory(temp / "somebody.compact");
  EXPECT_EQ(remove_cut_off_compactions(temp.path()), 1U);
  EXPECT_FALSE(std::filesystem::exists(compaction_place(temp / "env")));
  EXPECT_TRUE(std::filesystem::exists(temp / "somebody.compact")); // no store beside it
  EXPECT_EQ(remove_cut_off_compactions(temp.path()), 0U);
}

#if !defined(__SANITIZE_ADDRESS__) // which takes terabytes of address space itself
/// LMDB lets go of the old map before it asks for the new one: without looking first the process
/// would end at the next page.
TEST(map_growth, without_address_space_is_the_same_sentence_for_every_call_and_no_end) {
  test::temp_folder temp;
  EXPECT_EQ(test::in_child([&] {
              auto o = two_tables();
              o.map_bytes = 4 << 20;
              auto env = environment::open(temp / "env", o);
              std::ifstream pages{"/proc/self/statm"};
              uint64_t used = 0;
              pages >> used;
              const rlimit limit{used * 4096 + (12 << 20), RLIM_INFINITY};
              if (!env || ::setrlimit(RLIMIT_AS, &limit) != 0)
                return 1;
              const std::string piece(500'000, 'x');
              std::string first;
              int refused = 0;
              for (int i = 0; i < 100 && refused < 3; ++i) {
                const auto done = env->commit(batch{{put("k" + std::to_string(i), piece)}});
                if (done)
                  continue;
                ++refused;
                if (done.error().code != ec::storage_full
                    || done.error().what.find("no address space") == std::string::npos)
                  return 2;
                if (refused == 1)
                  first = done.error().what;
                else if (done.error().what != first)
                  return 3;
                const auto read = env->get("a", "k0");
                if (!read || *read != piece || !env->size())
                  return 4;
              }
              return refused == 3 && env->map_bytes() > 4U << 20 ? 0 : 5;
            }),
            0);
}
#endif

} // namespace
} // namespace sluice::storage
