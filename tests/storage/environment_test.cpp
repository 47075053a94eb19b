#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

namespace sluice::storage {
namespace {

using test::temp_folder;

write erase(std::string key) {
  return {"node", "a", std::move(key), {}, true};
}

std::vector<std::string> keys(const environment& env, const key_range& range) {
  std::vector<std::string> found;
  const auto walked = env.scan("a", range, [&](std::string_view k, std::string_view) {
    found.emplace_back(k);
    return true;
  });
  EXPECT_TRUE(walked);
  return found;
}

TEST(environment, remembers_what_was_committed_after_it_was_closed) {
  temp_folder temp;
  {
    auto env = open(temp);
    ASSERT_TRUE(env.commit(batch{{put("k", "v"), put("k", "w", "b"), put("empty", "")}}));
  }
  const auto env = open(temp);
  EXPECT_EQ(*env.get("a", "k"), "v");
  EXPECT_EQ(*env.get("b", "k"), "w");
  EXPECT_EQ(*env.get("a", "empty"), "");
  EXPECT_EQ(env.get("a", "other").error().code, ec::no_such_key);
}

TEST(environment, applies_writes_in_order_and_forgives_erasing_nothing) {
  temp_folder temp;
  auto env = open(temp);
  ASSERT_TRUE(env.commit(
    batch{{put("k", "1"), put("k", "2"), put("gone", "x"), erase("gone"), erase("never")}}));
  EXPECT_EQ(*env.get("a", "k"), "2");
  EXPECT_EQ(env.get("a", "gone").error().code, ec::no_such_key);
}

TEST(environment, takes_a_group_of_batches_together_or_not_at_all) {
  temp_folder temp;
  auto env = open(temp);
  const std::vector<batch> good{{{put("1", "x")}}, {{put("2", "y")}}};
  ASSERT_TRUE(env.commit(good));
  EXPECT_EQ(keys(env, {}), (std::vector<std::string>{"1", "2"}));
  const std::vector<batch> bad{{{put("3", "x")}}, {{put("4", "y", "no such table")}}};
  EXPECT_EQ(env.commit(bad).error().code, ec::invalid_argument);
  EXPECT_EQ(keys(env, {}), (std::vector<std::string>{"1", "2"}));
}

TEST(environment, refuses_writes_that_are_not_its_own) {
  temp_folder temp;
  auto env = open(temp);
  const auto code = [&](write w) { return env.commit(batch{{std::move(w)}}).error().code; };
  EXPECT_EQ(code({"pool_events", "a", "k", "v", false}), ec::invalid_argument);
  EXPECT_EQ(code(put("k", "v", "typo")), ec::invalid_argument);
  EXPECT_EQ(code(put("", "v")), ec::invalid_argument);
  EXPECT_EQ(code(put(std::string(512, 'k'), "v")), ec::invalid_argument);
  EXPECT_TRUE(env.commit(batch{{put(std::string(511, 'k'), "v")}}));
  EXPECT_EQ(env.get("typo", "k").error().code, ec::invalid_argument);
  EXPECT_EQ(env.scan("typo", {}, nullptr).error().code, ec::invalid_argument);
}

TEST(environment, walks_prefixes_both_ways) {
  temp_folder temp;
  auto env = open(temp);
  batch writes;
  const std::string top = "\xff";
  for (const auto& k : {std::string{"a1"}, std::string{"b1"}, std::string{"b2"}, std::string{"b3"},
                        std::string{"c1"}, top + "1", top + "2"})
    writes.writes.push_back(put(k, ""));
  ASSERT_TRUE(env.commit(writes));
  using list = std::vector<std::string>;
  EXPECT_EQ(keys(env, {"b", "", false}), (list{"b1", "b2", "b3"}));
  EXPECT_EQ(keys(env, {"b", "", true}), (list{"b3", "b2", "b1"}));
  EXPECT_EQ(keys(env, {"b", "b2", false}), (list{"b2", "b3"}));
  EXPECT_EQ(keys(env, {"b", "b2", true}), (list{"b2", "b1"}));
  EXPECT_EQ(keys(env, {"b", "b25", true}), (list{"b2", "b1"}));
  EXPECT_EQ(keys(env, {"b", "zz", true}), (list{"b3", "b2", "b1"}));
  EXPECT_EQ(keys(env, {"b", "a", true}), list{});
  EXPECT_EQ(keys(env, {top, "", true}), (list{top + "2", top + "1"}));
  EXPECT_EQ(keys(env, {"x", "", true}), list{});
  EXPECT_EQ(keys(env, {"", "c", false}), (list{"c1", top + "1", top + "2"}));
}

TEST(environment, agrees_with_a_map_on_random_writes_and_walks) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    temp_folder temp;
    auto env = open(temp);
    std::mt19937_64 chance{seed};
    std::map<std::string, std::string> model;
    const auto any_key = [&chance] {
      std::string k(1 + chance() % 4, '\0');
      for (auto& c : k)
        c = "\x01\x02\x61\xfe\xff"[chance() % 5];
      return k;
    };
    for (int round = 0; round < 40; ++round) {
      batch writes;
      for (auto n = chance() % 20; n > 0; --n) {
        const auto k = any_key();
        if (chance() % 3) {
          writes.writes.push_back(put(k, std::to_string(chance())));
          model[k] = writes.writes.back().value;
        } else {
          writes.writes.push_back(erase(k));
          model.erase(k);
        }
      }
      ASSERT_TRUE(env.commit(writes));
      const key_range range{chance() % 2 ? any_key().substr(0, 2) : "",
                            chance() % 2 ? any_key() : "", chance() % 2 == 1};
      std::vector<std::string> expected;
      for (const auto& [k, v] : model)
        if (k.starts_with(range.prefix)
            && (range.from.empty() || (range.reverse ? k <= range.from : k >= range.from)))
          expected.push_back(k);
      if (range.reverse)
        std::reverse(expected.begin(), expected.end());
      ASSERT_EQ(keys(env, range), expected);
    }
  }
}

TEST(environment, grows_its_map_when_it_is_full) {
  temp_folder temp;
  auto o = two_tables();
  o.map_bytes = 1 << 20;
  auto env = open(temp, o);
  const std::string mebibyte(1 << 20, 'x');
  for (int i = 0; i < 10; ++i)
    ASSERT_TRUE(env.commit(batch{{put("k" + std::to_string(i), mebibyte)}})) << i;
  EXPECT_GE(env.map_bytes(), 10u << 20);
  EXPECT_EQ(*env.get("a", "k0"), mebibyte);
}

TEST(environment, reports_that_it_is_full_at_its_bound) {
  temp_folder temp;
  auto o = two_tables();
  o.map_bytes = 1 << 20;
  o.map_bytes_max = 2 << 20;
  auto env = open(temp, o);
  ASSERT_TRUE(env.commit(batch{{put("small", "1")}}));
  const auto refused = env.commit(batch{{put("large", std::string(4 << 20, 'x'))}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::storage_full);
  EXPECT_NE(refused.error().what.find("2097152 bytes"), std::string::npos);
  EXPECT_EQ(*env.get("a", "small"), "1");
  EXPECT_TRUE(env.commit(batch{{put("small", "2")}}));
}

TEST(environment, lets_many_threads_read_while_it_grows) {
  temp_folder temp;
  auto o = two_tables();
  o.map_bytes = 1 << 20;
  auto env = open(temp, o);
  ASSERT_TRUE(env.commit(batch{{put("x", "0"), put("x", "0", "b")}}));
  std::atomic<bool> over = false;
  std::atomic<int> torn = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i)
    readers.emplace_back([&] {
      while (!over) {
        // Written together, read one after the other: the second cannot be the older one.
        const auto b = env.get("b", "x");
        const auto a = env.get("a", "x");
        torn += !a || !b || std::stoi(*a) < std::stoi(*b);
      }
    });
  for (int i = 1; i <= 100; ++i) {
    const auto n = std::to_string(i);
    EXPECT_TRUE(env.commit(
      batch{{put("x", n), put("x", n, "b"), put("fill" + n, std::string(100'000, 'x'))}}));
  }
  over = true;
  for (auto& reader : readers)
    reader.join();
  EXPECT_EQ(torn, 0);
  EXPECT_GE(env.map_bytes(), 10'000'000u);
}

TEST(environment, copies_itself_while_in_use) {
  temp_folder temp;
  auto env = open(temp);
  ASSERT_TRUE(env.commit(batch{{put("k", "v")}}));
  std::filesystem::create_directory(temp / "copy");
  ASSERT_TRUE(env.copy_to(temp / "copy"));
  ASSERT_TRUE(env.commit(batch{{put("k", "later")}}));
  EXPECT_EQ(*environment::open(temp / "copy", two_tables())->get("a", "k"), "v");
  EXPECT_FALSE(env.copy_to(temp / "not there"));
}

} // namespace
} // namespace sluice::storage
