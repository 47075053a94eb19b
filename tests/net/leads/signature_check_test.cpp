#include "net/leads/signature_check.hpp"
#include "rules/base64.hpp"
#include "tests/support/leads_routes_world.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

using test::leads_world;

constexpr uint64_t window_begin_ms = 1'756'101'600'000; // of window 5853672

signed_body signed_limit(const key_pair& who, const std::string& text) {
  const auto read = read_signed_body(leads_world::signed_with(who, {{"limit", 10}}, text));
  EXPECT_TRUE(read);
  return *read;
}

TEST(signature_check, takes_the_window_of_now_and_the_one_before) {
  const auto who = leads_world::key(1);
  const auto body = signed_limit(who, "5853672{\"limit\": 10}");
  const auto window_at = [&](uint64_t ms) {
    const auto got = window_of_signature(body, "", ms, all_signature_schemes());
    return got ? *got : 0;
  };
  EXPECT_EQ(signature_window(window_begin_ms), 5'853'672U);
  EXPECT_EQ(window_at(window_begin_ms - 1), 0U) << "the signer's clock is ahead";
  EXPECT_EQ(window_at(window_begin_ms), 5'853'672U);
  EXPECT_EQ(window_at(window_begin_ms + 299'999), 5'853'672U);
  EXPECT_EQ(window_at(window_begin_ms + 300'000), 5'853'672U) << "the one before";
  EXPECT_EQ(window_at(window_begin_ms + 599'999), 5'853'672U);
  EXPECT_EQ(window_at(window_begin_ms + 600'000), 0U);
  const auto late
    = window_of_signature(body, "", window_begin_ms + 600'000, all_signature_schemes());
  EXPECT_EQ(late.error().code, ec::refused);
}

TEST(signature_check, takes_the_bare_value_where_the_original_signs_that) {
  const auto who = leads_world::key(1);
  const auto bare = signed_limit(who, "585367210");
  const auto good = [&](const signed_body& x, std::string_view field) {
    return static_cast<bool>(
      window_of_signature(x, field, window_begin_ms, all_signature_schemes()));
  };
  EXPECT_TRUE(good(bare, "limit"));
  EXPECT_FALSE(good(bare, "leads"));
  EXPECT_FALSE(good(bare, ""));
  auto more = bare;
  more.members.emplace_back("more", "1");
  EXPECT_FALSE(good(more, "limit")) << "nobody signed the other field";
}

TEST(signature_check, refuses_every_changed_bit) {
  const auto who = leads_world::key(2);
  const auto body = signed_limit(who, "5853672{\"limit\": 10}");
  const auto bytes = *base64_bytes(*body.signature);
  for (size_t bit = 0; bit < 512; ++bit) {
    auto changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
    auto other = body;
    other.signature = to_base64(changed);
    EXPECT_FALSE(window_of_signature(other, "", window_begin_ms, all_signature_schemes())) << bit;
  }
  auto other = body;
  other.wallet = leads_world::key(3).address;
  EXPECT_FALSE(window_of_signature(other, "", window_begin_ms, all_signature_schemes()));
  other = body;
  other.members[0].second = "11";
  EXPECT_FALSE(window_of_signature(other, "", window_begin_ms, all_signature_schemes()));
}

TEST(signature_check, states_which_field_is_missing_or_wrong) {
  const auto fault_of
    = [](std::optional<std::string> wallet, std::optional<std::string> signature) {
        const auto got = window_of_signature({std::move(wallet), std::move(signature), {}}, "",
                                             window_begin_ms, all_signature_schemes());
        EXPECT_EQ(got.error().code, ec::bad_input);
        return got.error().what;
      };
  const auto address = leads_world::key(1).address;
  EXPECT_EQ(fault_of({}, "x"), "wallet: expected the SS58 address of who signs, got nothing");
  EXPECT_EQ(fault_of(address, {}), "signature: expected the base64 text of 64 bytes, got nothing");
  EXPECT_TRUE(fault_of("miner-hold", "x").starts_with("wallet: "));
  EXPECT_EQ(fault_of(address, "!"),
            "signature: expected the base64 text of 64 bytes, got no base64");
  EXPECT_EQ(fault_of(address, "AAAA"),
            "signature: expected the base64 text of 64 bytes, got 3 bytes");
}

TEST(signature_check, asks_every_scheme_of_its_table) {
  const auto who = leads_world::key(1);
  const auto body = signed_limit(who, "anything");
  const std::array<signature_scheme, 2> table{
    {{"none",
      [](const public_key&, std::string_view, const std::array<uint8_t, 64>&) { return false; }},
     {"named", [](const public_key&, std::string_view message, const std::array<uint8_t, 64>&) {
        return message == "5853671{\"limit\": 10}";
      }}}};
  EXPECT_FALSE(window_of_signature(body, "", window_begin_ms, {table.data(), 1}));
  const auto got = window_of_signature(body, "", window_begin_ms, table);
  ASSERT_TRUE(got);
  EXPECT_EQ(*got, 5'853'671U);
}

} // namespace
} // namespace sluice::net
