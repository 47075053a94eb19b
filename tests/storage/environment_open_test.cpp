#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace sluice::storage {
namespace {

using test::in_child;
using test::temp_folder;

TEST(environment_open, follows_another_process_that_outgrows_its_map) {
  temp_folder temp;
  auto o = two_tables();
  o.map_bytes = 1 << 20;
  ASSERT_EQ(in_child([&] {
              auto env = environment::open(temp / "env", o);
              return env && env->commit(batch{{put("k", "1")}}) ? 0 : 1;
            }),
            0);
  o.read_only = true;
  const auto reader = open(temp, o);
  EXPECT_EQ(*reader.get("a", "k"), "1");
  ASSERT_EQ(in_child([&] {
              auto writing = two_tables();
              auto env = environment::open(temp / "env", writing);
              return env && env->commit(batch{{put("k", "2"), put("l", std::string(9 << 20, 'x'))}})
                       ? 0
                       : 1;
            }),
            0);
  EXPECT_EQ(*reader.get("a", "k"), "2");
  EXPECT_EQ(reader.get("a", "l")->size(), 9u << 20);
}

TEST(environment_open, read_only_changes_nothing_and_sees_missing_tables_as_empty) {
  temp_folder temp;
  { open(temp); }
  auto o = two_tables();
  o.read_only = true;
  o.tables.emplace_back("new");
  auto env = open(temp, o);
  EXPECT_EQ(env.commit(batch{{put("k", "v")}}).error().code, ec::read_only);
  EXPECT_EQ(env.get("new", "k").error().code, ec::no_such_key);
  EXPECT_TRUE(env.scan("new", {}, nullptr));
}

TEST(environment_open, does_not_take_another_file_for_its_own) {
  temp_folder temp;
  std::filesystem::create_directory(temp / "env");
  test::put_content(temp / "env/data.mdb", std::string(20'000, 'x'));
  const auto env = environment::open(temp / "env", two_tables());
  ASSERT_FALSE(env);
  EXPECT_EQ(env.error().code, ec::corrupt_data);
  EXPECT_EQ(env.error().what, "not an LMDB file of ours: " + (temp / "env").string());
  test::put_content(temp / "env/data.mdb", "short");
  EXPECT_EQ(environment::open(temp / "env", two_tables()).error().code, ec::corrupt_data);
}

TEST(environment_open, states_that_a_file_that_was_cut_is_damaged) {
  temp_folder temp;
  {
    auto env = open(temp);
    for (int i = 0; i < 20; ++i) {
      const auto done = env.commit(batch{{put("k" + std::to_string(i), std::string(20'000, 'x'))}});
      ASSERT_TRUE(done);
    }
  }
  std::filesystem::resize_file(temp / "env/data.mdb", 12'288);
  auto o = two_tables();
  o.read_only = true;
  EXPECT_EQ(environment::open(temp / "env", o).error().code, ec::corrupt_data);
  const int ended = in_child([&] { // reading behind the end would be a SIGBUS
    const auto env = environment::open(temp / "env", two_tables());
    if (!env)
      return env.error().code == ec::corrupt_data ? 0 : 1;
    return env->get("a", "k0") ? 2 : 0;
  });
  EXPECT_EQ(ended, 0);
}

TEST(environment_open, opens_with_a_modest_map_where_address_space_is_rationed) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer needs all the address space itself";
#endif
  temp_folder temp;
  const int ended = in_child([&] {
    const rlimit space{8ull << 30, 8ull << 30};
    ::setrlimit(RLIMIT_AS, &space);
    auto env = environment::open(temp / "env", two_tables());
    return env && env->commit(batch{{put("k", "v")}}) && env->map_bytes() == 1u << 30 ? 0 : 1;
  });
  EXPECT_EQ(ended, 0);
}

} // namespace
} // namespace sluice::storage
