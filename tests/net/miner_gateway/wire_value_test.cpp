#include "net/miner_gateway/wire_value.hpp"

#include <gtest/gtest.h>

namespace sluice::net::wire {

namespace {

struct sample {
  hotkey key;
  u256 amount;
  u128 liquidity = 0;
  std::optional<double> confidence;
  std::vector<uint16_t> slots;
  SLUICE_FIELDS(key, amount, liquidity, confidence, slots)
  bool operator==(const sample&) const = default;
};

enum class colour : uint8_t { red = 0, green };
constexpr std::array<std::string_view, 2> colour_names{"red", "green"};

/// A text of one letter.
struct letter {
  char value = 'a';
};

} // namespace

template <>
struct enum_names<colour> {
  static names all() { return colour_names; }
};

template <>
struct text_form<letter> {
  static constexpr std::string_view expected = "one letter";
  static std::string write(letter x) { return {x.value}; }
  static std::optional<letter> read(const std::string& text) {
    return text.size() == 1 ? std::optional{letter{text[0]}} : std::nullopt;
  }
};

namespace {

template <class T>
std::string error_of(const char* text) {
  reader in{true};
  T x{};
  in.take(io::json::parse(text), x);
  return in.error() ? in.error()->what : "";
}

TEST(wire_value, wide_integers_are_texts_ids_are_their_values_and_hotkeys_are_called_so) {
  EXPECT_EQ(
    put(sample{{"5D"}, ~u256{}, 7, 0.5, {1, 65535}}).dump(),
    "{\"hotkey\":\"5D\",\"amount\":\"1157920892373161954235709850086879078532699846656405640"
    "39457584007913129639935\",\"liquidity\":\"7\",\"confidence\":0.5,\"slots\":[1,65535]}");
  EXPECT_FALSE(put(sample{}).contains("confidence"));
}

TEST(wire_value, values_come_back_as_they_were) {
  for (const auto& x : {sample{}, sample{{"5D"}, ~u256{}, u128_max, 1.0 / 3, {0, 65535}}}) {
    reader in{true};
    sample back;
    in.take(put(x), back);
    EXPECT_FALSE(in.error());
    EXPECT_EQ(back, x);
  }
}

TEST(wire_value, numbers_end_where_their_types_end) {
  EXPECT_EQ(error_of<uint8_t>("255"), "");
  EXPECT_EQ(error_of<uint8_t>("256"), ": expected a whole number from 0 to 255, got 256");
  EXPECT_EQ(error_of<int32_t>("-2147483648"), "");
  EXPECT_NE(error_of<int32_t>("-2147483649"), "");
  EXPECT_EQ(error_of<uint64_t>("18446744073709551615"), "");
  EXPECT_NE(error_of<uint64_t>("18446744073709551616"), ""); // a double by now
  EXPECT_NE(error_of<uint64_t>("-1"), "");
  EXPECT_NE(error_of<uint64_t>("1.0"), "");
  EXPECT_EQ(error_of<double>("-0.5"), "");
  EXPECT_EQ(error_of<double>("3"), "");
  EXPECT_NE(error_of<double>("null"), "");
  EXPECT_EQ(error_of<u128>("\"340282366920938463463374607431768211455\""), "");
  EXPECT_NE(error_of<u128>("\"340282366920938463463374607431768211456\""), "");
  EXPECT_EQ(error_of<u256>("18446744073709551615"), "");
  for (const auto* bad : {"\"\"", "\" 1\"", "\"0x1\"", "\"1e3\"", "\"-1\"", "1.5", "-1", "true",
                          "\"115792089237316195423570985008687907853269984665640564039457584007913"
                          "129639936\""})
    EXPECT_NE(error_of<u256>(bad), "") << bad;
}

TEST(wire_value, names_and_texts_are_exact) {
  EXPECT_EQ(error_of<colour>("\"green\""), "");
  EXPECT_EQ(error_of<colour>("\"Green\""),
            ": expected red or green, got \"Green\"; did you mean green?");
  EXPECT_NE(error_of<colour>("1"), "");
  EXPECT_EQ(error_of<letter>("\"x\""), "");
  EXPECT_EQ(error_of<letter>("\"xy\""), ": expected one letter, got \"xy\"");
  EXPECT_EQ(error_of<letter>("5"), ": expected one letter, got 5");
  EXPECT_EQ(error_of<letter>("\"\\n\""),
            ": expected a text without control characters, got one at byte 1");
}

TEST(wire_value, what_is_read_may_have_a_name) {
  reader in{true, "body"};
  sample x;
  in.take_fields(io::json::parse(R"({"hotkey":1})"), x);
  ASSERT_TRUE(in.error());
  EXPECT_EQ(in.error()->what, "body.hotkey: expected a text, got 1");
}

TEST(wire_value, the_first_mistake_sticks) {
  reader in{true};
  sample x;
  in.take(io::json::parse(R"({"hotkey":1,"amount":true})"), x);
  ASSERT_TRUE(in.error());
  EXPECT_EQ(in.error()->what, "hotkey: expected a text, got 1");
  in.fail("something", "else");
  EXPECT_EQ(in.error()->what, "hotkey: expected a text, got 1");
}

TEST(wire_value, the_names_stand_at_their_values) {
  EXPECT_EQ(put(colour::green), "green");
  EXPECT_EQ(put(gateway_reason::closing), "closing");
  EXPECT_EQ(put(letter{'x'}), "x");
}

} // namespace

} // namespace sluice::net::wire
