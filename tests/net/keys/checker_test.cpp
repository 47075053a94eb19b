#include "net/keys/checker.hpp"
#include "net/keys/key_file.hpp"
#include "rules/miner_gateway/nonces.hpp"

#include <gtest/gtest.h>

namespace sluice::net {

namespace {

key_pair keys_of(uint8_t number) {
  std::array<uint8_t, 32> seed{};
  seed[0] = number;
  return make_key_pair(secret_seed{seed});
}

signature_verdict
verdict(const std::string& key, const std::string& text, const std::string& signature) {
  return check_signature(signature_kind::ed25519, {key}, text, signature);
}

TEST(checker, knows_whose_signature_it_is) {
  const auto anna = keys_of(1);
  const auto signature = to_hex(sign(anna.secret, "it is me"));
  EXPECT_EQ(verdict(anna.address, "it is me", signature), signature_verdict::good);
  EXPECT_EQ(verdict(anna.address, "it is I", signature), signature_verdict::bad);
  EXPECT_EQ(verdict(keys_of(2).address, "it is me", signature), signature_verdict::bad);
  for (const std::string& junk : {std::string{}, std::string{"xyz"}, signature + "00",
                                  signature.substr(2), std::string(1'000'000, 'a')})
    EXPECT_EQ(verdict(anna.address, "it is me", junk), signature_verdict::bad);
  EXPECT_EQ(check_signature(signature_kind::sr25519, {anna.address}, "it is me", signature),
            signature_verdict::bad);
}

TEST(checker, a_name_has_no_key) {
  for (const auto* name : {"miner-hold", "", "burn", "5Fooled"})
    EXPECT_EQ(verdict(name, "x", std::string(128, '0')), signature_verdict::no_key) << name;
}

TEST(checker, admits_a_real_key_and_no_other) {
  const auto anna = keys_of(1);
  const peer_lookup roster = [&](const hotkey& key) -> std::optional<peer_record> {
    if (key.value != anna.address)
      return {};
    return peer_record{{7}, ""};
  };
  const auto try_with = [&](const key_pair& signer) {
    nonce_source nonces{gateway_incarnation{1}};
    handshake gateway{{"node-1", {peer_role::miner}, {signature_kind::ed25519}, 10'000, 30'000}};
    auto asked = gateway.greet({gateway_protocol, "miner", {anna.address}, "ed25519", ""}, roster,
                               nonces.next(random_bytes()), {1'000'000, 0});
    const auto& challenge = std::get<gateway_challenge>(asked);
    gateway_answer answer{challenge.nonce, 1'000'500, ""};
    answer.signature = to_hex(sign(signer.secret, statement_text({challenge.protocol,
                                                                  peer_role::miner,
                                                                  challenge.node,
                                                                  {anna.address},
                                                                  signature_kind::ed25519,
                                                                  challenge.nonce,
                                                                  answer.time_ms})));
    return gateway.judge(answer, roster, check_signature, {1'000'600, 1'000});
  };
  const auto in = try_with(anna);
  ASSERT_TRUE(std::holds_alternative<admission>(in));
  EXPECT_EQ(std::get<admission>(in).uid, miner_uid{7});
  const auto out = try_with(keys_of(2));
  ASSERT_TRUE(std::holds_alternative<gateway_refusal>(out));
  EXPECT_EQ(std::get<gateway_refusal>(out).reason, gateway_reason::bad_signature);
}

} // namespace

} // namespace sluice::net
