#include "net/door/wire.hpp"
#include "rules/limits.hpp"
#include "rules/liquidity/proposal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace sluice::net {

namespace {

std::string wire_error(std::string_view text, door_side sender = door_side::miner) {
  const auto got
    = read_message(text, sender, sender == door_side::miner ? miner_bytes_max : node_bytes_max);
  if (got)
    return "";
  EXPECT_EQ(got.error().code, ec::bad_input);
  return got.error().what;
}

door_question sample_question() {
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
  return {UINT64_MAX, x};
}

door_proposal sample_proposal() {
  return {42,
          {true, "", {{-20, 20, 5, ~u256{}, 0.5}, {0, 10, 0, 0, {}}}, "0.3", "m\u00f6del \"x\""}};
}

/// One of each type.
std::vector<door_message> all_messages() {
  return {door_hello{1, "miner", {"5Dminer"}, "ed25519", "test/1"},
          door_challenge{1, "node-1", std::string(64, 'a'), 1'767'225'600'000, 10'000},
          door_answer{std::string(64, 'a'), 5, std::string(128, 'b')},
          door_welcome{7, {65535}, {"5Dminer"}, 20'000, 60'000, 16'384},
          door_refusal{door_reason::too_fast, "slowly", 1'000},
          sample_question(),
          sample_proposal(),
          door_invalid{{{"a"}, round_kind::evaluation, {0}}, 5, "no"},
          door_scores{{{"a"}, round_kind::live, {9}},
                      miner_verdict::failed,
                      -100,
                      0,
                      8,
                      2,
                      "silence",
                      1e-300,
                      -0.25,
                      1.0 / 3,
                      true},
          door_ping{0},
          door_pong{UINT64_MAX},
          door_bye{door_reason::replaced, "a newer one", 60'000}};
}

/// A proposal's text with one part replaced.
std::string spoiled(const std::string& from, const std::string& to) {
  std::string text = R"({"type":"proposal","id":1,"accepted":true,"desired_positions":[)"
                     R"({"tick_lower":-10,"tick_upper":10,"allocation0":"1","allocation1":"2"}]})";
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(wire, every_message_comes_back_as_it_was) {
  std::vector<std::string_view> types;
  for (const auto& x : all_messages()) {
    const auto text = write_message(x);
    SCOPED_TRACE(text);
    EXPECT_EQ(text.find('\n'), std::string::npos);
    size_t readers = 0;
    for (const auto side : {door_side::miner, door_side::node})
      if (const auto got = read_message(text, side, node_bytes_max)) {
        ++readers;
        EXPECT_EQ(*got, x);
      }
    EXPECT_GE(readers, 1U);
    types.push_back(type_of(x));
  }
  EXPECT_EQ(types.size(), std::variant_size_v<door_message>);
  std::ranges::sort(types);
  EXPECT_EQ(std::ranges::adjacent_find(types), types.end());
}

TEST(wire, each_side_reads_only_what_the_other_may_say) {
  EXPECT_EQ(wire_error(R"({"type":"question","id":1})"),
            "message: type: expected hello, answer, proposal, ping, pong or bye, got \"question\"");
  EXPECT_EQ(wire_error(R"({"type":"proposa","id":1})"),
            "message: type: expected hello, answer, proposal, ping, pong or bye, got \"proposa\"; "
            "did you mean proposal?");
  EXPECT_EQ(wire_error(R"({"type":"hello"})", door_side::node).find("message: type: expected"), 0U);
  EXPECT_EQ(wire_error(R"({"id":1})"), "message: type: expected the type of message, got nothing");
  EXPECT_EQ(wire_error(R"({"type":7})").substr(0, 23), "message: type: expected");
}

TEST(wire, every_refusal_names_the_field_and_what_was_expected) {
  EXPECT_EQ(wire_error(spoiled("\"id\":1,", "")), "proposal: id: expected a value, got nothing");
  EXPECT_EQ(wire_error(spoiled("\"id\":1", "\"id\":-1")),
            "proposal: id: expected a whole number from 0 to 18446744073709551615, got -1");
  EXPECT_EQ(wire_error(spoiled("true", "\"yes\"")),
            "proposal: accepted: expected true or false, got \"yes\"");
  EXPECT_EQ(wire_error(spoiled("-10", "-10.5")),
            "proposal: desired_positions[0].tick_lower: expected a whole number from -2147483648 "
            "to 2147483647, got -10.5");
  EXPECT_EQ(wire_error(spoiled("-10", "2147483648")),
            "proposal: desired_positions[0].tick_lower: expected a whole number from -2147483648 "
            "to 2147483647, got 2147483648");
  EXPECT_EQ(wire_error(spoiled("\"2\"", "\"-2\"")),
            "proposal: desired_positions[0].allocation1: expected a whole number from 0 to "
            "2^256-1, in quotes, got \"-2\"");
  EXPECT_EQ(wire_error(spoiled("\"2\"", "2.0")),
            "proposal: desired_positions[0].allocation1: expected a whole number from 0 to "
            "2^256-1, in quotes, got 2.0");
  EXPECT_EQ(wire_error(spoiled("\"2\"}", "\"2\",\"confidence\":\"high\"}")),
            "proposal: desired_positions[0].confidence: expected a number, got \"high\"");
  EXPECT_EQ(wire_error(spoiled("[{", "[7,{")),
            "proposal: desired_positions[0]: expected an object, got 7");
  for (const std::string control : {"\\u001b[2J", "\\n", "\\u007f", "\\u009b2J", "\x7f"})
    EXPECT_EQ(wire_error(spoiled("\"id\":1", "\"id\":1,\"version\":\"a" + control + '"')),
              "proposal: version: expected a text without control characters, got one at byte 2");
  EXPECT_EQ(
    wire_error(spoiled("\"id\":1", "\"id\":1,\"version\":\"" + std::string(5'000, 'v') + '"')),
    "proposal: version: expected at most 4096 bytes, got 5000");
  EXPECT_EQ(wire_error(R"({"type":"bye","reason":"bannd","text":""})"),
            "bye: reason: expected malformed, out_of_turn, wrong_version, wrong_role, "
            "wrong_signature_kind, unknown_hotkey, banned, no_key, expired, replay, clock_skew, "
            "bad_signature, too_many, too_fast, replaced, silent or closing, got \"bannd\"; did "
            "you mean banned?");
  EXPECT_EQ(
    wire_error(R"({"type":"invalid","round":"a/b/c","block":1,"reason":""})", door_side::node),
    "invalid: round: expected JOB/evaluation/NUMBER or JOB/live/NUMBER, got \"a/b/c\"");
}

TEST(wire, an_accepted_proposal_has_its_positions) {
  EXPECT_EQ(wire_error(R"({"type":"proposal","id":1,"accepted":true})"),
            "proposal: desired_positions: expected a list (an empty one takes everything out), got "
            "nothing");
  EXPECT_EQ(wire_error(R"({"type":"proposal","id":1,"accepted":true,"desired_positions":[]})"), "");
  EXPECT_EQ(wire_error(R"({"type":"proposal","id":1,"accepted":false})"), "");
}

TEST(wire, a_node_refuses_what_it_does_not_know_and_a_miner_passes_over_it) {
  EXPECT_EQ(wire_error(spoiled("\"id\":1", "\"id\":1,\"acepted\":true")),
            "proposal: acepted: expected only fields that docs/wire.md knows, got this one; did "
            "you mean accepted?");
  EXPECT_EQ(wire_error(spoiled("\"2\"}", "\"2\",\"note\":1}")),
            "proposal: desired_positions[0].note: expected only fields that docs/wire.md knows, "
            "got this one");
  EXPECT_EQ(wire_error(R"({"type":"ping","id":1,"a\u001b":2})").find("\x1b"), std::string::npos);
  const auto got = read_message(R"({"type":"pong","id":3,"news":{"a":[1]}})", door_side::node, 100);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(*got, door_message{door_pong{3}});
}

TEST(wire, a_field_comes_once) {
  EXPECT_EQ(wire_error(R"({"type":"ping","id":1,"id":2})"),
            "message: expected every field once, got \"id\" twice");
  EXPECT_EQ(wire_error(spoiled("\"tick_upper\":10", "\"tick_upper\":10,\"tick_lower\":0")),
            "message: expected every field once, got \"tick_lower\" twice");
  EXPECT_EQ(wire_error(R"({"type":"ping","type":"ping","id":1})", door_side::node),
            "message: expected every field once, got \"type\" twice");
}

TEST(wire, a_hello_of_another_protocol_is_read_so_that_it_can_be_told) {
  const auto got = read_message(R"({"type":"hello","protocol":2,"name":"x","key":{"a":1}})",
                                door_side::miner, greeting_bytes_max);
  ASSERT_TRUE(got) << got.error().what;
  door_terms terms;
  terms.node = "node-1";
  handshake door{terms};
  const auto answer
    = door.greet(std::get<door_hello>(*got), [](const hotkey&) { return std::nullopt; }, "n", {});
  EXPECT_EQ(std::get<door_refusal>(answer).reason, door_reason::wrong_version);
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

TEST(wire, what_is_no_json_is_said_with_its_place) {
  EXPECT_EQ(wire_error(""), "message: expected JSON, got the end of the text");
  EXPECT_EQ(wire_error(R"({"type":"ping")"), "message: expected JSON, got the end of the text");
  EXPECT_EQ(wire_error(R"({"type":pong})"), "message: expected JSON, got \"pong}\" at byte 9");
  EXPECT_EQ(wire_error("[]"), "message: expected an object, got a list");
  EXPECT_EQ(wire_error("7"), "message: expected an object, got 7");
  EXPECT_EQ(wire_error("{\"type\":\"\xff\"}").substr(0, 27), "message: expected JSON, got");
  EXPECT_NE(wire_error(R"({"type":"ping","id":1e999})"), "");
  EXPECT_NE(wire_error(R"({"type":"ping","id":1} x)"), "");
}

TEST(wire, lists_end_somewhere) {
  std::string entries = "{}";
  for (size_t i = 0; i < wire_entries_max; ++i)
    entries += ",{}";
  EXPECT_EQ(wire_error(R"({"type":"proposal","id":1,"accepted":true,"desired_positions":[)"
                       + entries + "]}"),
            "proposal: desired_positions: expected at most 1000 entries, got 1001");
}

TEST(wire, the_largest_allowed_proposal_fits_and_its_bounds_are_the_rules_business) {
  door_proposal most{UINT64_MAX, {true, "", {}, "", ""}};
  for (size_t i = 0; i < limits::positions_max; ++i)
    most.reply.desired_positions.push_back({-887272, 887272, ~u256{}, ~u256{}, 1.0 / 3});
  most.reply.refusal_reason = std::string(limits::refusal_bytes_max, '"'); // each is two bytes
  most.reply.version = std::string(limits::metadata_bytes_max, '\\');
  most.reply.model_info = most.reply.version;
  const auto text = write_message(most);
  const auto got = read_message(text, door_side::miner, miner_bytes_max);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(*got, door_message{most});
  // Too long for the rules, not for the wire: the miner is told by the rules.
  most.reply.refusal_reason += '"';
  const auto read = read_message(write_message(most), door_side::miner, miner_bytes_max);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_NE(reply_fault(std::get<door_proposal>(*read).reply), "");
}

TEST(wire, bytes_that_are_no_text_are_written_as_something_that_is) {
  const auto text = write_message(door_bye{door_reason::closing, "a\xff z", 0});
  const auto got = read_message(text, door_side::miner, miner_bytes_max);
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(std::get<door_bye>(*got).text, "a\xef\xbf\xbd z");
}

TEST(wire, any_bytes_end_in_a_message_or_a_sentence) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 chance{seed};
  size_t read = 0;
  for (const auto& x : all_messages()) {
    const auto whole = write_message(x);
    for (int i = 0; i < 400; ++i) {
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
      for (const auto side : {door_side::miner, door_side::node})
        if (const auto got = read_message(text, side, node_bytes_max)) {
          ++read;
          const auto again = read_message(write_message(*got), side, node_bytes_max);
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
