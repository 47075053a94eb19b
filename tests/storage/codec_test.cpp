#include "storage/codec.hpp"
#include "tests/storage/any_value.hpp"

#include <gtest/gtest.h>

namespace sluice::storage {
namespace {

using test::any_value;
using test::for_each_stored_type;

constexpr int values_per_type = 200;

// The three byte strings below were put together with Python's struct and int.to_bytes.

TEST(codec, writes_scores_as_they_are_documented) {
  const mechanism_scores scores{"liquidity", {7}, {{{1}, 0.5}, {{258}, 2.0}}, {{3}}};
  EXPECT_EQ(to_hex(encode(scores)), "0101"
                                    "090000006c6971756964697479"
                                    "0700000000000000"
                                    "02000000"
                                    "0100000000000000e03f"
                                    "02010000000000000040"
                                    "01000000"
                                    "0300");
}

TEST(codec, writes_wide_negative_numbers_in_twos_complement) {
  const swap_request order{true, i256{-5}, u256{1} << 96};
  EXPECT_EQ(to_hex(encode(order)),
            "010101"
            "fbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            "0000000000000000000000000100000000000000000000000000000000000000");
}

TEST(codec, writes_an_optional_with_a_yes_in_front) {
  const desired_position wanted{-887220, 10, u256{1'000'000'000'000'000'000}, u256{}, 0.25};
  EXPECT_EQ(to_hex(encode(wanted)),
            "01014c76f2ff0a000000"
            "000064a7b3b6e00d000000000000000000000000000000000000000000000000"
            "0000000000000000000000000000000000000000000000000000000000000000"
            "01000000000000d03f");
}

TEST(codec, reads_back_what_it_wrote_of_every_stored_type) {
  for_each_stored_type([]<class T>() {
    for (uint64_t seed = 0; seed < values_per_type; ++seed) {
      SCOPED_TRACE(testing::Message() << typeid(T).name() << " seed " << seed);
      const auto value = any_value{seed}.make<T>();
      const auto back = decode<T>(encode(value));
      ASSERT_TRUE(back) << back.error().what;
      EXPECT_TRUE(*back == value);
    }
  });
}

struct made_of_everything {
  bool yes = false;
  i128 deep = 0;
  pool_event_kind kind{};
  std::array<bool, 2> flags{};
  std::array<uint16_t, 2> small{};
  std::vector<bool> many;
  std::vector<float> halves;
  std::vector<std::string> words;
  std::map<std::string, std::vector<i256>> sums;
  std::set<std::pair<uint8_t, u128>> pairs;
  std::optional<std::vector<mechanism_scores>> all_scores;
  SLUICE_FIELDS(yes, deep, kind, flags, small, many, halves, words, sums, pairs, all_scores)
  bool operator==(const made_of_everything&) const = default;
};

made_of_everything one_of_everything() {
  return {true,
          i128{-2},
          pool_event_kind::swap,
          {true, false},
          {258, 3},
          {false, true},
          {0.5F},
          {"ab", ""},
          {{"k", {i256{-1}}}},
          {{4, u128{5}}},
          std::vector<mechanism_scores>{{"m", {7}, {{{1}, 0.5}}, {{3}}}}};
}

// Put together with Python as well.
TEST(codec, writes_every_kind_of_part_as_it_is_documented) {
  const auto value = one_of_everything();
  const std::string bytes = "0101"
                            "01"
                            "feffffffffffffffffffffffffffffff"
                            "04"
                            "0100"
                            "02010300"
                            "020000000001"
                            "010000000000003f"
                            "0200000002000000616200000000"
                            "01000000010000006b01000000"
                            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                            "010000000405000000000000000000000000000000"
                            "0101000000010000006d0700000000000000"
                            "010000000100000000000000e03f010000000300";
  EXPECT_EQ(to_hex(encode(value)), bytes);
  const auto back = decode<made_of_everything>(encode(value));
  ASSERT_TRUE(back) << back.error().what;
  EXPECT_TRUE(*back == value);
}

TEST(codec, refuses_every_broken_byte_that_has_no_meaning) {
  const auto whole = encode(one_of_everything());
  for (size_t at = 0; at < whole.size(); ++at)
    for (int byte = 0; byte < 256; ++byte) {
      auto bytes = whole;
      bytes[at] = static_cast<char>(byte);
      const auto back = decode<made_of_everything>(bytes);
      ASSERT_TRUE(!back || encode(*back) == bytes) << "byte " << at << " is " << byte;
    }
}

// Stored types start empty, so this is the fewest bytes they can have; a higher `least_bytes` would
// refuse values that were written.
TEST(codec, asks_for_no_more_space_than_the_shortest_value_needs) {
  for_each_stored_type([]<class T>() {
    EXPECT_LE(least_bytes<T>, encode(T{}).size() - 2) << typeid(T).name();
    EXPECT_GT(least_bytes<T>, 0U) << typeid(T).name();
  });
  EXPECT_EQ(least_bytes<made_of_everything>, encode(made_of_everything{}).size() - 2);
  EXPECT_EQ(least_bytes<u256>, encode(u256{}).size() - 2);
  EXPECT_EQ((least_bytes<std::pair<i256, uint8_t>>),
            (encode(std::pair<i256, uint8_t>{}).size() - 2));
}

TEST(codec, writes_values_of_every_size_around_its_first_buffer) {
  for (const size_t n : {0, 1, 1017, 1018, 1019, 1024, 5000}) {
    const checkpoint value{1, 2, std::string(n, 'r'), std::string(n % 7, 'c')};
    const auto bytes = encode(value);
    EXPECT_EQ(bytes.size(), 2 + 16 + 8 + n + n % 7);
    EXPECT_TRUE(*decode<checkpoint>(bytes) == value);
    const auto text = encode(std::string(n, 't'));
    EXPECT_EQ(text.substr(6), std::string(n, 't'));
  }
}

TEST(codec, refuses_every_value_that_is_cut_short) {
  for_each_stored_type([]<class T>() {
    for (uint64_t seed = 0; seed < 10; ++seed) {
      SCOPED_TRACE(testing::Message() << typeid(T).name() << " seed " << seed);
      const auto bytes = encode(any_value{seed}.make<T>());
      for (size_t n = 0; n < bytes.size(); ++n) {
        const auto back = decode<T>(std::string_view{bytes}.substr(0, n));
        ASSERT_FALSE(back) << n << " of " << bytes.size();
        ASSERT_EQ(back.error().code, ec::corrupt_data);
        ASSERT_FALSE(back.error().what.empty());
      }
    }
  });
}

TEST(codec, refuses_bytes_after_the_end) {
  for_each_stored_type([]<class T>() {
    const auto back = decode<T>(encode(any_value{1}.make<T>()) + '\0');
    ASSERT_FALSE(back);
    EXPECT_EQ(back.error().code, ec::corrupt_data);
  });
}

TEST(codec, survives_flipped_bits_and_accepts_only_its_own_form) {
  for_each_stored_type([]<class T>() {
    std::mt19937_64 chance{98};
    for (uint64_t seed = 0; seed < values_per_type; ++seed) {
      SCOPED_TRACE(testing::Message() << typeid(T).name() << " seed " << seed);
      const auto whole = encode(any_value{seed}.make<T>());
      for (int i = 0; i < 50; ++i) {
        auto bytes = whole;
        for (auto flips = 1 + chance() % 3; flips > 0; --flips) {
          auto& hit = bytes[chance() % bytes.size()];
          hit = static_cast<char>(hit ^ 1 << chance() % 8);
        }
        const auto back = decode<T>(bytes);
        ASSERT_TRUE(back ? encode(*back) == bytes : back.error().code == ec::corrupt_data);
      }
    }
  });
}

TEST(codec, survives_random_bytes) {
  for_each_stored_type([]<class T>() {
    std::mt19937_64 chance{7};
    for (int i = 0; i < 2000; ++i) {
      std::string bytes(chance() % 200, '\0');
      for (auto& c : bytes)
        c = static_cast<char>(chance());
      bytes.replace(0, std::min<size_t>(2, bytes.size()), "\1\1");
      const auto back = decode<T>(bytes);
      ASSERT_TRUE(!back || encode(*back) == bytes) << to_hex(bytes);
    }
  });
}

TEST(codec, believes_no_length_that_the_bytes_cannot_pay_for) {
  const std::string versions = "\1\1";
  const std::string huge = "\xff\xff\xff\xff";
  EXPECT_EQ(decode<std::string>(versions + huge + "abc").error().what,
            "the value counts more than it holds at byte 6 of 9");
  EXPECT_FALSE(decode<std::vector<u256>>(versions + huge));
  EXPECT_FALSE((decode<std::map<miner_uid, double>>(versions + huge)));
  // Three elements of 32 bytes are announced, two are there.
  const std::string three{"\3\0\0\0", 4};
  EXPECT_FALSE(decode<std::vector<u256>>(versions + three + std::string(64, 'x')));
  EXPECT_TRUE(decode<std::vector<u256>>(versions + three + std::string(96, 'x')));
}

TEST(codec, refuses_numbers_that_name_nothing) {
  const std::string versions = "\1\1";
  EXPECT_TRUE(decode<round_status>(versions + '\3'));
  EXPECT_EQ(decode<round_status>(versions + '\4').error().what,
            "the value holds a number that names nothing at byte 3 of 3");
  EXPECT_FALSE(decode<execution_status>(versions + '\4'));
  EXPECT_FALSE(decode<publish_status>(versions + '\5'));
  EXPECT_FALSE(decode<pool_event_kind>(versions + '\14'));
  EXPECT_FALSE(decode<pool_kind>(versions + '\2'));
  EXPECT_FALSE(decode<miner_verdict>(versions + '\3'));
  EXPECT_FALSE(decode<round_kind>(versions + '\2'));
  EXPECT_FALSE(decode<pool_model>(versions + '\2'));
  EXPECT_FALSE(decode<feed_kind>(versions + '\3'));
  EXPECT_FALSE(decode<bool>(versions + '\2'));
}

TEST(codec, refuses_keys_out_of_order) {
  using byte_set = std::set<uint8_t>;
  const std::string two{"\1\1\2\0\0\0", 6};
  EXPECT_TRUE(decode<byte_set>(two + "\1\2"));
  EXPECT_FALSE(decode<byte_set>(two + "\2\1"));
  EXPECT_FALSE(decode<byte_set>(two + "\1\1"));
}

struct grown {
  static constexpr uint8_t stored_version = 3;
  uint8_t x = 0;
  SLUICE_FIELDS(x)
};

TEST(codec, states_which_version_it_found) {
  EXPECT_EQ(to_hex(encode(grown{5})), "010305");
  const auto back = decode<grown>("\1\2\5");
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, ec::corrupt_data);
  EXPECT_EQ(back.error().what, "the value has version 1.2, expected 1.3");
  EXPECT_EQ(decode<grown>("").error().what, "the value has no version");
}

} // namespace
} // namespace sluice::storage
