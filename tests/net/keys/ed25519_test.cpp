#include "net/keys/ed25519.hpp"
#include "rules/chain/sha256.hpp"

#include <gtest/gtest.h>

#include <set>

namespace sluice::net {

namespace {

/// One example of RFC 8032, 7.1, in hexadecimal digits.
struct rfc_example {
  std::string secret, open, message, signature;
};

const std::vector<rfc_example>& rfc_8032() {
  static const std::vector<rfc_example> all{
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "bb"
     "d454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0"
     "303dca179c138ac17ad9bef1177331a704"},
  };
  return all;
}

std::string bytes_of_hex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  EXPECT_TRUE(from_hex(hex, reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
  return bytes;
}

TEST(ed25519, agrees_with_the_examples_of_rfc_8032) {
  for (const auto& x : rfc_8032()) {
    SCOPED_TRACE(x.secret);
    const secret_seed seed{*from_hex<32>(x.secret)};
    const auto message = bytes_of_hex(x.message);
    EXPECT_EQ(to_hex(public_key_of(seed)), x.open);
    EXPECT_EQ(to_hex(sign(seed, message)), x.signature);
    EXPECT_TRUE(verify(*from_hex<32>(x.open), message, *from_hex<64>(x.signature)));
  }
}

TEST(ed25519, of_messages_of_many_lengths_agrees_with_python) {
  // h = sha256 over public key and signature, by the package cryptography 48, of n = 0..119:
  // seed[i] = i * 5 + n, message of n bytes m[i] = i * 11 + n, all modulo 256
  std::string all;
  for (unsigned n = 0; n < 120; ++n) {
    std::array<uint8_t, 32> seed{};
    for (unsigned i = 0; i < 32; ++i)
      seed[i] = static_cast<uint8_t>(i * 5 + n);
    std::string message;
    for (unsigned i = 0; i < n; ++i)
      message += static_cast<char>(i * 11 + n);
    const auto open = public_key_of(secret_seed{seed});
    const auto signature = sign(secret_seed{seed}, message);
    all.append(open.begin(), open.end()).append(signature.begin(), signature.end());
  }
  EXPECT_EQ(sha256_hex(all), "a35b25fae1940d3d03c8017d0f0036a73d01d652f8a2d2c27f2dc3583c9cf1b4");
}

TEST(ed25519, every_changed_bit_is_noticed) {
  const auto& x = rfc_8032()[2];
  const auto open = *from_hex<32>(x.open);
  const auto signature = *from_hex<64>(x.signature);
  const auto message = bytes_of_hex(x.message);
  for (size_t bit = 0; bit < 512; ++bit) {
    auto other = signature;
    other[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
    EXPECT_FALSE(verify(open, message, other)) << bit;
  }
  for (size_t bit = 0; bit < 256; ++bit) {
    auto other = open;
    other[bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
    EXPECT_FALSE(verify(other, message, signature)) << bit;
  }
  EXPECT_FALSE(verify(open, message + '\0', signature));
  EXPECT_FALSE(verify(open, "", signature));
}

TEST(ed25519, a_signature_has_one_form_and_weak_keys_sign_nothing) {
  // S + L is the same number modulo the group's order L, so it must be refused (RFC 8032, 5.1.7).
  const auto& x = rfc_8032()[1];
  const auto order
    = *from_hex<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  auto signature = *from_hex<64>(x.signature);
  unsigned carry = 0;
  for (size_t i = 0; i < 32; ++i) {
    carry += signature[32 + i] + unsigned{order[i]};
    signature[32 + i] = static_cast<uint8_t>(carry & 0xff);
    carry >>= 8;
  }
  EXPECT_FALSE(verify(*from_hex<32>(x.open), bytes_of_hex(x.message), signature));
  // The neutral element as key, R the neutral element and S = 0 satisfy the bare equation.
  public_key weak{1};
  ed25519_signature zero{1};
  EXPECT_FALSE(verify(weak, "anything", zero));
}

TEST(ed25519, chance_does_not_repeat) {
  std::set<std::array<uint8_t, 32>> seen;
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(seen.insert(random_bytes()).second);
    EXPECT_TRUE(seen.insert(secret_seed::fresh().bytes()).second);
  }
}

TEST(hex, is_read_in_either_case_and_in_full_length_only) {
  const std::array<uint8_t, 3> bytes{0x00, 0xaf, 0x19};
  EXPECT_EQ(to_hex(bytes), "00af19");
  for (const auto* text : {"00af19", "00AF19", "0x00aF19"})
    EXPECT_EQ(from_hex<3>(text), bytes) << text;
  for (const auto* text : {"", "0x", "00af1", "00af199", "00af1g", " 00af19", "0x00af", "-0af19"})
    EXPECT_EQ(from_hex<3>(text), std::nullopt) << text;
}

TEST(secrets, are_wiped) {
  std::string text = "abcdef";
  wipe(text);
  EXPECT_TRUE(text.empty());
}

} // namespace

} // namespace sluice::net
