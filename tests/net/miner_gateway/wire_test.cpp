#include "net/miner_gateway/wire.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace sluice::net {

namespace {

constexpr std::array<uint64_t, 2> protocols{gateway_protocol_oldest, gateway_protocol};

std::string wire_error(std::string_view text, gateway_side sender = gateway_side::miner,
                       uint64_t protocol = gateway_protocol) {
  const auto got = read_message(
    text, sender, sender == gateway_side::miner ? miner_bytes_max : node_bytes_max, protocol);
  if (got)
    return "";
  EXPECT_EQ(got.error().code, ec::bad_input);
  return got.error().what;
}

/// One of each type.
std::vector<gateway_message> all_messages() {
  return {gateway_hello{1, "miner", {"5Dminer"}, "ed25519", "test/1"},
          gateway_challenge{1, "node-1", std::string(64, 'a'), 1'767'225'600'000, 10'000},
          gateway_answer{std::string(64, 'a'), 5, std::string(128, 'b')},
          gateway_welcome{7, {65535}, {"5Dminer"}, 20'000, 60'000, 16'384, {}},
          gateway_refusal{gateway_reason::too_fast, "slowly", 1'000},
          wire_question{UINT64_MAX, "any \"kind\"", 60'000, {R"({"a":[1,{"b":"}\"{"}]})"}},
          wire_answer{42, {R"({"c":{}})"}},
          wire_notice{"any", {R"({"type":"news","d":[]})"}},
          gateway_ping{0},
          gateway_pong{UINT64_MAX},
          gateway_bye{gateway_reason::replaced, "a newer one", 60'000}};
}

/// What it is when it has come back: of protocol 1 a body is the message, and has one mechanism.
gateway_message come_back(gateway_message x, const std::string& text, uint64_t protocol) {
  if (protocol != gateway_protocol_oldest)
    return x;
  const body_text flat{text, body_form::flat};
  if (auto* question = std::get_if<wire_question>(&x)) {
    question->mechanism.clear();
    question->body = flat;
  } else if (auto* answer = std::get_if<wire_answer>(&x)) {
    answer->body = flat;
  } else if (auto* notice = std::get_if<wire_notice>(&x)) {
    *notice = {{}, flat};
  }
  return x;
}

TEST(wire, every_message_comes_back_as_it_was_in_every_protocol) {
  for (const auto protocol : protocols) {
    std::vector<std::string_view> types;
    for (const auto& x : all_messages()) {
      const auto text = write_message(x, protocol);
      SCOPED_TRACE(text);
      EXPECT_EQ(text.find('\n'), std::string::npos);
      size_t readers = 0;
      for (const auto side : {gateway_side::miner, gateway_side::node})
        if (const auto got = read_message(text, side, node_bytes_max, protocol)) {
          ++readers;
          EXPECT_EQ(*got, come_back(x, text, protocol));
          EXPECT_EQ(write_message(*got, protocol), text);
        }
      EXPECT_GE(readers, 1U);
      types.push_back(type_of(x, protocol));
    }
    EXPECT_EQ(types.size(), std::variant_size_v<gateway_message>);
    std::ranges::sort(types);
    EXPECT_EQ(std::ranges::adjacent_find(types), types.end());
  }
}

TEST(wire, a_body_stands_in_its_message_as_the_protocol_defines) {
  const wire_question question{7, "any", 500, {R"({"a":1})"}};
  EXPECT_EQ(write_message(question),
            R"({"type":"question","id":7,"mechanism":"any","deadline_ms":500,"body":{"a":1}})");
  EXPECT_EQ(write_message(question, 1), R"({"type":"question","id":7,"a":1,"deadline_ms":500})");
  const wire_answer answer{7, {R"({"a":1})"}};
  EXPECT_EQ(write_message(answer), R"({"type":"answer","id":7,"body":{"a":1}})");
  EXPECT_EQ(write_message(answer, 1), R"({"type":"proposal","id":7,"a":1})");
  EXPECT_EQ(write_message(wire_answer{7, {" { } "}}, 1), R"({"type":"proposal","id":7})");
  const wire_notice notice{"any", {R"({"type":"news"})"}};
  EXPECT_EQ(write_message(notice), R"({"type":"notice","mechanism":"any","body":{"type":"news"}})");
  EXPECT_EQ(write_message(notice, 1), R"({"type":"news"})");
}

TEST(wire, a_body_is_handed_on_as_it_came) {
  const auto got
    = read_message(R"( { "body" : {"a" : tru, "b": "\"}" } , "id": 3, "ty\u0070e":"answer" } )",
                   gateway_side::miner, miner_bytes_max);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(std::get<wire_answer>(*got), (wire_answer{3, {R"({"a" : tru, "b": "\"}" })"}}));
}

TEST(wire, what_stands_beside_a_body_is_checked) {
  EXPECT_EQ(wire_error(R"({"type":"answer","id":1})"),
            "answer: body: expected a value, got nothing");
  EXPECT_EQ(wire_error(R"({"type":"answer","body":{}})"),
            "answer: id: expected a value, got nothing");
  EXPECT_EQ(wire_error(R"({"type":"answer","id":-1,"body":{}})"),
            "answer: id: expected a whole number from 0 to 18446744073709551615, got -1");
  EXPECT_EQ(wire_error(R"({"type":"answer","id":1,"body":{},"bdy":1})"),
            "answer: bdy: expected only fields that docs/wire.md knows, got this one");
  EXPECT_EQ(wire_error(R"({"type":"answer","id":1,"body":{},"body":{}})"),
            "message: expected every field once, got \"body\" twice");
  EXPECT_EQ(wire_error(R"({"type":"answer","id":1,"id":2,"body":{}})"),
            "message: expected every field once, got \"id\" twice");
  EXPECT_EQ(
    wire_error(R"({"type":"question","id":1,"deadline_ms":5,"body":{}})", gateway_side::node),
    "question: mechanism: expected a value, got nothing");
  EXPECT_EQ(wire_error(R"({"type":"notice","body":{}})", gateway_side::node),
            "notice: mechanism: expected a value, got nothing");
  EXPECT_EQ(wire_error(R"({"type":"proposal","accepted":true})", gateway_side::miner, 1),
            "proposal: id: expected a value, got nothing");
  EXPECT_EQ(wire_error(R"({"type":"proposal","id":1,"id":2})", gateway_side::miner, 1),
            "message: expected every field once, got \"id\" twice");
}

TEST(wire, each_side_reads_only_what_the_other_may_send) {
  EXPECT_EQ(wire_error(R"({"type":"question","id":1})"),
            "message: type: expected hello, proof, answer, ping, pong or bye, got \"question\"");
  EXPECT_EQ(wire_error(R"({"type":"answr","id":1})"),
            "message: type: expected hello, proof, answer, ping, pong or bye, got \"answr\"; did "
            "you mean answer?");
  EXPECT_EQ(wire_error(R"({"type":"question","id":1})", gateway_side::miner, 1),
            "message: type: expected hello, answer, proposal, ping, pong or bye, got \"question\"");
  EXPECT_EQ(wire_error(R"({"type":"proposa","id":1})", gateway_side::miner, 1),
            "message: type: expected hello, answer, proposal, ping, pong or bye, got \"proposa\"; "
            "did you mean proposal?");
  for (const auto protocol : protocols)
    EXPECT_EQ(wire_error(R"({"type":"hello"})", gateway_side::node, protocol)
                .find("message: type: expected"),
              0U);
  EXPECT_EQ(wire_error(R"({"id":1})"), "message: type: expected the type of message, got nothing");
  EXPECT_EQ(wire_error(R"({"type":7})").substr(0, 23), "message: type: expected");
}

TEST(wire, a_node_refuses_what_it_does_not_know_and_a_miner_passes_over_it) {
  EXPECT_EQ(
    wire_error(R"({"type":"bye","reason":"silent","text":"","retr_ms":1})"),
    "bye: retr_ms: expected only fields that docs/wire.md knows, got this one; did you mean "
    "retry_ms?");
  EXPECT_EQ(wire_error(R"({"type":"ping","id":1,"a\u001b":2})").find("\x1b"), std::string::npos);
  const auto got
    = read_message(R"({"type":"pong","id":3,"news":{"a":[1]}})", gateway_side::node, 100);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(*got, gateway_message{gateway_pong{3}});
}

TEST(wire, a_field_comes_once) {
  EXPECT_EQ(wire_error(R"({"type":"ping","id":1,"id":2})"),
            "message: expected every field once, got \"id\" twice");
  EXPECT_EQ(wire_error(R"({"type":"bye","reason":"bannd","text":""})"),
            "bye: reason: expected malformed, out_of_turn, wrong_version, wrong_role, "
            "wrong_signature_kind, unknown_hotkey, banned, no_key, expired, replay, clock_skew, "
            "bad_signature, too_many, too_fast, replaced, silent, closing or foreign_origin, got "
            "\"bannd\"; did "
            "you mean banned?");
  EXPECT_EQ(wire_error(R"({"type":"ping","type":"ping","id":1})", gateway_side::node),
            "message: expected every field once, got \"type\" twice");
}

TEST(wire, a_hello_of_another_protocol_is_read_so_that_it_can_be_answered) {
  const auto got = read_message(R"({"type":"hello","protocol":3,"name":"x","key":{"a":1}})",
                                gateway_side::miner, greeting_bytes_max);
  ASSERT_TRUE(got) << got.error().what;
  gateway_terms terms;
  terms.node = "node-1";
  handshake gateway{terms};
  const auto answer = gateway.greet(std::get<gateway_hello>(*got),
                                    [](const hotkey&) { return std::nullopt; }, "n", {});
  EXPECT_EQ(std::get<gateway_refusal>(answer).reason, gateway_reason::wrong_version);
  EXPECT_NE(wire_error(R"({"type":"hello","protocol":1,"name":"x"})"), "");
  EXPECT_NE(wire_error(R"({"type":"hello","protocol":"2"})"), "");
}

TEST(wire, bytes_and_depth_are_checked_before_anything_is_parsed) {
  const std::string long_text(miner_bytes_max + 1, '{');
  EXPECT_EQ(wire_error(long_text), "message: expected at most 16384 bytes, got 16385");
  EXPECT_EQ(wire_error(std::string(9, '[')),
            "message: expected lists and objects at most 8 deep, got 9");
  EXPECT_EQ(wire_error(R"({"type":"ping","id":)" + std::string(8, '[') + std::string(8, ']') + '}'),
            "message: expected lists and objects at most 8 deep, got 9");
  EXPECT_EQ(wire_error(R"({"type":"ping","id":1,"x":"[[[[[[[[[[\"[[[["})"),
            "ping: x: expected only fields that docs/wire.md knows, got this one");
  EXPECT_EQ(wire_error(std::string(miner_bytes_max, '[')).substr(0, 30),
            "message: expected lists and ob");
}

TEST(wire, what_is_no_json_is_reported_with_its_position) {
  EXPECT_EQ(wire_error(""), "message: expected JSON, got the end of the text");
  EXPECT_EQ(wire_error(R"({"type":"ping")"), "message: expected JSON, got the end of the text");
  EXPECT_EQ(wire_error(R"({"type":pong})"), "message: expected JSON, got \"pong}\" at byte 9");
  EXPECT_EQ(wire_error("[]"), "message: expected an object, got a list");
  EXPECT_EQ(wire_error("7"), "message: expected an object, got 7");
  EXPECT_EQ(wire_error("{\"type\":\"\xff\"}").substr(0, 27), "message: expected JSON, got");
  EXPECT_NE(wire_error(R"({"type":"ping","id":1e999})"), "");
  EXPECT_NE(wire_error(R"({"type":"ping","id":1} x)"), "");
}

TEST(wire, bytes_that_are_no_text_are_written_as_something_that_is) {
  const auto text = write_message(gateway_bye{gateway_reason::closing, "a\xff z", 0});
  const auto got = read_message(text, gateway_side::miner, miner_bytes_max);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(std::get<gateway_bye>(*got).text, "a\xef\xbf\xbd z");
}

TEST(wire, any_bytes_end_in_a_message_or_a_sentence) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance{seed};
  size_t read = 0;
  for (const auto& x : all_messages()) {
    for (int i = 0; i < 400; ++i) {
      const auto protocol = protocols[chance() % 2];
      const auto whole = write_message(x, protocol);
      auto text = whole;
      for (unsigned changes = 1 + chance() % 3; changes > 0; --changes) {
        const auto at = chance() % text.size();
        switch (chance() % 4) {
        case 0:
          text[at] = static_cast<char>(chance());
          break;
        case 1:
          text.erase(at, 1 + chance() % 20);
          break;
        case 2:
          text.insert(at, 1, "{}[]\",:0-\\"[chance() % 10]);
          break;
        default:
          text.resize(at);
          break;
        }
        if (text.empty())
          text = " ";
      }
      for (const auto side : {gateway_side::miner, gateway_side::node})
        if (const auto got = read_message(text, side, node_bytes_max, protocol)) {
          ++read;
          const auto again
            = read_message(write_message(*got, protocol), side, node_bytes_max, protocol);
          ASSERT_TRUE(again) << text << '\n' << again.error().what;
          EXPECT_EQ(*again, *got) << text;
        } else {
          EXPECT_TRUE(got.error().what.find("expected") != std::string::npos) << got.error().what;
          EXPECT_LT(got.error().what.size(), 600U);
        }
    }
  }
  EXPECT_GT(read, 0U);
}

} // namespace

} // namespace sluice::net
