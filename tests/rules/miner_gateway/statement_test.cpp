#include "rules/miner_gateway/statement.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace sluice {

namespace {

gateway_statement signed_sample() {
  return {1, peer_role::miner, "validator", {"5Dminer"}, signature_kind::ed25519, "0a0b", 1700};
}

TEST(statement, is_eight_lines_in_a_fixed_order) {
  EXPECT_EQ(statement_text(signed_sample()), "sluice/door/statement\n"
                                             "protocol 1\n"
                                             "role miner\n"
                                             "node validator\n"
                                             "hotkey 5Dminer\n"
                                             "signature_kind ed25519\n"
                                             "nonce 0a0b\n"
                                             "time_ms 1700\n");
}

TEST(statement, of_protocol_2_has_another_first_line) {
  auto x = signed_sample();
  x.protocol = 2;
  EXPECT_TRUE(statement_text(x).starts_with("sluice/miner/statement\nprotocol 2\nrole miner\n"));
}

TEST(statement, every_member_changes_the_text) {
  const std::vector<std::function<void(gateway_statement&)>> changes{
    [](auto&) {},
    [](auto& x) { x.protocol = 2; },
    [](auto& x) { x.role = peer_role::worker; },
    [](auto& x) { x.node = "5Dminer"; },
    [](auto& x) { x.key.value = "validator"; },
    [](auto& x) { x.signature = signature_kind::sr25519; },
    [](auto& x) { x.nonce = "0a0c"; },
    [](auto& x) { x.time_ms = 1701; },
  };
  std::set<std::string> texts;
  for (const auto& change : changes) {
    auto x = signed_sample();
    change(x);
    texts.insert(statement_text(x));
  }
  EXPECT_EQ(texts.size(), changes.size());
}

TEST(statement, ids_cannot_break_out_of_their_line) {
  EXPECT_TRUE(is_gateway_id("5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu"));
  EXPECT_TRUE(is_gateway_id(std::string(128, 'x')));
  for (const std::string bad : {"", "a b", "a\nhotkey b", "a\t", "\x7f", "\xc3\xa9"})
    EXPECT_FALSE(is_gateway_id(bad)) << bad;
  EXPECT_FALSE(is_gateway_id(std::string(129, 'x')));
  EXPECT_FALSE(is_gateway_id(std::string("a\0b", 3)));
}

TEST(statement, is_recognized_among_texts) {
  EXPECT_TRUE(looks_like_a_statement(statement_text(signed_sample())));
  EXPECT_TRUE(looks_like_a_statement("sluice/anything"));
  for (const auto* other : {"", "sluice", "Sluice/door", " sluice/door/statement\n", "hello"})
    EXPECT_FALSE(looks_like_a_statement(other)) << other;
}

TEST(statement, names_are_read_as_they_are_written) {
  for (const auto role : {peer_role::miner, peer_role::worker, peer_role::observer})
    EXPECT_EQ(parse_peer_role(to_string(role)), role);
  for (const auto kind : {signature_kind::ed25519, signature_kind::sr25519})
    EXPECT_EQ(parse_signature_kind(to_string(kind)), kind);
  EXPECT_EQ(parse_peer_role("Miner"), std::nullopt);
  EXPECT_EQ(parse_peer_role(""), std::nullopt);
  EXPECT_EQ(parse_signature_kind("secp256k1"), std::nullopt);
}

} // namespace

} // namespace sluice
