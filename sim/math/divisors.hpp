/// The divisions that a swap cannot do without, none wider than it must be.
#pragma once

#include "rules/math/u256.hpp"

#include <array>
#include <bit>
#include <optional>

namespace sluice {

/// A quotient, 0 to 2^128 - 1, in the dividend's unit over the divisor's, and whether the division
/// left nothing.
struct quotient128 {
  u128 value = 0;
  bool exact = false;

  /// Rounded up. A value that is not exact must be below 2^128 - 1: else this wraps to 0.
  u128 up() const { return value + (exact ? 0 : 1); }
};

namespace limbs {

/// All bits set where `x` holds, else 0.
constexpr uint64_t mask_where(bool x) {
  return uint64_t{0} - static_cast<uint64_t>(x);
}

/// reciprocal_of (rules/math/u256.hpp) for the same divisors of two limbs with the top bit set,
/// without its branches: which correction a divisor needs cannot be predicted. It takes longer to
/// arrive and spoils no prediction: for a division whose quotient is waited for by little else.
[[gnu::always_inline]] constexpr uint64_t branchless_reciprocal_of(uint64_t high, uint64_t low) {
  uint64_t rest = 0;
  uint64_t x = divide_2_by_1(~high, ~uint64_t{0}, high, rest);
  uint64_t p = high * x + low;
  const uint64_t once = mask_where(p < low);
  const uint64_t twice = once & mask_where(p >= high);
  x += once + twice;
  p -= (high & once) + (high & twice);
  const u128 t = u128{x} * low;
  const auto t_high = static_cast<uint64_t>(t >> 64);
  p += t_high;
  const uint64_t over = mask_where(p < t_high);
  const u128 both = (u128{p} << 64) | static_cast<uint64_t>(t);
  return x + over + (over & mask_where(both >= ((u128{high} << 64) | low)));
}

/// divide_3_by_2 (rules/math/u256.hpp) with the same arguments, without the branch that cannot be
/// predicted.
[[gnu::always_inline]] constexpr uint64_t
branchless_3_by_2(u128& rest, uint64_t low, u128 divisor, uint64_t reciprocal) {
  const u128 guess = u128{reciprocal} * static_cast<uint64_t>(rest >> 64) + rest;
  auto quotient = static_cast<uint64_t>(guess >> 64);
  const auto top = static_cast<uint64_t>(rest) - quotient * static_cast<uint64_t>(divisor >> 64);
  u128 left = ((u128{top} << 64) | low) - u128{quotient} * static_cast<uint64_t>(divisor) - divisor;
  const uint64_t back
    = mask_where(static_cast<uint64_t>(left >> 64) >= static_cast<uint64_t>(guess));
  quotient += 1 + back;
  left += divisor & ((u128{back} << 64) | back);
  if (left >= divisor) [[unlikely]] {
    ++quotient;
    left -= divisor;
  }
  rest = left;
  return quotient;
}

} // namespace limbs

/// A divisor of 1 to 2^128 - 1 that stays for a while: what depends on it alone is kept.
class steady_divisor {
public:
  /// Divides nothing; its value is 0.
  steady_divisor() = default;
  /// 0 gives one that divides nothing. No error.
  explicit steady_divisor(u128 value) : value_(value) {
    if (value == 0)
      return;
    const auto high = static_cast<uint64_t>(value >> 64);
    shift_ = static_cast<unsigned>(high != 0 ? std::countl_zero(high)
                                             : 64 + std::countl_zero(static_cast<uint64_t>(value)));
    normal_ = value << shift_;
    reciprocal_
      = limbs::reciprocal_of(static_cast<uint64_t>(normal_ >> 64), static_cast<uint64_t>(normal_));
  }

  /// 0 (divides nothing) to 2^128 - 1.
  u128 value() const { return value_; }

  /// (high * 2^128 + low) / value, 0 to 2^128 - 1, rounded down. Needs high < value, so a value
  /// above 0 (not checked: else the quotient means nothing).
  [[gnu::always_inline]] quotient128 divide(u128 high, u128 low) const {
    return divide_by_digits<false>(high, low);
  }
  /// The same by branchless digits: sooner where little else waits for the quotient.
  [[gnu::always_inline]] quotient128 divide_branchless(u128 high, u128 low) const {
    return divide_by_digits<true>(high, low);
  }

  /// What is kept follows from the value.
  bool operator==(const steady_divisor& other) const { return value_ == other.value_; }

private:
  template <bool branchless>
  [[gnu::always_inline]] quotient128 divide_by_digits(u128 high, u128 low) const {
    u128 rest = (high << shift_) | ((low >> 1) >> (127 - shift_));
    low <<= shift_;
    const auto digit = [&](uint64_t next) {
      return branchless ? limbs::branchless_3_by_2(rest, next, normal_, reciprocal_)
                        : limbs::divide_3_by_2(rest, next, normal_, reciprocal_);
    };
    const uint64_t upper = digit(static_cast<uint64_t>(low >> 64));
    const uint64_t lower = digit(static_cast<uint64_t>(low));
    return {(u128{upper} << 64) | lower, rest == 0};
  }

  u128 value_ = 0;
  u128 normal_ = 0; // shifted until the top bit is set
  uint64_t reciprocal_ = 0;
  unsigned shift_ = 0;
};

/// The liquidity L of a stretch of prices, 0 (none is there) to 2^128 - 1, as all that happens
/// there divides by it.
using stretch = steady_divisor;

/// 384 bits, least significant limb first.
using six_limbs = std::array<uint64_t, 6>;

/// a * b, exact: 0 to (2^128 - 1)^2, so no overflow.
[[gnu::always_inline]] constexpr u256 multiply_128(u128 a, u128 b) {
  const auto a0 = static_cast<uint64_t>(a), a1 = static_cast<uint64_t>(a >> 64);
  const auto b0 = static_cast<uint64_t>(b), b1 = static_cast<uint64_t>(b >> 64);
  const u128 low = u128{a0} * b0;
  const u128 cross = u128{a0} * b1 + static_cast<uint64_t>(low >> 64);
  const u128 cross2 = u128{a1} * b0 + static_cast<uint64_t>(cross);
  const u128 high
    = u128{a1} * b1 + static_cast<uint64_t>(cross >> 64) + static_cast<uint64_t>(cross2 >> 64);
  return u256::from_limbs({static_cast<uint64_t>(low), static_cast<uint64_t>(cross2),
                           static_cast<uint64_t>(high), static_cast<uint64_t>(high >> 64)});
}

/// a * b, exact: below 2^384, so no overflow.
inline six_limbs multiply_256_by_128(const u256& a, u128 b) {
  six_limbs product{};
  const std::array<uint64_t, 2> by{static_cast<uint64_t>(b), static_cast<uint64_t>(b >> 64)};
  for (size_t j = 0; j < 2; ++j) {
    uint64_t carry = 0;
    for (size_t i = 0; i < 4; ++i) {
      const u128 x = u128{a.limb(i)} * by[j] + product[i + j] + carry;
      product[i + j] = static_cast<uint64_t>(x);
      carry = static_cast<uint64_t>(x >> 64);
    }
    product[j + 4] = carry;
  }
  return product;
}

/// x * 2^96, exact: below 2^352, so no overflow.
inline six_limbs shift_left_96(const u256& x) {
  return {0,
          x.limb(0) << 32,
          (x.limb(1) << 32) | (x.limb(0) >> 32),
          (x.limb(2) << 32) | (x.limb(1) >> 32),
          (x.limb(3) << 32) | (x.limb(2) >> 32),
          x.limb(3) >> 32};
}

namespace limbs {

/// num / den, rounded down. Needs `num` < `den` * 2^128 and a `den` of exactly n limbs, 2 to 4 (not
/// checked).
template <size_t n>
quotient128 divide_narrowly(const six_limbs& num, const u256& den) {
  const auto shift = static_cast<unsigned>(std::countl_zero(den.limb(n - 1)));
  const auto above = [shift](uint64_t high, uint64_t low) {
    return (high << shift) | ((low >> 1) >> (63 - shift));
  };
  uint64_t v[n] = {};
  for (size_t i = n; i-- > 1;)
    v[i] = above(den.limb(i), den.limb(i - 1));
  v[0] = den.limb(0) << shift;
  uint64_t u[n + 2] = {};
  for (size_t i = n + 2; i-- > 1;)
    u[i] = above(num[i], num[i - 1]);
  u[0] = num[0] << shift;
  const u128 divisor = (u128{v[n - 1]} << 64) | v[n - 2];
  const uint64_t reciprocal = reciprocal_of(v[n - 1], v[n - 2]);
  uint64_t upper = 0;
  if (u[n + 1] != 0 || ((u128{u[n]} << 64) | u[n - 1]) >= divisor)
    upper = digit<n>(u + 1, v, divisor, reciprocal);
  const uint64_t lower = digit<n>(u, v, divisor, reciprocal);
  uint64_t rest = 0;
  for (size_t i = 0; i < n; ++i)
    rest |= u[i];
  return {(u128{upper} << 64) | lower, rest == 0};
}

} // namespace limbs

/// num / den, rounded down, 0 to 2^128 - 1; none when the quotient exceeds 128 bits or `den` is
/// below 2^64 (0 as well).
inline std::optional<quotient128> divide_to_128(const six_limbs& num, const u256& den) {
  const auto high = u256::from_limbs({num[2], num[3], num[4], num[5]});
  if (high >= den)
    return std::nullopt;
  if (den.limb(3) != 0)
    return limbs::divide_narrowly<4>(num, den);
  if (den.limb(2) != 0)
    return limbs::divide_narrowly<3>(num, den);
  if (den.limb(1) != 0)
    return limbs::divide_narrowly<2>(num, den);
  return std::nullopt;
}

} // namespace sluice
