#include "net/keys/other_key_files.hpp"
#include "tests/support/data_file.hpp"
#include "tests/support/shared.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::net {
namespace {

// Of the shared vectors: made by btwallet with a key that nobody uses.
const std::string wallet_file
  = R"({"accountId":"0x900f6b038b2d8d276c948e2963087e3cdd2779b81ca957ddbcca22df555bb91a",)"
    R"("publicKey":"0x900f6b038b2d8d276c948e2963087e3cdd2779b81ca957ddbcca22df555bb91a",)"
    R"("secretSeed":"0xd07295a97c18216a14ce68465e0c543068bc197d68b8c5cc58b4ac615390ed6c",)"
    R"("ss58Address":"5FKbLFM3K6pzXq4CMAKcoNgGc7v4MoeDLkkGjFXTKg3BRhQJ"})";

std::string why_not_read(const std::string& text) {
  const auto key = parse_key(text, "k");
  EXPECT_FALSE(key) << text;
  if (key)
    return {};
  EXPECT_EQ(key.error().code, ec::bad_input);
  EXPECT_EQ(key.error().what.find("d07295a9"), std::string::npos) << "the secret";
  return key.error().what;
}

TEST(other_key_files, a_hotkey_of_a_bittensor_wallet_is_read) {
  const auto key = parse_key(wallet_file, "k");
  ASSERT_TRUE(key) << key.error().what;
  EXPECT_EQ(key->kind, signature_kind::sr25519);
  EXPECT_EQ(key->address, "5FKbLFM3K6pzXq4CMAKcoNgGc7v4MoeDLkkGjFXTKg3BRhQJ");
  EXPECT_EQ(parse_key(write_key(*key), "own")->address, key->address);
}

TEST(other_key_files, a_damaged_one_states_what_is_wrong) {
  const auto changed = [](const std::string& what, const std::string& with) {
    auto text = wallet_file;
    return text.replace(text.find(what), what.size(), with);
  };
  EXPECT_NE(why_not_read(changed("6c\",\"ss58", "6d\",\"ss58")).find("publicKey: expected"),
            std::string::npos);
  EXPECT_NE(why_not_read(changed("RhQJ", "RhQK")).find("ss58Address: expected"), std::string::npos);
  EXPECT_NE(why_not_read(changed("secretSeed", "other")).find("public part"),
            std::string::npos)
    << why_not_read(changed("secretSeed", "other"));
  EXPECT_NE(why_not_read("{\"publicKey\":\"0x90\"}").find("public part"), std::string::npos);
  EXPECT_NE(why_not_read("{").find("JSON that is not whole"), std::string::npos);
}

TEST(other_key_files, what_is_no_hotkey_is_called_by_its_name) {
  EXPECT_NE(why_not_read("-----BEGIN EC PRIVATE KEY-----\nAAAA\n")
              .find("k: is a PEM file (EC PRIVATE KEY): expected a key file of Sluice"),
            std::string::npos);
  EXPECT_NE(why_not_read("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n").find("a key of OpenSSH"),
            std::string::npos);
  EXPECT_NE(why_not_read("$NACLxyz").find("with a password: expected"), std::string::npos);
  EXPECT_NE(why_not_read("sick shove quiz oval tortoise initial since town rigid wedding profit "
                         "measure\n")
              .find("a secret phrase"),
            std::string::npos);
  EXPECT_EQ(other_key_form("kind ed25519\n"), key_form::own);
  EXPECT_EQ(other_key_form(""), key_form::own);
}

TEST(other_key_files, files_that_btwallet_wrote_have_the_address_that_it_states) {
  const std::string name = "vectors/substrate/keyfile.json";
  if (!test::shared_has(name))
    GTEST_SKIP() << "the shared vectors are not there";
  const auto all = nlohmann::json::parse(test::shared_text(name));
  for (const auto& x : all.at("invalid"))
    EXPECT_FALSE(parse_key(x.at("file").get<std::string>(), "k")) << x.at("why");
  size_t read = 0;
  for (const auto& x : all.at("valid")) {
    const auto key = parse_key(x.at("file").get<std::string>(), "k");
    const auto document = nlohmann::json::parse(x.at("file").get<std::string>());
    if (!document.contains("secretSeed") || document["secretSeed"].is_null()) {
      EXPECT_FALSE(key);
      continue;
    }
    ASSERT_TRUE(key) << key.error().what;
    EXPECT_EQ(key->address, x.at("address").get<std::string>());
    ++read;
  }
  EXPECT_GT(read, 0U);
}

} // namespace
} // namespace sluice::net
