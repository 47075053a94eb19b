#include "net/keys/key_file.hpp"
#include "net/keys/signature_schemes.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

key_pair scheme_keys_of(uint8_t first) {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(first);
  return make_key_pair(secret_seed{bytes});
}

TEST(signature_schemes, ed25519_is_taken_under_its_own_key_only) {
  const auto keys = scheme_keys_of(1);
  const auto signature = sign(keys.secret, "text");
  EXPECT_TRUE(verify_by(all_signature_schemes(), keys.address, "text", signature));
  EXPECT_EQ(verify_by(all_signature_schemes(), keys.address, "texT", signature).error().code,
            ec::refused);
  EXPECT_EQ(
    verify_by(all_signature_schemes(), scheme_keys_of(2).address, "text", signature).error().code,
    ec::refused);
  EXPECT_EQ(verify_by(all_signature_schemes(), "validator", "text", signature).error().code,
            ec::bad_input);
}

TEST(signature_schemes, any_scheme_of_the_table_is_enough_and_none_takes_nothing) {
  const auto keys = scheme_keys_of(1);
  const std::array<signature_scheme, 2> table{
    {{"never",
      [](const public_key&, std::string_view, const std::array<uint8_t, 64>&) { return false; }},
     {"short", [](const public_key&, std::string_view message, const std::array<uint8_t, 64>&) {
        return message.size() < 3;
      }}}};
  EXPECT_TRUE(verify_by(table, keys.address, "ab", {}));
  EXPECT_FALSE(verify_by(table, keys.address, "abc", {}));
  EXPECT_FALSE(verify_by({table.data(), 1}, keys.address, "ab", {}));
  EXPECT_FALSE(verify_by({}, keys.address, "ab", sign(keys.secret, "ab")));
}

} // namespace
} // namespace sluice::net
