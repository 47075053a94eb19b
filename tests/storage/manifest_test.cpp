#include "rules/chain/sha256.hpp"
#include "storage/manifest.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

backup_manifest some_manifest() {
  const std::string sum(64, 'a');
  backup_manifest x;
  x.taken_s = 1'764'565'206;
  x.commit = 77;
  x.mark = {5, {"0.2.0", UINT64_MAX, "abc"}, std::string(32, '1')};
  x.stores = {{"node", 77, {"node/data.mdb", 4096, sum}, {{"jobs", 3, 1}, {"meta", 1, UINT64_MAX}}},
              {"devchain", 70, {"devchain/data.mdb", 8192, sum}, {}}};
  x.files = {{"SLUICE", 100, sum}};
  return x;
}

TEST(backup_manifest, is_read_as_it_was_written) {
  auto x = some_manifest();
  const auto read = parse_manifest(manifest_text(x), "M");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, x);
  x.mark.folder = "";
  x.mark.who.config_digest = "";
  EXPECT_EQ(*parse_manifest(manifest_text(x), "M"), x);
}

TEST(backup_manifest, that_was_cut_or_changed_is_refused) {
  const auto text = manifest_text(some_manifest());
  for (size_t n = 0; n < text.size(); ++n) {
    EXPECT_FALSE(parse_manifest(text.substr(0, n), "M")) << n;
    for (const char c : {'0', ' ', '\n', 'z'}) {
      auto other = text;
      if (other[n] == c)
        continue;
      other[n] = c;
      const auto read = parse_manifest(other, "M");
      ASSERT_FALSE(read) << n << ' ' << c;
      EXPECT_EQ(read.error().code, ec::corrupt_data);
      EXPECT_EQ(read.error().what.front(), 'M');
    }
  }
  EXPECT_FALSE(parse_manifest(text + "\n", "M"));
}

TEST(backup_manifest, names_no_file_outside_its_folder) {
  for (const auto* name : {"/etc/passwd", "../SLUICE", "node/../../x"}) {
    auto x = some_manifest();
    x.files[0].name = name;
    EXPECT_FALSE(parse_manifest(manifest_text(x), "M")) << name;
  }
}

TEST(backup_manifest, of_a_folder_without_one_is_what_makes_it_no_backup) {
  test::temp_folder temp;
  const auto read = read_manifest(temp.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ec::unreachable);
  EXPECT_NE(read.error().what.find("not a backup"), std::string::npos);
}

TEST(backup_manifest, states_length_and_sha256_of_a_file) {
  test::temp_folder temp;
  for (const size_t size : {size_t{0}, size_t{1}, size_t{4096}, size_t{100'001}}) {
    const std::string bytes(size, 'q');
    test::put_content(temp / "f", bytes);
    const auto seen = look_at_bytes(temp / "f", "name");
    ASSERT_TRUE(seen);
    EXPECT_EQ(*seen, (manifest_file{"name", size, sha256_hex(bytes)}));
  }
  std::filesystem::create_symlink(temp / "f", temp / "link");
  EXPECT_FALSE(look_at_bytes(temp / "link", "name"));
}

} // namespace
} // namespace sluice::storage
