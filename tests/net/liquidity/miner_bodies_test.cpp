#include "net/liquidity/miner_bodies.hpp"
#include "net/miner_gateway/wire.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/proposal.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <random>

namespace sluice::net {

namespace {

rebalance_query sample_query() {
  rebalance_query x;
  x.job = {"weth-usdc"};
  x.vault = "0xaa";
  x.pair_address = "0xbb";
  x.chain_id = 8453;
  x.round = {{"weth-usdc"}, round_kind::live, {7}};
  x.block_number = 3150;
  x.current_price = 0.1 + 0.2;
  x.sqrt_price_x96 = ~u256{};
  x.tick = -887272;
  x.terms.kind = pool_kind::slipstream;
  x.terms.gauge[19] = 0x5a;
  x.current_positions = {{-10, 10, u128_max, ~u256{}, 1, 2, 3}, {}};
  x.inventory_remaining = {1, ~u256{}};
  x.rebalances_so_far = 3;
  x.deadline_ms = 60'000;
  return x;
}

rebalance_reply sample_reply() {
  return {true, "", {{-20, 20, 5, ~u256{}, 0.5}, {0, 10, 0, 0, {}}}, "0.3", "m\u00f6del \"x\""};
}

std::vector<liquidity_notice> sample_notices() {
  return {proposal_refused{{{"a"}, round_kind::evaluation, {0}}, 5, "no"},
          miner_scores{{{"a"}, round_kind::live, {9}},
                       miner_verdict::failed,
                       -100,
                       0,
                       8,
                       2,
                       "silence",
                       1e-300,
                       -0.25,
                       1.0 / 3,
                       true}};
}

/// What is wrong with a miner's message, as a node finds it; "" when nothing is.
std::string answer_error(std::string_view text, uint64_t protocol) {
  const auto got = read_message(text, gateway_side::miner, miner_bytes_max, protocol);
  if (!got)
    return got.error().what;
  const auto body = liquidity_codec().answer(std::get<wire_answer>(*got).body);
  if (body)
    return "";
  EXPECT_EQ(body.error().code, ec::bad_input);
  return body.error().what;
}

/// Protocol 2: a message with this body.
std::string nested_error(const std::string& body) {
  return answer_error(R"({"type":"answer","id":1,"body":)" + body + '}', 2);
}

/// An answer's body with one part replaced.
std::string spoiled(const std::string& from, const std::string& to) {
  std::string text = R"({"accepted":true,"desired_positions":[)"
                     R"({"tick_lower":-10,"tick_upper":10,"allocation0":"1","allocation1":"2"}]})";
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// Expects `sentence` of a spoiled body in protocol 2, and of the same fields in protocol 1.
void expect_error(const std::string& from, const std::string& to, const std::string& place,
                  const std::string& sentence) {
  const auto body = spoiled(from, to);
  EXPECT_EQ(nested_error(body),
            "answer: body" + (place.empty() ? "" : "." + place) + ": " + sentence);
  EXPECT_EQ(answer_error(R"({"type":"proposal","id":1,)" + body.substr(1), 1),
            "proposal: " + place + ": " + sentence);
}

TEST(miner_bodies, keep_the_value_for_whoever_is_in_this_process) {
  const auto query = sample_query();
  const auto body = question_body(query);
  ASSERT_NE(body.as<rebalance_query>(), nullptr);
  EXPECT_EQ(*body.as<rebalance_query>(), query);
  EXPECT_EQ(body.as<rebalance_reply>(), nullptr);
  EXPECT_EQ(*question_in(body, 5'000), [&] {
    auto x = query;
    x.deadline_ms = 5'000;
    return x;
  }());
}

TEST(miner_bodies, come_back_from_their_text_as_they_were) {
  EXPECT_EQ(*question_in(miner_body{question_body(sample_query()).text()}, 60'000), sample_query());
  EXPECT_EQ(*answer_in(miner_body{answer_body(sample_reply()).text()}), sample_reply());
  for (const auto& x : sample_notices())
    EXPECT_EQ(*notice_in(miner_body{notice_body(x).text()}), x);
}

TEST(miner_bodies, the_deadline_is_the_messages_and_not_the_bodys) {
  EXPECT_FALSE(nlohmann::json::parse(question_body(sample_query()).text()).contains("deadline_ms"));
}

TEST(miner_bodies, every_message_comes_back_in_every_protocol) {
  const auto codec = liquidity_codec();
  for (uint64_t protocol = gateway_protocol_oldest; protocol <= gateway_protocol; ++protocol) {
    const auto again = [&](const gateway_message& x, gateway_side sender) {
      const auto got = read_message(write_message(x, protocol), sender, node_bytes_max, protocol);
      EXPECT_TRUE(got) << got.error().what;
      return *got;
    };
    const auto question = std::get<wire_question>(
      again(wire_question{UINT64_MAX, "liquidity", 60'000, {question_body(sample_query()).text()}},
            gateway_side::node));
    EXPECT_EQ(question.id, UINT64_MAX);
    EXPECT_EQ(question.deadline_ms, 60'000U);
    EXPECT_EQ(*question_in(*codec.question(question.body), question.deadline_ms), sample_query());
    const auto answer = std::get<wire_answer>(
      again(wire_answer{42, {answer_body(sample_reply()).text()}}, gateway_side::miner));
    EXPECT_EQ(answer.id, 42U);
    EXPECT_EQ(*answer_in(*codec.answer(answer.body)), sample_reply());
    for (const auto& x : sample_notices()) {
      const auto notice = std::get<wire_notice>(
        again(wire_notice{"liquidity", {notice_body(x).text()}}, gateway_side::node));
      EXPECT_EQ(*notice_in(*codec.notice(notice.body)), x);
    }
  }
}

/// These texts were written by c73148f, before there was another protocol.
TEST(miner_bodies, protocol_1_is_written_byte_for_byte_as_ever) {
  EXPECT_EQ(
    write_message(wire_question{42, "liquidity", 60'000, {question_body(sample_query()).text()}},
                  1),
    R"({"type":"question","id":42,"job":"weth-usdc","vault":"0xaa","pair_address":"0xbb",)"
    R"("chain_id":8453,"round":"weth-usdc/live/7","block_number":3150,)"
    R"("current_price":0.30000000000000004,"sqrt_price_x96":"11579208923731619542357098500868)"
    R"(7907853269984665640564039457584007913129639935","tick":-887272,"terms":{"fee":500,)"
    R"("tick_spacing":10,"decimals0":18,"decimals1":18,"kind":"slipstream","unstaked_fee":0,)"
    R"("gauge":"0x000000000000000000000000000000000000005a",)"
    R"("position_manager":"0x0000000000000000000000000000000000000000"},"current_positions":)"
    R"([{"tick_lower":-10,"tick_upper":10,"liquidity":"340282366920938463463374607431768211455",)"
    R"("amount0":"115792089237316195423570985008687907853269984665640564039457584007913129639)"
    R"(935","amount1":"1","fees0":"2","fees1":"3"},{"tick_lower":0,"tick_upper":0,)"
    R"("liquidity":"0","amount0":"0","amount1":"0","fees0":"0","fees1":"0"}],)"
    R"("inventory_remaining":{"amount0":"1","amount1":"1157920892373161954235709850086879078532)"
    R"(69984665640564039457584007913129639935"},"rebalances_so_far":3,"deadline_ms":60000})");
  EXPECT_EQ(write_message(wire_answer{42, {answer_body(sample_reply()).text()}}, 1),
            R"({"type":"proposal","id":42,"accepted":true,"refusal_reason":"",)"
            R"("desired_positions":[{"tick_lower":-20,"tick_upper":20,"allocation0":"5",)"
            R"("allocation1":"115792089237316195423570985008687907853269984665640564039457584007)"
            R"(913129639935","confidence":0.5},{"tick_lower":0,"tick_upper":10,"allocation0":"0",)"
            R"("allocation1":"0"}],"version":"0.3","model_info":"mödel \"x\""})");
  const auto notices = sample_notices();
  EXPECT_EQ(write_message(wire_notice{"liquidity", {notice_body(notices[0]).text()}}, 1),
            R"({"type":"invalid","round":"a/evaluation/0","block":5,"reason":"no"})");
  EXPECT_EQ(write_message(wire_notice{"liquidity", {notice_body(notices[1]).text()}}, 1),
            R"({"type":"scores","round":"a/live/9","verdict":"failed","score":-100.0,"rank":0,)"
            R"("miners":8,"invalid":2,"note":"silence","evaluation_score":1e-300,)"
            R"("live_score":-0.25,"combined_score":0.3333333333333333,"eligible":true})");
}

TEST(miner_bodies, every_refusal_names_the_field_and_what_was_expected) {
  expect_error("true", "\"yes\"", "accepted", "expected true or false, got \"yes\"");
  expect_error("-10", "-10.5", "desired_positions[0].tick_lower",
               "expected a whole number from -2147483648 to 2147483647, got -10.5");
  expect_error("-10", "2147483648", "desired_positions[0].tick_lower",
               "expected a whole number from -2147483648 to 2147483647, got 2147483648");
  expect_error("\"2\"", "\"-2\"", "desired_positions[0].allocation1",
               "expected a whole number from 0 to 2^256-1, in quotes, got \"-2\"");
  expect_error("\"2\"", "2.0", "desired_positions[0].allocation1",
               "expected a whole number from 0 to 2^256-1, in quotes, got 2.0");
  expect_error("\"2\"}", "\"2\",\"confidence\":\"high\"}", "desired_positions[0].confidence",
               "expected a number, got \"high\"");
  expect_error("[{", "[7,{", "desired_positions[0]", "expected an object, got 7");
  for (const std::string control : {"\\u001b[2J", "\\n", "\\u007f", "\\u009b2J", "\x7f"})
    expect_error("true", "true,\"version\":\"a" + control + '"', "version",
                 "expected a text without control characters, got one at byte 2");
  expect_error("true", "true,\"version\":\"" + std::string(5'000, 'v') + '"', "version",
               "expected at most 4096 bytes, got 5000");
}

TEST(miner_bodies, an_accepted_answer_has_its_positions) {
  EXPECT_EQ(nested_error(R"({"accepted":true})"),
            "answer: body.desired_positions: expected a list (an empty one takes everything out), "
            "got nothing");
  EXPECT_EQ(answer_error(R"({"type":"proposal","id":1,"accepted":true})", 1),
            "proposal: desired_positions: expected a list (an empty one takes everything out), got "
            "nothing");
  EXPECT_EQ(nested_error(R"({"accepted":true,"desired_positions":[]})"), "");
  EXPECT_EQ(nested_error(R"({"accepted":false})"), "");
  EXPECT_EQ(nested_error(R"({})"), "answer: body.accepted: expected a value, got nothing");
}

TEST(miner_bodies, a_node_refuses_fields_that_it_does_not_know) {
  expect_error("true", "true,\"acepted\":true", "acepted",
               "expected only fields that docs/wire.md knows, got this one; did you mean "
               "accepted?");
  expect_error("\"2\"}", "\"2\",\"note\":1}", "desired_positions[0].note",
               "expected only fields that docs/wire.md knows, got this one");
  // In protocol 1 type and id stand beside them; in protocol 2 they do not.
  EXPECT_EQ(nested_error(spoiled("true", "true,\"id\":1")),
            "answer: body.id: expected only fields that docs/wire.md knows, got this one");
}

TEST(miner_bodies, a_field_comes_once) {
  const auto twice = spoiled("\"tick_upper\":10", "\"tick_upper\":10,\"tick_lower\":0");
  EXPECT_EQ(nested_error(twice),
            "answer: body: expected every field once, got \"tick_lower\" twice");
  EXPECT_EQ(answer_error(R"({"type":"proposal","id":1,)" + twice.substr(1), 1),
            "message: expected every field once, got \"tick_lower\" twice");
}

TEST(miner_bodies, what_is_no_json_is_reported_with_its_position) {
  EXPECT_EQ(nested_error("{\"accepted\":tru}"),
            "answer: body: expected JSON, got \"}\" at byte 16");
  EXPECT_EQ(nested_error("7"), "answer: body: expected an object, got 7");
  EXPECT_EQ(nested_error("[]"), "answer: body: expected an object, got a list");
  EXPECT_EQ(nested_error("{\"version\":\"\xff\"}").substr(0, 32),
            "answer: body: expected JSON, got");
  EXPECT_EQ(answer_error(R"({"type":"proposal","id":1,"accepted":tru})", 1).substr(0, 27),
            "message: expected JSON, got");
}

TEST(miner_bodies, bytes_depth_and_entries_are_bounded) {
  const auto codec = liquidity_codec();
  EXPECT_EQ(codec.answer({std::string(miner_bytes_max + 1, '{')}).error().what,
            "answer: body: expected at most 16384 bytes, got 16385");
  EXPECT_EQ(codec.answer({std::string(9, '[')}).error().what,
            "answer: body: expected lists and objects at most 8 deep, got 9");
  EXPECT_EQ(codec.question({std::string(node_bytes_max + 1, '{')}).error().what,
            "question: body: expected at most 262144 bytes, got 262145");
  std::string entries = "{}";
  for (size_t i = 0; i < wire_entries_max; ++i)
    entries += ",{}";
  EXPECT_EQ(nested_error(R"({"accepted":true,"desired_positions":[)" + entries + "]}"),
            "answer: body.desired_positions: expected at most 1000 entries, got 1001");
}

TEST(miner_bodies, a_miner_passes_over_what_it_does_not_know) {
  auto text = question_body(sample_query()).text();
  text.insert(1, R"("news":{"a":[1]},)");
  EXPECT_EQ(*question_in(miner_body{text}, 60'000), sample_query());
}

TEST(miner_bodies, a_notice_states_what_it_is) {
  const auto error = [](const std::string& text, body_form form) {
    const auto read = liquidity_codec().notice({text, form});
    return read ? std::string{} : read.error().what;
  };
  using enum body_form;
  EXPECT_EQ(error("{}", nested), "notice: body.type: expected the type of notice, got nothing");
  EXPECT_EQ(error(R"({"type":"score"})", nested),
            "notice: body.type: expected invalid or scores, got \"score\"; did you mean scores?");
  EXPECT_EQ(error(R"({"type":"invalid","round":"a/b/c","block":1,"reason":""})", flat),
            "invalid: round: expected JOB/evaluation/NUMBER or JOB/live/NUMBER, got \"a/b/c\"");
  EXPECT_EQ(error(R"({"type":"invalid","round":"a/b/c","block":1,"reason":""})", nested),
            "notice: body.round: expected JOB/evaluation/NUMBER or JOB/live/NUMBER, got "
            "\"a/b/c\"");
}

TEST(miner_bodies, the_largest_allowed_answer_fits_and_its_bounds_are_the_rules_business) {
  rebalance_reply most{true, "", {}, "", ""};
  for (size_t i = 0; i < limits::positions_max; ++i)
    most.desired_positions.push_back({-887272, 887272, ~u256{}, ~u256{}, 1.0 / 3});
  most.refusal_reason = std::string(limits::refusal_bytes_max, '"'); // each is two bytes
  most.version = std::string(limits::metadata_bytes_max, '\\');
  most.model_info = most.version;
  EXPECT_EQ(nested_error(answer_body(most).text()), "");
  // Too long for the rules, not for the message: the rules refuse it to the miner.
  most.refusal_reason += '"';
  EXPECT_EQ(nested_error(answer_body(most).text()), "");
  EXPECT_NE(reply_fault(most), "");
}

TEST(miner_bodies, addresses_and_verdicts_are_exact) {
  auto query = sample_query();
  const auto with = [&](const std::string& from, const std::string& to) {
    auto text = question_body(query).text();
    text.replace(text.find(from), from.size(), to);
    const auto read = question_in(miner_body{text}, 0);
    return read ? std::string{} : read.error().what;
  };
  EXPECT_EQ(with("000000000000000000000000000000000000005a", "5a"),
            "question: body.terms.gauge: expected an address: 0x and 40 hexadecimal digits, got "
            "\"0x5a\"");
  EXPECT_EQ(with("\"slipstream\"", "\"slipstraem\""),
            "question: body.terms.kind: expected uniswap or slipstream, got \"slipstraem\"; did "
            "you mean slipstream?");
}

TEST(miner_bodies, any_bytes_end_in_a_value_or_a_sentence) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance{seed};
  const auto codec = liquidity_codec();
  const auto whole = answer_body(sample_reply()).text();
  size_t read = 0;
  for (int i = 0; i < 2'000; ++i) {
    auto text = whole;
    for (unsigned changes = 1 + chance() % 3; changes > 0; --changes) {
      const auto at = chance() % text.size();
      if (chance() % 2 == 0)
        text[at] = static_cast<char>(chance());
      else
        text.insert(at, 1, "{}[]\",:0-\\"[chance() % 10]);
    }
    for (const auto form : {body_form::nested, body_form::flat})
      if (const auto got = codec.answer({text, form})) {
        ++read;
        EXPECT_EQ(*answer_in(miner_body{got->text()}), *answer_in(*got)) << text;
      } else {
        EXPECT_NE(got.error().what.find("expected"), std::string::npos) << got.error().what;
        EXPECT_LT(got.error().what.size(), 600U);
      }
  }
  EXPECT_GT(read, 0U);
}

} // namespace

} // namespace sluice::net
