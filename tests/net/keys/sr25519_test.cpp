// Against vectors on which two other programs agree, and against itself where they are silent.
#include "net/keys/merlin.hpp"
#include "net/keys/signature_schemes.hpp"
#include "net/keys/sr25519.hpp"
#include "net/keys/ss58.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace sluice::net {
namespace {

const nlohmann::json& sr25519_vectors() {
  static const auto all
    = nlohmann::json::parse(test::file_bytes(SOURCE_DIR "/tests/data/sr25519.json"));
  return all;
}

template <size_t N>
std::array<uint8_t, N> sr25519_bytes(const nlohmann::json& x) {
  const auto bytes = from_hex<N>(x.get<std::string>());
  EXPECT_TRUE(bytes) << x;
  return bytes.value_or(std::array<uint8_t, N>{});
}

std::string sr25519_message(const nlohmann::json& x) {
  const auto text = x.get<std::string>();
  std::string bytes((text.size() - 2) / 2, '\0');
  EXPECT_TRUE(from_hex(text, reinterpret_cast<uint8_t*>(bytes.data()), bytes.size()));
  return bytes;
}

sr25519_secret sr25519_secret_of(uint8_t byte) {
  std::array<uint8_t, 32> bytes{};
  bytes.fill(byte);
  return sr25519_secret::of_seed(secret_seed{bytes});
}

TEST(keccak, permutes_zeros_as_its_reference_does) {
  std::array<uint64_t, 25> lanes{};
  keccak_f1600(lanes); // first lanes of the known answers of the Keccak team
  EXPECT_EQ(lanes[0], 0xF1258F7940E1DDE7U);
  EXPECT_EQ(lanes[1], 0x84D5CCF933C0478AU);
  EXPECT_EQ(lanes[24], 0xEAF1FF7B5CECA249U);
  keccak_f1600(lanes);
  EXPECT_EQ(lanes[0], 0x2D5C954DF96ECB3CU);
  EXPECT_EQ(lanes[24], 0x20D06CD26A8FBF5CU);
}

TEST(merlin, answers_the_challenge_of_its_reference) {
  merlin_transcript transcript{"test protocol"}; // the test of the merlin crate
  transcript.append("some label", std::string_view{"some data"});
  std::array<uint8_t, 32> challenge{};
  transcript.challenge("challenge", challenge);
  EXPECT_EQ(to_hex(challenge), "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615");
}

TEST(sr25519, makes_the_public_keys_of_seeds_and_of_wallets) {
  size_t checked = 0;
  for (const auto& x : sr25519_vectors()["keys"]) {
    const auto secret = sr25519_secret::of_seed(secret_seed{sr25519_bytes<32>(x["seed"])});
    EXPECT_EQ(secret.open(), sr25519_bytes<32>(x["publicKey"])) << x;
    EXPECT_EQ(to_address(secret.open()), x["address"]) << x;
    ++checked;
  }
  for (const auto& x : sr25519_vectors()["secret64"]) {
    const auto wallet = sr25519_secret::of_wallet(sr25519_bytes<64>(x["bittensor_private_key"]));
    ASSERT_TRUE(wallet) << wallet.error().what;
    EXPECT_EQ(wallet->open(), sr25519_bytes<32>(x["publicKey"])) << x;
    const auto seeded = sr25519_secret::of_seed(secret_seed{sr25519_bytes<32>(x["seed"])});
    EXPECT_EQ(seeded.open(), wallet->open());
    EXPECT_TRUE(verify_sr25519(seeded.open(), "text", wallet->sign("text")));
    ++checked;
  }
  EXPECT_EQ(checked, 26U);
}

TEST(sr25519, gives_the_verdicts_of_two_other_programs) {
  size_t good = 0;
  size_t bad = 0;
  for (const auto& x : sr25519_vectors()["verify"]) {
    const bool verdict
      = verify_sr25519(sr25519_bytes<32>(x["publicKey"]), sr25519_message(x["message"]),
                       sr25519_bytes<64>(x["signature"]));
    EXPECT_EQ(verdict, x["valid"].get<bool>()) << x["why"];
    ++(verdict ? good : bad);
  }
  EXPECT_EQ(good, 20U);
  EXPECT_EQ(bad, 40U);
}

TEST(sr25519, takes_what_it_signed_and_nothing_that_differs_in_one_bit) {
  const auto secret = sr25519_secret_of(7);
  for (const size_t length : {0, 1, 63, 165, 166, 167, 332, 4096}) {
    const std::string text(length, 'x');
    const auto signature = secret.sign(text);
    EXPECT_TRUE(verify_sr25519(secret.open(), text, signature)) << length;
    EXPECT_FALSE(verify_sr25519(secret.open(), text + "x", signature)) << length;
    EXPECT_FALSE(verify_sr25519(sr25519_secret_of(8).open(), text, signature)) << length;
    EXPECT_NE(signature, secret.sign(text)) << "randomness is mixed in";
  }
  const auto signature = secret.sign("text");
  for (size_t bit = 0; bit < 512; ++bit) {
    auto other = signature;
    other[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(verify_sr25519(secret.open(), "text", other)) << bit;
  }
  for (size_t bit = 0; bit < 256; ++bit) {
    auto other = secret.open();
    other[bit / 8] ^= static_cast<uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(verify_sr25519(other, "text", signature)) << bit;
  }
}

TEST(sr25519, refuses_scalars_that_are_none_and_the_identity_as_a_key) {
  std::array<uint8_t, 64> bytes{};
  EXPECT_EQ(sr25519_secret::of_wallet(bytes).error().code, ec::bad_input); // 0
  bytes.fill(0xff);
  EXPECT_EQ(sr25519_secret::of_wallet(bytes).error().code, ec::bad_input);
  sr25519_signature zeros{};
  zeros[63] = 0x80; // s = 0, R the identity: the equation holds for that key and any text
  EXPECT_FALSE(verify_sr25519(public_key{}, "text", zeros));
  EXPECT_FALSE(verify_sr25519(sr25519_secret_of(1).open(), "text", zeros));
}

TEST(sr25519, is_a_scheme_that_a_hotkey_may_sign_by) {
  const auto secret = sr25519_secret_of(3);
  const auto address = to_address(secret.open());
  EXPECT_TRUE(verify_by(all_signature_schemes(), address, "text", secret.sign("text")));
  EXPECT_FALSE(verify_by(all_signature_schemes(), address, "texT", secret.sign("text")));
  size_t checked = 0;
  for (const auto& x : sr25519_vectors()["ed25519"]) {
    const auto message = sr25519_message(x["message"]);
    const auto key = to_address(sr25519_bytes<32>(x["publicKey"]));
    EXPECT_TRUE(
      verify_by(all_signature_schemes(), key, message, sr25519_bytes<64>(x["signature"])));
    ++checked;
  }
  EXPECT_EQ(checked, 10U);
}

TEST(sr25519, has_the_shared_vectors) {
  if (!test::shared_has("vectors/substrate/sr25519.json"))
    GTEST_SKIP() << "no shared folder";
  EXPECT_EQ(sr25519_vectors(),
            nlohmann::json::parse(test::shared_text("vectors/substrate/sr25519.json")));
}

} // namespace
} // namespace sluice::net
