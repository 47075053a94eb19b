#include "storage/meta_page.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

using test::temp_folder;

TEST(meta_page, states_what_lmdb_states) {
  temp_folder temp;
  EXPECT_EQ(look_at_file(temp / "env")->state, file_state::missing);
  for (int i = 0; i < 5; ++i) {
    uint64_t commit = 0;
    {
      auto env = storage::open(temp);
      ASSERT_TRUE(env.commit(batch{{put("k" + std::to_string(i), std::string(9000, 'x'))}}));
      commit = env.last_commit();
    }
    const auto look = look_at_file(temp / "env");
    ASSERT_TRUE(look) << look.error().what;
    ASSERT_EQ(look->state, file_state::whole);
    const auto& newest = look->head->newest();
    EXPECT_EQ(newest.commit, commit);
    EXPECT_EQ(newest.page_bytes, static_cast<uint32_t>(::getpagesize()));
    EXPECT_EQ(newest.tables.rows, 2u); // the names of both tables
    EXPECT_EQ(newest.tables.depth, 1u);
    EXPECT_NE(newest.tables.root, UINT64_MAX);
    EXPECT_EQ(look->head->file_bytes, std::filesystem::file_size(temp / "env/data.mdb"));
    EXPECT_GE(look->head->file_bytes + newest.page_bytes * 4, look->head->counted_bytes());
  }
}

TEST(meta_page, that_is_none_is_a_sentence) {
  temp_folder temp;
  { auto env = storage::open(temp); }
  const auto data = temp / "env/data.mdb";
  const auto good = test::content(data);
  const auto sentence = [&](const std::string& bytes) {
    test::put_content(data, bytes);
    const auto look = look_at_file(temp / "env");
    return look ? std::string{} : look.error().what;
  };
  EXPECT_EQ(sentence(good), "");
  test::put_content(data, "");
  EXPECT_EQ(look_at_file(temp / "env")->state, file_state::empty);
  const auto not_ours = "not an LMDB file of ours: " + (temp / "env").string();
  for (const size_t bytes : {1, 16, 100, 151})
    EXPECT_EQ(sentence(good.substr(0, bytes)), not_ours) << bytes;
  for (const size_t bytes : {152, 4095, 4096, 4097, 8191})
    EXPECT_NE(sentence(good.substr(0, bytes)).find(": the file is cut: it ends after"),
              std::string::npos)
      << bytes;
  for (const size_t at : {0, 10, 16, 20, 41, 4096 + 16, 4096 + 20, 4096 + 42}) {
    auto bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x2a);
    EXPECT_EQ(sentence(bad), not_ours) << at;
  }
  std::filesystem::remove(data);
  std::filesystem::create_directory(data);
  EXPECT_FALSE(look_at_file(temp / "env"));
}

} // namespace
} // namespace sluice::storage
