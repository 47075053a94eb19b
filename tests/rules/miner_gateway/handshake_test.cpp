#include "rules/miner_gateway/handshake.hpp"
#include "rules/miner_gateway/nonces.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>

namespace sluice {

namespace {

/// A node, its roster and a miner whose "signature" is its own name before the signed text.
class handshake_test : public testing::Test {
protected:
  peer_lookup roster() {
    return [this](const hotkey& key) -> std::optional<peer_record> {
      ++looked_up;
      const auto at = known.find(key.value);
      return at == known.end() ? std::nullopt : std::optional{at->second};
    };
  }

  signature_check checker() {
    return
      [this](signature_kind, const hotkey& key, std::string_view text, std::string_view signature) {
        ++checked;
        if (key.value == "name-only")
          return signature_verdict::no_key;
        return signature == sign(key, text) ? signature_verdict::good : signature_verdict::bad;
      };
  }

  static std::string sign(const hotkey& key, std::string_view text) {
    return key.value + '|' + std::string{text};
  }

  static gateway_hello hello(const std::string& key = "anna") {
    return {gateway_protocol, "miner", {key}, "ed25519", "test/1"};
  }

  /// What an honest miner answers.
  gateway_answer answer_to(const gateway_challenge& asked, const hotkey& key = {"anna"},
                           int64_t clock_off_ms = 0) const {
    gateway_answer made;
    made.nonce = asked.nonce;
    made.time_ms = now.unix_ms + static_cast<uint64_t>(clock_off_ms);
    made.signature
      = sign(key, statement_text({asked.protocol, peer_role::miner, asked.node, key,
                                  signature_kind::ed25519, asked.nonce, made.time_ms}));
    return made;
  }

  gateway_challenge greeted(handshake& gateway, const gateway_hello& first) {
    auto got = gateway.greet(first, roster(), nonces.next({}), now);
    const auto* asked = std::get_if<gateway_challenge>(&got);
    EXPECT_TRUE(asked) << std::get<gateway_refusal>(got).text;
    return asked ? *asked : gateway_challenge{};
  }

  static gateway_refusal refusal_of(const std::variant<gateway_challenge, gateway_refusal>& got) {
    const auto* why = std::get_if<gateway_refusal>(&got);
    return why ? *why : gateway_refusal{gateway_reason::closing, "was not refused", 0};
  }
  static gateway_refusal refusal_of(const std::variant<admission, gateway_refusal>& got) {
    const auto* why = std::get_if<gateway_refusal>(&got);
    return why ? *why : gateway_refusal{gateway_reason::closing, "was not refused", 0};
  }

  gateway_refusal refused_hello(const gateway_hello& first) {
    handshake gateway{terms};
    return refusal_of(gateway.greet(first, roster(), nonces.next({}), now));
  }

  gateway_refusal refused_answer(const std::function<void(gateway_answer&)>& spoil) {
    handshake gateway{terms};
    auto answer = answer_to(greeted(gateway, hello()));
    spoil(answer);
    return refusal_of(gateway.judge(answer, roster(), checker(), now));
  }

  gateway_terms terms{"node-1", {peer_role::miner}, {signature_kind::ed25519}, 10'000, 30'000};
  std::map<std::string, peer_record> known{
    {"anna", {{3}, ""}}, {"name-only", {{4}, ""}}, {"mallory", {{5}, "copied others"}}};
  nonce_source nonces{gateway_incarnation{1}};
  gateway_moment now{1'767'225'600'000, 5'000};
  int looked_up = 0;
  int checked = 0;
};

TEST_F(handshake_test, who_can_sign_comes_in) {
  handshake gateway{terms};
  const auto asked = greeted(gateway, hello());
  EXPECT_EQ(asked.protocol, gateway_protocol);
  EXPECT_EQ(asked.node, "node-1");
  EXPECT_EQ(asked.nonce.size(), 64U);
  EXPECT_EQ(asked.time_ms, now.unix_ms);
  EXPECT_EQ(asked.answer_ms, 10'000U);
  const auto got = gateway.judge(answer_to(asked), roster(), checker(), now);
  ASSERT_TRUE(std::holds_alternative<admission>(got)) << refusal_of(got).text;
  EXPECT_EQ(std::get<admission>(got), (admission{peer_role::miner, {"anna"}, {3}, "test/1"}));
}

TEST_F(handshake_test, takes_the_mechanisms_that_a_miner_states) {
  auto first = hello();
  first.mechanisms = {"leads", "one-of-tomorrow"};
  handshake gateway{terms};
  const auto got = gateway.judge(answer_to(greeted(gateway, first)), roster(), checker(), now);
  ASSERT_TRUE(std::holds_alternative<admission>(got)) << refusal_of(got).text;
  EXPECT_EQ(std::get<admission>(got).mechanisms,
            (std::vector<std::string>{"leads", "one-of-tomorrow"}));
}

TEST_F(handshake_test, refuses_lists_of_mechanisms_that_are_none) {
  using names = std::vector<std::string>;
  for (const auto& wrong :
       {names{}, names(stated_mechanisms_max + 1, "x"), names{"two words"}, names{""},
        names{"leads", std::string(gateway_id_bytes_max + 1, 'x')}, names{"line\nfeed"}}) {
    auto first = hello();
    first.mechanisms = wrong;
    const auto why = refused_hello(first);
    EXPECT_EQ(why.reason, gateway_reason::malformed) << why.text;
    EXPECT_TRUE(why.text.starts_with("mechanisms: expected ")) << why.text;
  }
  auto most = hello();
  most.mechanisms = names(stated_mechanisms_max, "x");
  EXPECT_EQ(refused_hello(most).text, "was not refused");
}

TEST(miner_speech, is_read_as_it_was_written) {
  for (const auto& x :
       {miner_speech{2, {"leads"}}, miner_speech{2, {}}, miner_speech{3, {"leads", "trading"}}})
    EXPECT_EQ(miner_speech_of(text_of(x)), x) << text_of(x);
  EXPECT_EQ(text_of({2, {"leads"}}), "2 leads");
  EXPECT_EQ(miner_speech_of(""), (miner_speech{1, {}}));
  EXPECT_EQ(miner_speech_of("2  leads \x01 "), (miner_speech{2, {"leads"}}));
  std::string many = "2";
  for (size_t i = 0; i <= stated_mechanisms_max; ++i)
    many += " x";
  EXPECT_EQ(miner_speech_of(many).mechanisms.size(), stated_mechanisms_max);
}

TEST(stated_mechanisms, are_the_one_of_protocol_1_whatever_a_miner_states) {
  const std::vector<std::string> some{"leads"};
  EXPECT_EQ(stated_mechanisms(1, some, "usual"), std::vector<std::string>{"usual"});
  EXPECT_EQ(stated_mechanisms(2, some, "usual"), some);
  EXPECT_TRUE(stated_mechanisms(2, {}, "usual").empty());
}

TEST_F(handshake_test, every_refusal_of_a_hello_has_its_reason) {
  const auto expect = [&](const std::function<void(gateway_hello&)>& spoil, gateway_reason reason,
                          const std::string& part, int look_ups) {
    auto first = hello();
    spoil(first);
    looked_up = 0;
    const auto why = refused_hello(first);
    EXPECT_EQ(to_string(why.reason), to_string(reason)) << why.text;
    EXPECT_NE(why.text.find(part), std::string::npos) << why.text;
    EXPECT_EQ(looked_up, look_ups) << why.text;
  };
  using reason = gateway_reason;
  expect([](auto& x) { x.protocol = 3; }, reason::wrong_version,
         "speaks protocol 1 and 2, you speak 3; wait for the node's update", 0);
  expect([](auto& x) { x.protocol = 0; }, reason::wrong_version, "update your miner", 0);
  expect([](auto& x) { x.role = "worker"; }, reason::wrong_role, "join through the fleet", 0);
  expect([](auto& x) { x.role = "king"; }, reason::wrong_role, "expected miner", 0);
  expect([](auto& x) { x.signature_kind = "sr25519"; }, reason::wrong_signature_kind,
         "expected ed25519", 0);
  expect([](auto& x) { x.signature_kind = "\x1b[2J"; }, reason::wrong_signature_kind, "unprintable",
         0);
  expect([](auto& x) { x.key.value = "a\nrole worker"; }, reason::malformed, "hotkey: expected", 0);
  expect([](auto& x) { x.key.value = "bert"; }, reason::unknown_hotkey,
         "\"bert\" is not registered", 1);
  expect([](auto& x) { x.key.value = "mallory"; }, reason::banned, "copied others", 1);
}

TEST_F(handshake_test, whoever_speaks_the_oldest_protocol_comes_in_by_its_statement) {
  handshake gateway{terms};
  auto first = hello();
  first.protocol = gateway_protocol_oldest;
  const auto asked = greeted(gateway, first);
  EXPECT_EQ(asked.protocol, gateway_protocol_oldest);
  const auto got = gateway.judge(answer_to(asked), roster(), checker(), now);
  ASSERT_TRUE(std::holds_alternative<admission>(got)) << refusal_of(got).text;
  EXPECT_EQ(std::get<admission>(got).protocol, gateway_protocol_oldest);
}

TEST_F(handshake_test, a_node_may_speak_fewer_protocols) {
  terms.protocols = {2};
  auto first = hello();
  first.protocol = 1;
  EXPECT_NE(refused_hello(first).text.find("speaks protocol 2, you speak 1; update your miner"),
            std::string::npos);
  terms.protocols = {1};
  first.protocol = 2;
  const auto why = refused_hello(first);
  EXPECT_EQ(why.reason, gateway_reason::wrong_version);
}

TEST_F(handshake_test, the_cheapest_check_speaks_first) {
  auto first = hello("bert");
  first.protocol = 9;
  first.role = "king";
  first.signature_kind = "none";
  EXPECT_EQ(refused_hello(first).reason, gateway_reason::wrong_version);
  first.protocol = gateway_protocol;
  EXPECT_EQ(refused_hello(first).reason, gateway_reason::wrong_role);
  first.role = "miner";
  EXPECT_EQ(refused_hello(first).reason, gateway_reason::wrong_signature_kind);
  first.signature_kind = "ed25519";
  EXPECT_EQ(refused_hello(first).reason, gateway_reason::unknown_hotkey);
  EXPECT_EQ(checked, 0);
}

TEST_F(handshake_test, a_signature_is_checked_only_when_everything_else_is_good) {
  EXPECT_EQ(refused_answer([](auto& x) { x.nonce = std::string(64, '0'); }).reason,
            gateway_reason::replay);
  EXPECT_EQ(refused_answer([](auto& x) { x.time_ms = 0; }).reason, gateway_reason::clock_skew);
  EXPECT_EQ(checked, 0);
  EXPECT_EQ(refused_answer([](auto& x) { x.signature = "other"; }).reason,
            gateway_reason::bad_signature);
  EXPECT_EQ(checked, 1);
}

TEST_F(handshake_test, a_wrong_clock_is_distinguished_from_a_bad_signature) {
  const auto with_clock = [&](int64_t off_ms) {
    handshake gateway{terms};
    return gateway.judge(answer_to(greeted(gateway, hello()), {"anna"}, off_ms), roster(),
                         checker(), now);
  };
  for (const int64_t fine : {0, 30'000, -30'000})
    EXPECT_TRUE(std::holds_alternative<admission>(with_clock(fine))) << fine;
  const auto ahead = refusal_of(with_clock(30'001));
  EXPECT_EQ(ahead.reason, gateway_reason::clock_skew);
  EXPECT_NE(ahead.text.find("30001 ms ahead of this node's, at most 30000"), std::string::npos)
    << ahead.text;
  const auto behind = refusal_of(with_clock(-93'211));
  EXPECT_EQ(behind.reason, gateway_reason::clock_skew);
  EXPECT_NE(behind.text.find("93211 ms behind"), std::string::npos) << behind.text;
  EXPECT_EQ(refusal_of(with_clock(-static_cast<int64_t>(now.unix_ms))).reason,
            gateway_reason::clock_skew);
}

TEST_F(handshake_test, a_time_that_was_not_signed_is_a_bad_signature) {
  EXPECT_EQ(refused_answer([](auto& x) { x.time_ms += 1; }).reason, gateway_reason::bad_signature);
}

TEST_F(handshake_test, what_was_signed_for_another_node_or_role_is_worth_nothing) {
  handshake gateway{terms};
  auto asked = greeted(gateway, hello());
  asked.node = "node-2";
  EXPECT_EQ(refusal_of(gateway.judge(answer_to(asked), roster(), checker(), now)).reason,
            gateway_reason::bad_signature);
  handshake other{terms};
  const auto challenge = greeted(other, hello());
  auto answer = answer_to(challenge);
  answer.signature = sign({"anna"}, statement_text({gateway_protocol,
                                                    peer_role::observer,
                                                    "node-1",
                                                    {"anna"},
                                                    signature_kind::ed25519,
                                                    challenge.nonce,
                                                    answer.time_ms}));
  EXPECT_EQ(refusal_of(other.judge(answer, roster(), checker(), now)).reason,
            gateway_reason::bad_signature);
}

TEST_F(handshake_test, a_name_without_a_key_belongs_to_nobody_outside) {
  handshake gateway{terms};
  const auto asked = greeted(gateway, hello("name-only"));
  const auto why
    = refusal_of(gateway.judge(answer_to(asked, {"name-only"}), roster(), checker(), now));
  EXPECT_EQ(why.reason, gateway_reason::no_key);
  EXPECT_NE(why.text.find("nobody can sign for it"), std::string::npos) << why.text;
}

TEST_F(handshake_test, a_recorded_answer_cannot_be_played_again_in_this_incarnation_or_the_next) {
  handshake first{terms};
  const auto recorded = answer_to(greeted(first, hello()));
  ASSERT_TRUE(std::holds_alternative<admission>(first.judge(recorded, roster(), checker(), now)));
  EXPECT_EQ(refusal_of(first.judge(recorded, roster(), checker(), now)).reason,
            gateway_reason::out_of_turn);

  handshake second{terms};
  (void)greeted(second, hello());
  EXPECT_EQ(refusal_of(second.judge(recorded, roster(), checker(), now)).reason,
            gateway_reason::replay);

  nonces = nonce_source{
    next_incarnation(gateway_incarnation{1})}; // a restart, and chance gives the same again
  handshake reborn{terms};
  (void)greeted(reborn, hello());
  EXPECT_EQ(refusal_of(reborn.judge(recorded, roster(), checker(), now)).reason,
            gateway_reason::replay);
  EXPECT_EQ(checked, 1); // none of it cost a signature
}

TEST_F(handshake_test, a_challenge_is_judged_once_whatever_the_answer_was) {
  handshake gateway{terms};
  const auto asked = greeted(gateway, hello());
  auto wrong = answer_to(asked);
  wrong.signature = "guess";
  EXPECT_EQ(refusal_of(gateway.judge(wrong, roster(), checker(), now)).reason,
            gateway_reason::bad_signature);
  const auto again = refusal_of(gateway.judge(answer_to(asked), roster(), checker(), now));
  EXPECT_EQ(again.reason, gateway_reason::out_of_turn);
  EXPECT_NE(again.text.find("connect again"), std::string::npos) << again.text;
}

TEST_F(handshake_test, a_challenge_stands_for_its_time_by_the_clock_that_nobody_sets) {
  handshake in_time{terms};
  auto asked = greeted(in_time, hello());
  now.steady_ms += 10'000;
  EXPECT_TRUE(
    std::holds_alternative<admission>(in_time.judge(answer_to(asked), roster(), checker(), now)));

  handshake late{terms};
  asked = greeted(late, hello());
  now.steady_ms += 10'001;
  const auto why = refusal_of(late.judge(answer_to(asked), roster(), checker(), now));
  EXPECT_EQ(why.reason, gateway_reason::expired);
  EXPECT_NE(why.text.find("10001 ms after the challenge, expected within 10000"), std::string::npos)
    << why.text;

  handshake stepped{terms}; // somebody sets the node's clock meanwhile: not the miner's fault
  asked = greeted(stepped, hello());
  now.unix_ms += 3'600'000;
  EXPECT_TRUE(
    std::holds_alternative<admission>(stepped.judge(answer_to(asked), roster(), checker(), now)));
}

TEST_F(handshake_test, messages_out_of_turn_are_refused) {
  handshake silent{terms};
  const auto first = refusal_of(silent.judge({}, roster(), checker(), now));
  EXPECT_EQ(first.reason, gateway_reason::out_of_turn);
  EXPECT_NE(first.text.find("expected hello first"), std::string::npos) << first.text;

  handshake twice{terms};
  const auto asked = greeted(twice, hello());
  EXPECT_EQ(refusal_of(twice.greet(hello(), roster(), "n", now)).reason,
            gateway_reason::out_of_turn);
  EXPECT_TRUE(
    std::holds_alternative<admission>(twice.judge(answer_to(asked), roster(), checker(), now)));

  handshake refused{terms};
  EXPECT_EQ(refusal_of(refused.greet(hello("bert"), roster(), "n", now)).reason,
            gateway_reason::unknown_hotkey);
  EXPECT_EQ(refusal_of(refused.greet(hello(), roster(), "n", now)).reason,
            gateway_reason::out_of_turn);
}

TEST_F(handshake_test, what_the_roster_holds_at_the_end_counts) {
  handshake banned{terms};
  auto asked = greeted(banned, hello());
  known["anna"].banned = "just now";
  EXPECT_EQ(refusal_of(banned.judge(answer_to(asked), roster(), checker(), now)).reason,
            gateway_reason::banned);
  known["anna"] = {{3}, ""};

  handshake gone{terms};
  asked = greeted(gone, hello());
  known.erase("anna");
  EXPECT_EQ(refusal_of(gone.judge(answer_to(asked), roster(), checker(), now)).reason,
            gateway_reason::unknown_hotkey);
  EXPECT_EQ(checked, 0);

  known["anna"] = {{3}, ""};
  handshake moved{terms};
  asked = greeted(moved, hello());
  known["anna"].uid = {9};
  const auto got = moved.judge(answer_to(asked), roster(), checker(), now);
  ASSERT_TRUE(std::holds_alternative<admission>(got));
  EXPECT_EQ(std::get<admission>(got).uid, miner_uid{9});
}

} // namespace

} // namespace sluice
