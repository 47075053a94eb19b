#include "storage/row_checksum.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::storage {
namespace {

using test::temp_folder;

environment_options two_checked_tables() {
  auto o = two_tables();
  o.checksums = true;
  return o;
}

std::string stored_row(std::string_view table, std::string_view key, std::string_view value) {
  const auto sum = checksum_of_row(table_seed_of(table), key, value);
  std::string bytes{value};
  for (size_t i = 0; i < row_checksum_bytes; ++i)
    bytes += static_cast<char>(sum >> (8 * i) & 0xff);
  return bytes;
}

TEST(row_checksum, any_changed_byte_of_a_row_is_seen) {
  const auto seed = table_seed_of("t");
  const std::string key = "key", value = "some value that is longer than 32 bytes in all";
  const auto good = stored_row("t", key, value);
  EXPECT_EQ(without_checksum(seed, key, good), value);
  EXPECT_EQ(without_checksum(seed, key, stored_row("t", key, "")).size(), 0u);
  EXPECT_TRUE(without_checksum(seed, key, stored_row("t", key, "")).data());
  for (size_t i = 0; i < good.size(); ++i)
    for (const int bit : {1, 128}) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ bit);
      EXPECT_FALSE(without_checksum(seed, key, bad).data()) << i;
    }
  for (size_t n = 0; n < good.size(); ++n)
    EXPECT_FALSE(without_checksum(seed, key, good.substr(0, n)).data()) << n;
  EXPECT_FALSE(without_checksum(seed, "kez", good).data()) << "under another key";
  EXPECT_FALSE(without_checksum(table_seed_of("u"), key, good).data()) << "in another table";
}

TEST(row_checksum, is_seen_by_nobody_above_the_environment) {
  temp_folder temp;
  auto env = storage::open(temp, two_checked_tables());
  const std::string large(20'000, 'x');
  ASSERT_TRUE(env.commit(batch{{put("k", "v"), put("l", large), put("m", ""), put("n", "x")}}));
  ASSERT_TRUE(env.commit(batch{{{"node", "a", "n", "", true}}}));
  EXPECT_EQ(*env.get("a", "k"), "v");
  EXPECT_EQ(*env.get("a", "l"), large);
  EXPECT_EQ(*env.get("a", "m"), "");
  EXPECT_EQ(env.get("a", "n").error().code, ec::no_such_key);
  std::string seen;
  ASSERT_TRUE(env.scan("a", {}, [&](std::string_view key, std::string_view value) {
    seen += std::string{key} + std::to_string(value.size()) + ' ';
    return true;
  }));
  EXPECT_EQ(seen, "k1 l20000 m0 ");
  EXPECT_TRUE(env.scan_all([](auto, auto, auto) { return true; }));
}

TEST(row_checksum, that_is_wrong_is_a_sentence_with_table_and_key_everywhere) {
  temp_folder temp;
  {
    auto env = storage::open(temp); // as nobody writes rows: one without a checksum among good ones
    ASSERT_TRUE(env.commit(batch{{put("k", stored_row("a", "k", "good")), put("l", "damaged row"),
                                  put("m", stored_row("a", "m", "good too")),
                                  put("k", stored_row("b", "k", "b"), "b")}}));
  }
  auto env = storage::open(temp, two_checked_tables());
  EXPECT_EQ(*env.get("a", "k"), "good");
  EXPECT_EQ(*env.get("b", "k"), "b");
  const auto sentence = (temp / "env").string()
                        + ": table a, row 6c: the row is damaged: it has another checksum than was "
                          "written with it; `sluice db verify` shows all that are";
  const fault expected{ec::corrupt_data, sentence};
  EXPECT_EQ(env.get("a", "l").error(), expected);
  std::string seen;
  const auto keep = [&seen](std::string_view key, std::string_view) {
    seen += key;
    return true;
  };
  EXPECT_EQ(env.scan("a", {}, keep).error(), expected);
  EXPECT_EQ(env.scan("a", {.prefix = {}, .from = {}, .reverse = true}, keep).error(), expected);
  EXPECT_EQ(seen, "km") << "what is good is read up to it";
  EXPECT_EQ(env.scan_all([](auto, auto, auto) { return true; }).error(), expected);
  std::vector<std::string> bad;
  const auto report = env.check_rows([&](std::string_view, std::string_view, const fault& why) {
    bad.push_back(why.what);
    return true;
  });
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rows, 4u);
  EXPECT_EQ(report->bad, 1u);
  EXPECT_EQ(bad, std::vector{sentence});
}

} // namespace
} // namespace sluice::storage
