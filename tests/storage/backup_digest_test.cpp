#include "storage/backup_digest.hpp"
#include "tests/storage/small_environment.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

const stated_digest sample_digest{"node", {{"a", 12, 0x0123456789abcdef}, {"b", 0, 0}}};

TEST(backup_digest, is_lines_that_are_read_back) {
  const auto text = digest_text(sample_digest);
  EXPECT_EQ(text, "backup 1\nstore node\ntable a 12 0123456789abcdef\ntable b 0 "
                  "0000000000000000\nend\n");
  test::temp_folder temp;
  test::put_content(temp / "DIGEST", text);
  const auto read = read_digest(temp.path());
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->store, "node");
  EXPECT_EQ(read->tables, sample_digest.tables);
}

TEST(backup_digest, names_the_line_that_is_none) {
  test::temp_folder temp;
  const auto fault_of = [&](const std::string& text) {
    test::put_content(temp / "DIGEST", text);
    const auto read = read_digest(temp.path());
    EXPECT_FALSE(read) << text;
    EXPECT_EQ(read ? ec::none : read.error().code, ec::corrupt_data);
    return read ? "" : read.error().what.substr(temp.path().string().size());
  };
  EXPECT_EQ(fault_of("backup 2\nstore a\nend\n"),
            "/DIGEST:1: the digest of a backup cannot be read");
  EXPECT_EQ(fault_of("backup 1\nshop a\nend\n"),
            "/DIGEST:2: the digest of a backup cannot be read");
  for (const std::string line :
       {"table", "table a 1", "table a x 0123456789abcdef", "table a -1 0123456789abcdef",
        "table a 1 0123", "table a 1 0123456789abcdeg", "row a 1 0123456789abcdef"})
    EXPECT_EQ(fault_of("backup 1\nstore a\n" + line + "\nend\n"),
              "/DIGEST:3: the digest of a backup cannot be read");
  EXPECT_EQ(fault_of("backup 1\nstore a\n"), "/DIGEST: the digest of a backup is cut short");
  EXPECT_EQ(fault_of(""), "/DIGEST: the digest of a backup is cut short");
}

TEST(backup_digest, states_what_differs_first) {
  const auto& x = sample_digest.tables;
  EXPECT_EQ(difference_of_digests(x, x), "");
  EXPECT_EQ(difference_of_digests(x, {x[0]}), "table b is missing");
  EXPECT_EQ(difference_of_digests({x[0]}, x), "there are more tables");
  EXPECT_EQ(difference_of_digests(x, {{"a", 11, x[0].checksum}, x[1]}),
            "table a has 11 rows, not 12");
  EXPECT_EQ(difference_of_digests(x, {{"a", 12, 5}, x[1]}), "table a has another checksum");
}

TEST(look_through, has_nothing_to_complain_of_but_damage) {
  test::temp_folder temp;
  EXPECT_TRUE(look_through(temp / "nothing"));
  {
    auto env = open(temp);
    ASSERT_TRUE(env.commit(batch{{put("k", std::string(9000, 'v')), put("l", "w", "b")}}));
  }
  EXPECT_TRUE(look_through(temp / "env"));
  auto bytes = test::content(temp / "env/data.mdb");
  std::fill(bytes.begin() + 8192, bytes.end(), '\x7f');
  test::put_content(temp / "env/data.mdb", bytes);
  const auto damaged = look_through(temp / "env");
  ASSERT_FALSE(damaged);
  EXPECT_EQ(damaged.error().code, ec::corrupt_data);
  EXPECT_NE(damaged.error().what.find("the file is damaged"), std::string::npos);
}

} // namespace
} // namespace sluice::storage
