#include "rules/sports/envelope.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

const std::string digits_of_signature(128, 'a');

std::string envelope_with(const std::string& members) {
  return R"({"type":"heartbeat","sender":"5A","data":{},"timestamp":"2025-04-01T12:00:00+00:00",)"
         R"("nonce":"1.5","signature":")"
         + digits_of_signature + '"' + members + '}';
}

TEST(sports_envelope, is_read_in_any_order_spacing_and_escaping) {
  const auto x = read_sports_envelope(
    " { \"nonce\" : \"1\\u002e5\" ,\n\"data\":{\"b\":1,\"a\":[1.50]},\"signature\":\""
      + digits_of_signature
      + R"(","type":"heart\u0062eat","timestamp":"2025-04-01T12:00:00+00:00","sender":"5A"} )",
    1000);
  ASSERT_TRUE(x) << x.error().what;
  EXPECT_EQ(x->type, "heartbeat");
  EXPECT_EQ(x->nonce, "1.5");
  EXPECT_EQ(x->data, R"({"a": [1.5], "b": 1})");
  EXPECT_EQ(signing_text(*x), R"({"data": {"a": [1.5], "b": 1}, "nonce": "1.5", "sender": "5A", )"
                              R"("timestamp": "2025-04-01T12:00:00+00:00", "type": "heartbeat"})");
  const auto again = read_sports_envelope(write_text(*x), 1000);
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(*again, *x);
}

TEST(sports_envelope, that_is_no_json_differs_from_one_that_is_no_envelope) {
  const auto code = [](const std::string& text) {
    const auto x = read_sports_envelope(text, 1000);
    return x ? ec::none : x.error().code;
  };
  EXPECT_EQ(code(envelope_with("")), ec::none);
  for (const auto* text : {"", "{\"type\":", "nonsense", "{} {}", "\"\xff\"", "NaN"})
    EXPECT_EQ(code(text), ec::bad_input) << text;
  EXPECT_EQ(code(std::string(1001, ' ') + envelope_with("")), ec::bad_input);
  for (const auto* text : {"{}", "[]", "7", "\"text\"", "null", "[{}]"})
    EXPECT_EQ(code(text), ec::refused) << text;
  EXPECT_EQ(code(envelope_with(R"(,"version":1)")), ec::refused);
  EXPECT_EQ(code(envelope_with(R"(,"type":"heartbeat")")), ec::bad_input); // twice
}

TEST(sports_envelope, has_members_of_one_kind_and_of_a_bounded_size) {
  const auto fault_of = [](std::string text, const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
    const auto x = read_sports_envelope(text, 10'000);
    return x ? "" : x.error().what;
  };
  const auto good = envelope_with("");
  EXPECT_EQ(fault_of(good, "\"5A\"", "7"), "sender: expected a text");
  EXPECT_EQ(fault_of(good, "\"5A\"", "\"\""), "sender: expected a text of 1 to 64 bytes");
  EXPECT_EQ(fault_of(good, "\"5A\"", '"' + std::string(65, 'x') + '"'),
            "sender: expected a text of 1 to 64 bytes");
  EXPECT_EQ(fault_of(good, "{}", "[]"), "data: expected an object");
  EXPECT_EQ(fault_of(good, "{}", "null"), "data: expected an object");
  EXPECT_EQ(fault_of(good, "\"nonce\"", "\"Nonce\""), "nonce: expected a value, got nothing");
  EXPECT_EQ(fault_of(good, "\"1.5\"", "1.5"), "nonce: expected a text");
  EXPECT_EQ(fault_of(good, digits_of_signature, "aa"),
            "signature: expected 128 hexadecimal digits");
  EXPECT_EQ(fault_of(envelope_with(",\"x\":0"), "\"5A\"", "\"5A\""), "\"x\": no such member");
}

TEST(sports_envelope, is_bounded_in_depth) {
  const auto nested = [](size_t depth) {
    auto text = envelope_with("");
    text.replace(text.find("{}"), 2,
                 "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + '}');
    return text;
  };
  EXPECT_TRUE(read_sports_envelope(nested(14), 10'000));
  EXPECT_FALSE(read_sports_envelope(nested(15), 10'000));
  EXPECT_FALSE(read_sports_envelope(nested(4000), 10'000));
}

TEST(sports_handshake, is_four_texts) {
  const auto text = R"({"hotkey": "5A", "timestamp": "t", "nonce": "n", "signature": ")"
                    + digits_of_signature + "\"}";
  const auto x = read_sports_handshake(text);
  ASSERT_TRUE(x) << x.error().what;
  EXPECT_EQ(write_text(*x), text);
  EXPECT_EQ(signing_text(*x), R"({"hotkey": "5A", "nonce": "n", "timestamp": "t"})");
  EXPECT_FALSE(read_sports_handshake(envelope_with("")));
  EXPECT_FALSE(read_sports_handshake(text + std::string(2048, ' ')));
}

TEST(sports_texts, are_those_of_the_original) {
  EXPECT_EQ(flat_error_text("Invalid \"x\"", "t"),
            R"({"type": "error", "message": "Invalid \"x\"", "timestamp": "t"})");
  EXPECT_EQ(refusal_text("Invalid authentication"),
            R"({"status": "error", "message": "Invalid authentication"})");
}

TEST(sports_freshness, includes_both_ends_and_needs_an_offset) {
  constexpr int64_t now = 1'743'508'800'123'456; // 2025-04-01T12:00:00.123456Z
  EXPECT_TRUE(is_fresh("2025-04-01T12:00:00.123456+00:00", now, 0));
  EXPECT_TRUE(is_fresh("2025-04-01T11:55:00.123456+00:00", now, 300));
  EXPECT_FALSE(is_fresh("2025-04-01T11:55:00.123455+00:00", now, 300));
  EXPECT_TRUE(is_fresh("2025-04-01T12:05:00.123456Z", now, 300));
  EXPECT_FALSE(is_fresh("2025-04-01T12:05:00.123457Z", now, 300));
  EXPECT_TRUE(is_fresh("2025-04-01T14:00:00.1+02:00", now, 300));
  EXPECT_FALSE(is_fresh("2025-04-01T12:00:00.123456", now, 300));
  EXPECT_FALSE(is_fresh("1743508800.123", now, 300));
  EXPECT_FALSE(is_fresh("", now, 300));
}

TEST(sports_nonces_of_a_side, rise_whatever_the_clock_does) {
  sports_nonce_source nonces;
  EXPECT_EQ(nonces.next(1'743'508'800'123'456), "1743508800123.456");
  EXPECT_EQ(nonces.next(1'743'508'800'123'456), "1743508800123.457");
  EXPECT_EQ(nonces.next(1'000'000), "1743508800123.458");
  EXPECT_EQ(nonces.next(1'743'508'800'200'000), "1743508800200.0");
  EXPECT_EQ(nonces.next(1'743'508'800'200'100), "1743508800200.1");
  EXPECT_EQ(nonces.next(1'743'508'800'300'050), "1743508800300.05");
}

} // namespace
} // namespace sluice
