#include "io/api/key_file.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fcntl.h>
#include <fstream>
#include <random>
#include <sstream>
#include <unistd.h>

namespace sluice::io {
namespace {

api_key key_number(uint8_t n, api_role role = api_role::client) {
  api_key terms{.name = "number " + std::to_string(n), .role = role, .created_ms = 1000U + n};
  if (role == api_role::validator)
    terms.validator = {"5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"};
  api_key_chance chance;
  chance.id.fill(n);
  chance.secret.fill(n);
  return issue_api_key(terms, chance, {}).key;
}

result<nothing> put(const std::string& folder, std::vector<api_key> all) {
  return change_api_keys(folder, [&](std::vector<api_key>& x) -> result<nothing> {
    x = all;
    return nothing{};
  });
}

class api_key_file : public testing::Test {
protected:
  std::string text() const {
    std::ifstream in{api_keys_file_in(data)};
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }

  test::scratch_folder folder;
  std::string data = folder.at("data");
};

TEST_F(api_key_file, reads_back_what_was_written) {
  std::vector<api_key> all{key_number(1), key_number(2, api_role::validator),
                           key_number(3, api_role::admin)};
  all[1].validator = {};
  all[1].validator_uid = miner_uid{65535};
  all[2].expires_ms = 5000;
  all[2].revoked_ms = 4000;
  all.push_back(rotate_api_key(key_number(4), {}, 7000).key);
  all[0].name = "a \"name\"\\";
  ASSERT_TRUE(put(data, all));
  const auto again = read_api_keys(data);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, all);
  struct stat facts {};
  ASSERT_EQ(::stat(api_keys_file_in(data).c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(api_key_file, that_is_missing_has_no_keys) {
  EXPECT_EQ(version_of_api_keys(data), "");
  const auto none = read_api_keys(data);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
}

TEST_F(api_key_file, has_another_version_after_each_change) {
  ASSERT_TRUE(put(data, {key_number(1)}));
  const auto first = version_of_api_keys(data);
  ASSERT_TRUE(put(data, {key_number(2)}));
  EXPECT_NE(version_of_api_keys(data), first);
}

TEST_F(api_key_file, stays_as_it_was_when_the_change_fails) {
  ASSERT_TRUE(put(data, {key_number(1)}));
  const auto before = text();
  const auto failed = change_api_keys(data, [](std::vector<api_key>& x) -> result<nothing> {
    x.clear();
    return fault{ec::refused, "no"};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), (fault{ec::refused, "no"}));
  EXPECT_EQ(text(), before);
}

TEST_F(api_key_file, is_changed_by_one_at_a_time) {
  ASSERT_TRUE(put(data, {}));
  const auto lock = data + '/' + std::string{api_keys_lock_name};
  const int other = ::open(lock.c_str(), O_RDWR);
  ASSERT_EQ(::flock(other, LOCK_EX), 0);
  const auto busy = put(data, {key_number(1)});
  ::close(other);
  ASSERT_FALSE(busy);
  EXPECT_EQ(busy.error().code, ec::busy);
  EXPECT_TRUE(put(data, {key_number(1)}));
}

TEST_F(api_key_file, that_others_may_read_is_not_read) {
  ASSERT_TRUE(put(data, {key_number(1)}));
  ::chmod(api_keys_file_in(data).c_str(), 0640);
  const auto refused = read_api_keys(data);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::refused);
  EXPECT_NE(refused.error().what.find("chmod 600"), std::string::npos);
}

TEST_F(api_key_file, with_a_mistake_is_refused_with_its_line) {
  const auto good = write_api_keys({key_number(1), key_number(2)});
  ASSERT_TRUE(parse_api_keys(good, "f"));
  const auto refusal = [&](const std::string& from, const std::string& to) {
    auto bad = good;
    const auto at = bad.rfind(from);
    EXPECT_NE(at, std::string::npos) << from;
    bad.replace(at, from.size(), to);
    const auto read = parse_api_keys(bad, "f");
    EXPECT_FALSE(read) << bad;
    EXPECT_EQ(read.error().code, ec::bad_input);
    return read.error().what;
  };
  EXPECT_TRUE(refusal("\"role\":\"client\"", "\"role\":\"root\"").starts_with("f:3: role: "));
  EXPECT_TRUE(refusal("\"name\":", "\"nome\":").starts_with("f:3: nome: "));
  EXPECT_TRUE(refusal("\"02020202\"", "\"01010101\"").starts_with("f:3: id: "));
  EXPECT_TRUE(refusal("\"02020202\"", "\"0202020g\"").starts_with("f:3: "));
  EXPECT_TRUE(refusal("\"created_ms\":1002", "\"created_ms\":-1").starts_with("f:3: created_ms: "));
  EXPECT_TRUE(refusal("\"salt\":\"00", "\"salt\":\"0").starts_with("f:3: "));
  EXPECT_TRUE(refusal("]}", "]").starts_with("f: "));
  EXPECT_TRUE(refusal("\"name\":", "\"id\":1,\"name\":").starts_with("f: id: "));
  EXPECT_TRUE(refusal("\"keys\":", "\"kays\":").starts_with("f:1: keys: "));
}

TEST_F(api_key_file, of_any_bytes_is_read_or_refused) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random{seed};
  const auto good = write_api_keys({key_number(1), key_number(2, api_role::validator)});
  for (int i = 0; i < 2'000; ++i) {
    auto bad = good;
    for (int n = 0; n < 3; ++n)
      bad[random() % bad.size()] = static_cast<char>(random());
    if (const auto read = parse_api_keys(bad, "f"); !read)
      EXPECT_EQ(read.error().code, ec::bad_input);
    else
      for (const auto& x : *read)
        EXPECT_EQ(trouble_of(x), std::nullopt);
  }
  EXPECT_FALSE(parse_api_keys(std::string(api_keys_file_bytes_max + 1, ' '), "f"));
  EXPECT_FALSE(parse_api_keys(std::string(100'000, '['), "f"));
}

} // namespace
} // namespace sluice::io
