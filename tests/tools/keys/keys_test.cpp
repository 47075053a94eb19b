#include "tests/support/scratch_folder.hpp"
#include "tools/keys/keys.hpp"

#include <gtest/gtest.h>

#include <map>

namespace sluice::tools {

namespace {

class keys_tool : public testing::Test {
protected:
  static std::map<std::string, std::string> values(const result<key_report>& report) {
    EXPECT_TRUE(report) << report.error().what;
    return report ? std::map<std::string, std::string>(report->begin(), report->end())
                  : std::map<std::string, std::string>{};
  }
  template <class T>
  static std::string error_of(const result<T>& got) {
    return got ? "" : got.error().what;
  }

  test::scratch_folder folder;
  std::string file = folder.at("miner.key");
};

TEST_F(keys_tool, what_is_made_can_be_shown_and_signs) {
  auto made = values(make_key_file(file));
  EXPECT_EQ(made["file"], file);
  auto shown = values(show_key_file(file));
  for (const std::string name : {"kind", "address", "public"})
    EXPECT_EQ(shown[name], made[name]);
  EXPECT_EQ(shown.size(), 3U); // and no secret
  auto signed_ = values(sign_with_file(file, "it is me"));
  const auto& signature = signed_["signature"];
  for (const auto& key : {made["public"], "0x" + made["public"], made["address"]}) {
    const auto good = verify_signature("ed25519", key, "it is me", signature);
    ASSERT_TRUE(good) << good.error().what;
    EXPECT_TRUE(*good);
    EXPECT_FALSE(*verify_signature("ed25519", key, "it is he", signature));
  }
}

TEST_F(keys_tool, makes_and_uses_a_key_as_wallets_of_the_chain_have_them) {
  auto made = values(make_key_file(file, "sr25519"));
  EXPECT_EQ(made["kind"], "sr25519");
  EXPECT_EQ(values(show_key_file(file))["address"], made["address"]);
  const auto signature = values(sign_with_file(file, "it is me"))["signature"];
  EXPECT_TRUE(*verify_signature("sr25519", made["address"], "it is me", signature));
  EXPECT_FALSE(*verify_signature("sr25519", made["address"], "it is he", signature));
  EXPECT_FALSE(*verify_signature("ed25519", made["address"], "it is me", signature));
}

TEST_F(keys_tool, every_key_is_another) {
  EXPECT_NE(values(make_key_file(file))["public"],
            values(make_key_file(folder.at("other.key")))["public"]);
  const auto again = make_key_file(file);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ec::refused);
}

TEST_F(keys_tool, signs_nothing_that_the_miner_gateway_would_take) {
  (void)make_key_file(file);
  const auto got = sign_with_file(file, "sluice/door/statement\nprotocol 1\n");
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ec::refused);
  EXPECT_NE(got.error().what.find("gets in under your name"), std::string::npos);
}

TEST_F(keys_tool, states_what_was_expected) {
  const std::string key(64, 'a');
  const std::string signature(128, 'b');
  EXPECT_EQ(error_of(verify_signature("ed25519", "aa", "x", signature)),
            "--key: expected 64 hexadecimal digits or an address, got 2 characters that are not "
            "that");
  EXPECT_TRUE(error_of(verify_signature("ed25519", "5aa", "x", signature))
                .starts_with("--key: address \"5aa\": expected an SS58 address"));
  EXPECT_EQ(error_of(verify_signature("ed25519", key, "x", "bb")),
            "--signature: expected 128 hexadecimal digits, got 2 characters that are not that");
  EXPECT_EQ(error_of(verify_signature("ecdsa", key, "x", signature)),
            "--kind: expected ed25519 or sr25519, got \"ecdsa\"");
  EXPECT_EQ(error_of(make_key_file(file, "ecdsa")),
            "--kind: expected ed25519 or sr25519, got \"ecdsa\"");
}

TEST_F(keys_tool, a_report_is_a_table_or_one_line_of_json) {
  const key_report report{{"kind", "ed25519"}, {"address", "5F\"x"}};
  EXPECT_EQ(to_table(report), "kind     ed25519\naddress  5F\"x\n");
  EXPECT_EQ(to_json(report), "{\"kind\":\"ed25519\",\"address\":\"5F\\\"x\"}\n");
}

} // namespace

} // namespace sluice::tools
