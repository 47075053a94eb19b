#include "rules/math/u256.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

namespace sluice {
namespace {

using big256 = boost::multiprecision::uint256_t; // wraps modulo 2^256 as well

big256 to_big(const u256& x) {
  big256 sum = 0;
  for (size_t i = 4; i-- > 0;)
    sum = (sum << 64) | x.limb(i);
  return sum;
}

/// Random numbers of every width, with many limbs of zeros, ones and single bits.
class numbers {
public:
  explicit numbers(uint64_t seed) : random_(seed) {}

  uint64_t bits() { return random_(); }
  u256 next() {
    std::array<uint64_t, 4> limbs{};
    for (auto& limb : limbs)
      switch (random_() % 6) {
      case 0:
        limb = 0;
        break;
      case 1:
        limb = ~uint64_t{0};
        break;
      case 2:
        limb = uint64_t{1} << (random_() % 64);
        break;
      case 3:
        limb = (uint64_t{1} << (random_() % 64)) - 1;
        break;
      default:
        limb = random_();
        break;
      }
    return u256::from_limbs(limbs) >> static_cast<unsigned>(random_() % 256);
  }

private:
  std::mt19937_64 random_;
};

/// Number of differences between ours and Boost's in one pair of operands.
int differences(const u256& a, const u256& b, unsigned shift) {
  big256 x = to_big(a);
  big256 y = to_big(b);
  int wrong = 0;
  wrong += to_big(a + b) != big256(x + y);
  wrong += to_big(a - b) != big256(x - y);
  wrong += to_big(a * b) != big256(x * y);
  wrong += to_big(a & b) != big256(x & y);
  wrong += to_big(a | b) != big256(x | y);
  wrong += to_big(a ^ b) != big256(x ^ y);
  wrong += to_big(~a) != big256(~x);
  wrong += to_big(-a) != big256(big256(0) - x);
  wrong += to_big(a << shift) != big256(x << shift);
  wrong += to_big(a >> shift) != big256(x >> shift);
  wrong += (a < b) != (x < y);
  wrong += (a == b) != (x == y);
  wrong += (a.bit_width() == 0) != (x == 0) || (x != 0 && a.bit_width() != msb(x) + 1);
  if (!b.is_zero()) {
    wrong += to_big(a / b) != big256(x / y);
    wrong += to_big(a % b) != big256(x % y);
  }
  return wrong;
}

} // namespace

TEST(u256, agrees_with_boost_on_three_million_random_and_edge_values) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    numbers random(seed);
    int wrong = 0;
    for (int i = 0; i < 1000; ++i)
      wrong
        += differences(random.next(), random.next(), static_cast<unsigned>(random.bits() % 256));
    ASSERT_EQ(wrong, 0);
  }
}

TEST(u256, agrees_with_boost_where_a_quotient_digit_is_guessed_too_high) {
  // Knuth's rare case: a divisor just above a power of two and a dividend just below its multiple.
  for (unsigned width = 65; width < 256; ++width)
    for (unsigned low : {0U, 1U, 2U, 63U}) {
      u256 divisor = (u256{1} << (width - 1)) + (u256{1} << low);
      for (uint64_t times : {uint64_t{1}, ~uint64_t{0}, uint64_t{1} << 63, (uint64_t{1} << 32) - 1})
        for (int off : {0, 1, 2})
          ASSERT_EQ(differences(divisor * times - u256{off}, divisor, low), 0) << width;
    }
}

TEST(u256, agrees_with_boost_where_the_lower_limbs_of_a_divisor_decide) {
  numbers random(11);
  for (int i = 0; i < 20'000; ++i)
    for (unsigned lower : {64U, 128U}) { // divisors of three and of four limbs
      const unsigned width = 65 + static_cast<unsigned>(random.bits() % (256 - lower - 65));
      u256 top = (random.next() >> (256 - width)) | (u256{1} << (width - 1));
      if (top.bit_width() > 128)
        top = top >> (top.bit_width() - 128);
      const auto bits_left = 256 - lower - top.bit_width();
      const u256 times
        = bits_left == 0 ? u256{1} : u256{random.bits() >> (bits_left < 64 ? 64 - bits_left : 0)};
      const u256 divisor = (top << lower) | ((u256{1} << lower) - u256{1});
      // The upper limbs alone give `times`, the whole divisor gives one less.
      ASSERT_EQ(differences((top * times) << lower, divisor, 0), 0) << i;
      // The upper limbs of dividend and divisor are equal: the digit is the highest there is.
      if (divisor.bit_width() <= 192) {
        ASSERT_EQ(differences((divisor << 64) - u256{1}, divisor, 0), 0) << i;
        ASSERT_EQ(differences((divisor << 64) - (u256{1} << 64), divisor, 0), 0) << i;
      }
    }
}

TEST(u256, reads_and_writes_decimals) {
  numbers random(3);
  for (int i = 0; i < 2000; ++i) {
    u256 x = random.next();
    ASSERT_EQ(to_string(x), to_big(x).str());
    ASSERT_EQ(u256::parse(to_string(x)), x);
  }
  EXPECT_EQ(to_string(u256{}), "0");
  EXPECT_EQ(to_string(u256{10'000'000'000'000'000'000U}), "10000000000000000000");
}

TEST(u256, refuses_what_is_no_number_of_256_bits) {
  std::string top = to_string(u256::max());
  EXPECT_EQ(u256::parse(top), u256::max());
  for (std::string text : {"", "-1", "+1", " 1", "1 ", "0x10", "1e3", "12a"})
    EXPECT_EQ(u256::parse(text), std::nullopt) << text;
  EXPECT_EQ(u256::parse(top.substr(0, top.size() - 1) + "6"), std::nullopt);
  EXPECT_EQ(u256::parse(top + "0"), std::nullopt);
  EXPECT_EQ(u256::parse("2" + top.substr(1)), std::nullopt);
}

TEST(u256, rounds_doubles_correctly) {
  numbers random(5);
  for (int i = 0; i < 20'000; ++i) {
    u256 x = random.next();
    ASSERT_EQ(to_double(x), std::strtod(to_string(x).c_str(), nullptr)) << to_string(x);
  }
  for (unsigned shift : {0U, 1U, 11U, 100U, 202U}) // halfway between two doubles, and beside it
    for (int off : {-1, 0, 1}) {
      u256 x = (((u256{1} << 53) + 1) << shift) + i256(off).bits();
      ASSERT_EQ(to_double(x), std::strtod(to_string(x).c_str(), nullptr)) << to_string(x);
    }
}

TEST(u256, counts_with_plain_integers) {
  u256 x = 5;
  x += uint64_t{7};
  EXPECT_EQ(x, 12);
  EXPECT_EQ(static_cast<uint32_t>(u256::max()), ~uint32_t{0});
  EXPECT_EQ(static_cast<u128>(u256::max()), u128_max);
  EXPECT_TRUE(u256{u128_max}.fits_u128());
  EXPECT_FALSE((u256{u128_max} + 1).fits_u128());
  static_assert((u256{1} << 255 >> 255) == 1);
  static_assert(*u256::parse("340282366920938463463374607431768211456") == u256{1} << 128);
}

TEST(i256, has_a_sign) {
  EXPECT_EQ(to_string(i256(-5)), "-5");
  EXPECT_EQ(i256::parse("-5"), i256(-5));
  EXPECT_EQ(i256(-5) + i256(7), i256(2));
  EXPECT_EQ(i256(5) - i256(7), i256(-2));
  EXPECT_EQ(-i256(5), i256(-5));
  EXPECT_EQ(i256(-5).magnitude(), u256{5});
  EXPECT_LT(i256(-5), i256(-4));
  EXPECT_LT(i256(-5), i256(4));
  EXPECT_LT(i256::min(), i256::max());
  EXPECT_EQ(to_double(i256(-3)), -3.0);
  EXPECT_EQ(i256(std::numeric_limits<int64_t>::min()).magnitude(), u256{1} << 63);
}

TEST(i256, refuses_what_does_not_fit_256_bits_with_a_sign) {
  EXPECT_EQ(i256::parse(to_string(i256::min())), i256::min());
  EXPECT_EQ(i256::parse(to_string(i256::max())), i256::max());
  EXPECT_EQ(i256::parse(to_string(i256::min().magnitude())), std::nullopt);
  EXPECT_EQ(i256::parse(to_string(i256::min()) + "0"), std::nullopt);
  for (std::string text : {"", "-", "--1", "- 1", "1-"})
    EXPECT_EQ(i256::parse(text), std::nullopt) << text;
}

TEST(i128, reads_and_writes_decimals) {
  auto lowest = static_cast<i128>(u128{1} << 127);
  EXPECT_EQ(to_string(lowest), "-170141183460469231731687303715884105728");
  EXPECT_EQ(parse_i128(to_string(lowest)), lowest);
  EXPECT_EQ(parse_i128("170141183460469231731687303715884105728"), std::nullopt);
  EXPECT_EQ(to_string(u128_max), "340282366920938463463374607431768211455");
  EXPECT_EQ(parse_u128(to_string(u128_max)), u128_max);
  EXPECT_EQ(parse_u128("340282366920938463463374607431768211456"), std::nullopt);
}

} // namespace sluice
