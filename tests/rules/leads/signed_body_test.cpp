#include "rules/leads/signed_body.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(signed_body, is_the_object_without_wallet_and_signature) {
  const auto read = read_signed_body(
    R"({"signature":"c2ln","leads":[{"b":1,"a":"\u00e9"}],"wallet":"5C","uid":7})");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->wallet, "5C");
  EXPECT_EQ(read->signature, "c2ln");
  EXPECT_EQ(signed_payload(*read), R"({"leads": [{"a": "\u00e9", "b": 1}], "uid": 7})");
  EXPECT_FALSE(bare_payload(*read, "leads")) << "there is another field, which nobody signed";
}

TEST(signed_body, has_a_bare_form_where_it_has_one_field) {
  const auto read = read_signed_body(R"({"wallet":"5C","signature":"","limit":100})");
  ASSERT_TRUE(read);
  EXPECT_EQ(bare_payload(*read, "limit"), "100");
  EXPECT_FALSE(bare_payload(*read, ""));
  EXPECT_FALSE(bare_payload(*read, "leads"));
  const auto empty = read_signed_body("{}");
  ASSERT_TRUE(empty);
  EXPECT_EQ(signed_payload(*empty), "{}");
  EXPECT_FALSE(empty->wallet);
  EXPECT_FALSE(bare_payload(*empty, ""));
}

TEST(signed_body, refuses_what_is_no_object_or_no_text) {
  for (const auto* text : {"", "[]", "7", R"({"wallet":7})", R"({"signature":null})",
                           R"({"wallet":"a","wallet":"b"})"})
    EXPECT_FALSE(read_signed_body(text)) << text;
  EXPECT_EQ(read_signed_body(R"({"wallet":[1]})").error().what, "wallet: expected a text, got [1]");
}

TEST(signed_body, windows_change_every_300_s) {
  EXPECT_EQ(signature_window(0), 0U);
  EXPECT_EQ(signature_window(299'999), 0U);
  EXPECT_EQ(signature_window(300'000), 1U);
  EXPECT_EQ(accepted_windows(299'999), (std::array<uint64_t, 2>{0, 0}));
  EXPECT_EQ(accepted_windows(300'000), (std::array<uint64_t, 2>{1, 0}));
  EXPECT_EQ(accepted_windows(1'756'101'719'999), (std::array<uint64_t, 2>{5'853'672, 5'853'671}));
  EXPECT_EQ(signed_text(5'853'672, "{}"), "5853672{}");
}

TEST(signed_body, has_a_name_that_depends_on_everything_that_was_signed) {
  const auto name = body_name("5C", "/leads", 7, "{}");
  EXPECT_EQ(name.size(), 64U);
  EXPECT_EQ(name, body_name("5C", "/leads", 7, "{}"));
  EXPECT_NE(name, body_name("5D", "/leads", 7, "{}"));
  EXPECT_NE(name, body_name("5C", "/prospects", 7, "{}"));
  EXPECT_NE(name, body_name("5C", "/leads", 8, "{}"));
  EXPECT_NE(name, body_name("5C", "/leads", 7, "[]"));
}

} // namespace
} // namespace sluice
