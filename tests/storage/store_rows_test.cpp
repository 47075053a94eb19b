#include "storage/store_rows.hpp"
#include "tests/storage/whole_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

using test::temp_folder;
using raw_rows = std::vector<std::tuple<std::string, std::string, std::string>>;

raw_rows raw_rows_of(const std::filesystem::path& folder) {
  auto rows = store_rows::open(folder, "s", true);
  EXPECT_TRUE(rows) << rows.error().what;
  EXPECT_TRUE(rows->begin());
  EXPECT_TRUE(rows->check_pages());
  EXPECT_TRUE(rows->name_tables());
  EXPECT_TRUE(rows->check_free_pages());
  raw_rows all;
  const auto walked = rows->walk([&](auto table, auto key, auto value) {
    all.emplace_back(table, key, value);
    return result<nothing>{nothing{}};
  });
  EXPECT_TRUE(walked) << walked.error().what;
  return all;
}

TEST(store_rows, come_back_as_they_were_written) {
  temp_folder temp;
  raw_rows written;
  auto writer = store_rows_writer::create(temp.path(), 512 << 20, 0600);
  ASSERT_TRUE(writer) << writer.error().what;
  for (const std::string table : {"a", "b"}) {
    ASSERT_TRUE(writer->begin_table(table));
    for (uint64_t n = 0; n < 3000; ++n) {
      const auto key = encode_key(n);
      const std::string value(n * n % 20'011, static_cast<char>(n));
      ASSERT_TRUE(writer->add(key, value));
      written.emplace_back(table, key, value);
    }
  }
  ASSERT_TRUE(writer->begin_table("empty"));
  ASSERT_TRUE(writer->finish());
  EXPECT_EQ(raw_rows_of(temp.path()), written);
  auto rows = store_rows::open(temp.path(), "s", true);
  ASSERT_TRUE(rows->begin());
  ASSERT_TRUE(rows->name_tables());
  ASSERT_EQ(rows->tables().size(), 3U);
  EXPECT_EQ(rows->tables()[0].rows, 3000U);
  EXPECT_EQ(rows->tables()[2].name, "empty");
  EXPECT_EQ(**rows->get("b", encode_key(uint64_t{2})), std::string(4, '\x02'));
  EXPECT_FALSE(*rows->get("b", "nothing"));
  EXPECT_FALSE(*rows->get("nothing", "b"));
  EXPECT_FALSE(std::filesystem::exists(temp / "lock.mdb"));
}

TEST(store_rows, out_of_order_are_refused) {
  temp_folder temp;
  auto writer = store_rows_writer::create(temp.path(), 16 << 20, 0600);
  ASSERT_TRUE(writer->begin_table("t"));
  ASSERT_TRUE(writer->add("b", "1"));
  for (const auto* key : {"a", "b"}) {
    const auto added = writer->add(key, "2");
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, ec::corrupt_data);
  }
}

TEST(store_rows, of_a_file_that_is_none_are_a_sentence) {
  temp_folder temp;
  const auto expect = [&](const char* part) {
    const auto rows = store_rows::open(temp.path(), "s", true);
    ASSERT_FALSE(rows);
    EXPECT_EQ(rows.error().code, ec::corrupt_data);
    EXPECT_NE(rows.error().what.find(part), std::string::npos) << rows.error().what;
  };
  expect("missing");
  test::put_content(temp / "data.mdb", "");
  expect("empty");
  test::put_content(temp / "data.mdb", std::string(20'000, 'x'));
  expect("not an LMDB file");
}

TEST(store_rows, of_one_moment_do_not_change_while_others_write) {
  temp_folder temp;
  test::fill_folder(temp / "data", 1, 5);
  const auto seen = run_guarded(temp / "data", [&](work_progress&) -> result<std::string> {
    auto rows = store_rows::open(temp / "data" / "node", "node", false);
    if (!rows || !rows->begin() || !rows->name_tables())
      return std::string{"cannot begin"};
    const auto before = rows->moment();
    if (rows->newest() != before)
      return std::string{"somebody wrote"};
    if (test::in_child([&] {
          test::fill_folder(temp / "data", 6, 9);
          return 0;
        })
        != 0)
      return std::string{"cannot write"};
    if (rows->newest() == before || rows->moment() != before)
      return std::string{"the newest commit is not seen"};
    const auto row = rows->get("score_sheets", encode_key(std::string{"m"}));
    if (!row || !*row)
      return std::string{"no row"};
    if (!rows->begin() || !rows->name_tables())
      return std::string{"cannot begin again"};
    const auto later = rows->get("score_sheets", encode_key(std::string{"m"}));
    return std::string{later && *later && **later != **row ? "as expected" : "the same row"};
  });
  ASSERT_TRUE(seen) << seen.error().what;
  EXPECT_EQ(*seen, "as expected");
}

} // namespace
} // namespace sluice::storage
