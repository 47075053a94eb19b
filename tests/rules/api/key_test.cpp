#include "rules/api/key.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace sluice {
namespace {

constexpr uint64_t now_ms = 1'764'540'600'000;

api_key_chance chance_of(uint8_t fill) {
  api_key_chance x;
  x.id.fill(fill);
  x.salt.fill(static_cast<uint8_t>(fill + 1));
  x.secret.fill(static_cast<uint8_t>(fill + 2));
  return x;
}

issued_api_key issued(uint8_t fill, std::vector<api_key> taken = {}) {
  return issue_api_key({.name = "one", .role = api_role::client, .created_ms = now_ms},
                       chance_of(fill), taken);
}

TEST(api_key, is_stored_as_a_hash_that_others_calculate_as_well) {
  api_key_chance chance;
  for (size_t i = 0; i < chance.secret.size(); ++i)
    chance.secret[i] = static_cast<uint8_t>(i);
  chance.id = {0x01, 0xab, 0xcd, 0xef};
  chance.salt.fill(0x10);
  const auto made = issue_api_key({.role = api_role::admin}, chance, {});
  // base64.urlsafe_b64encode(bytes(range(32))) of Python 3
  EXPECT_EQ(made.text, "sluice_01abcdef_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
  EXPECT_EQ(made.key.id, "01abcdef");
  EXPECT_EQ(made.key.hash.salt, "10101010101010101010101010101010");
  // hashlib.sha256(b"10" * 16 + b"sluice_01abcdef_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
  EXPECT_EQ(made.key.hash.digest,
            "cef1e99acf32cd6eac8c396a29df91535302364e646ca505709999ba87e58663");
  EXPECT_EQ(trouble_of(made.key), std::nullopt);
  EXPECT_TRUE(has_form_of_api_key(made.text));
}

TEST(api_key, is_good_with_its_own_text_only) {
  std::vector<api_key> all;
  std::vector<std::string> texts;
  for (uint8_t i = 0; i < 20; ++i) {
    auto made = issued(static_cast<uint8_t>(i * 3), all);
    all.push_back(made.key);
    texts.push_back(made.text);
  }
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto found = check_api_key(all, texts[i], now_ms);
    ASSERT_EQ(found.state, api_key_state::good);
    EXPECT_EQ(found.key, &all[i]);
    for (size_t at = 0; at < texts[i].size(); ++at) {
      auto wrong = texts[i];
      wrong[at] = wrong[at] == 'x' ? 'y' : 'x';
      EXPECT_EQ(check_api_key(all, wrong, now_ms).state, api_key_state::unknown) << wrong;
    }
    EXPECT_EQ(check_api_key(all, texts[i] + "x", now_ms).state, api_key_state::unknown);
    EXPECT_EQ(check_api_key(all, texts[i].substr(0, 58), now_ms).state, api_key_state::unknown);
  }
  EXPECT_EQ(check_api_key({}, texts[0], now_ms).state, api_key_state::unknown);
  EXPECT_EQ(check_api_key(all, "", now_ms).state, api_key_state::unknown);
  EXPECT_EQ(check_api_key(all, std::string(64, '0'), now_ms).state, api_key_state::unknown);
}

TEST(api_key, with_an_id_that_is_taken_gets_another) {
  std::vector<api_key> all;
  std::set<std::string> ids;
  for (int i = 0; i < 300; ++i) {
    auto made = issued(255, all);
    EXPECT_TRUE(ids.insert(made.key.id).second) << made.key.id;
    all.push_back(made.key);
  }
}

TEST(api_key, that_was_rotated_has_two_texts_until_the_first_ends) {
  const auto before = issued(1);
  const auto after = rotate_api_key(before.key, chance_of(9), now_ms + 1000);
  EXPECT_EQ(after.key.id, before.key.id);
  EXPECT_NE(after.text, before.text);
  const std::vector<api_key> all{after.key};
  EXPECT_EQ(check_api_key(all, after.text, now_ms).state, api_key_state::good);
  EXPECT_EQ(check_api_key(all, before.text, now_ms + 999).state, api_key_state::good);
  EXPECT_EQ(check_api_key(all, before.text, now_ms + 1000).state, api_key_state::unknown);
  EXPECT_EQ(check_api_key(all, after.text, now_ms + 1000).state, api_key_state::good);
  const std::vector<api_key> at_once{rotate_api_key(before.key, chance_of(9), 0).key};
  EXPECT_EQ(check_api_key(at_once, before.text, now_ms).state, api_key_state::unknown);
  EXPECT_EQ(check_api_key(at_once, after.text, now_ms).state, api_key_state::good);
}

TEST(api_key, that_is_revoked_or_expired_is_known_but_not_good) {
  auto made = issued(1);
  made.key.expires_ms = now_ms;
  EXPECT_EQ(check_api_key({&made.key, 1}, made.text, now_ms - 1).state, api_key_state::good);
  EXPECT_EQ(check_api_key({&made.key, 1}, made.text, now_ms).state, api_key_state::expired);
  made.key.revoked_ms = 1;
  EXPECT_EQ(check_api_key({&made.key, 1}, made.text, now_ms).state, api_key_state::revoked);
  auto wrong = made.text;
  wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
  EXPECT_EQ(check_api_key({&made.key, 1}, wrong, now_ms).state, api_key_state::unknown)
    << "who does not have the text does not learn of it";
}

TEST(api_key, has_16_to_256_characters) {
  EXPECT_FALSE(has_form_of_api_key(std::string(15, 'a')));
  EXPECT_TRUE(has_form_of_api_key(std::string(16, 'a')));
  EXPECT_TRUE(has_form_of_api_key(std::string(256, '-')));
  EXPECT_FALSE(has_form_of_api_key(std::string(257, 'a')));
  for (int c = 0; c < 256; ++c) {
    const bool expected = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
                          || c == '_' || c == '-';
    EXPECT_EQ(has_form_of_api_key(std::string(20, static_cast<char>(c))), expected) << c;
  }
}

TEST(api_key, of_a_validator_names_it_and_others_name_none) {
  auto x = issued(1).key;
  EXPECT_EQ(trouble_of(x), std::nullopt);
  x.validator = {"5FA9"};
  EXPECT_TRUE(trouble_of(x));
  x.role = api_role::validator;
  EXPECT_EQ(trouble_of(x), std::nullopt);
  x.validator_uid = miner_uid{7};
  EXPECT_TRUE(trouble_of(x));
  x.validator = {};
  EXPECT_EQ(trouble_of(x), std::nullopt);
  x.validator_uid.reset();
  EXPECT_TRUE(trouble_of(x));
}

TEST(api_role, has_a_name_that_reads_back) {
  for (const auto x : {api_role::client, api_role::validator, api_role::admin})
    EXPECT_EQ(api_role_named(name_of(x)), x);
  for (const auto* x : {"", "none", "Admin", "client "})
    EXPECT_EQ(api_role_named(x), std::nullopt) << x;
}

} // namespace
} // namespace sluice
