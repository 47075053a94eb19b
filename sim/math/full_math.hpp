/// Products of 512 bits and what Uniswap's FullMath makes of them.
#pragma once

#include "sim/math/divisors.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace sluice {

class u512;

/// Quotient and remainder of `u512::divmod`.
struct u512_division;

/// An unsigned integer of 0 to 2^512 - 1: just wide enough for the product of two u256.
class u512 {
public:
  constexpr u512() = default;

  /// a * b, exact: no overflow.
  static constexpr u512 mul(const u256& a, const u256& b) {
    u512 product;
    uint64_t row[8] = {};
#pragma GCC unroll 4
    for (size_t i = 0; i < 4; ++i) {
      uint64_t carry = 0;
#pragma GCC unroll 4
      for (size_t j = 0; j < 4; ++j) {
        const u128 x = u128{a.limb(i)} * b.limb(j) + row[i + j] + carry;
        row[i + j] = static_cast<uint64_t>(x);
        carry = static_cast<uint64_t>(x >> 64);
      }
      row[i + 4] = carry;
    }
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; ++i)
      product.limbs_[i] = row[i];
    return product;
  }

  /// The lower 256 bits: the number modulo 2^256.
  constexpr u256 low() const {
    return u256::from_limbs({limbs_[0], limbs_[1], limbs_[2], limbs_[3]});
  }
  /// The upper 256 bits: floor(number / 2^256).
  constexpr u256 high() const {
    return u256::from_limbs({limbs_[4], limbs_[5], limbs_[6], limbs_[7]});
  }
  /// 64 bits each, the least significant first.
  constexpr const std::array<uint64_t, 8>& limbs() const {
    return limbs_;
  }
  /// Quotient, rounded down, and remainder. `divisor` must not be zero (not checked: undefined).
  constexpr u512_division divmod(const u256& divisor) const;

  constexpr bool operator==(const u512&) const = default;

private:
  std::array<uint64_t, 8> limbs_{};
};

/// A quotient of 0 to 2^512 - 1, and the remainder, which is below the divisor.
struct u512_division {
  u512 quotient;
  u256 remainder;
};

constexpr u512_division u512::divmod(const u256& divisor) const {
  u512_division answer;
  auto rest = limbs_;
  answer.quotient.limbs_ = limbs::divide(rest, divisor.limbs());
  answer.remainder = u256::from_limbs({rest[0], rest[1], rest[2], rest[3]});
  return answer;
}

namespace limbs {

/// a * b modulo 2^256; no error.
constexpr u256 times(const u256& a, uint64_t b) {
  std::array<uint64_t, 4> product{};
  uint64_t carry = 0;
  for (size_t i = 0; i < 4; ++i) {
    const u128 x = u128{a.limb(i)} * b + carry;
    product[i] = static_cast<uint64_t>(x);
    carry = static_cast<uint64_t>(x >> 64);
  }
  return u256::from_limbs(product);
}

/// The quotient by one limb other than 0, which must fit four limbs (not checked: else undefined);
/// answers whether nothing is left. So many digits as there may be: to look for the first one costs
/// more than to divide.
template <size_t N>
constexpr bool
divide_by_one(const std::array<uint64_t, N>& num, uint64_t den, std::array<uint64_t, 4>& quotient) {
  uint64_t rest = 0;
  const bool above = num[2] != 0 || num[3] != 0 || (N > 4 && num[4] != 0);
  if (above) {
    if constexpr (N > 4)
      rest = num[4]; // below `den`
    if ((rest | num[3]) != 0)
      quotient[3] = divide_2_by_1(rest, num[3], den, rest);
    quotient[2] = divide_2_by_1(rest, num[2], den, rest);
  }
  quotient[1] = divide_2_by_1(rest, num[1], den, rest);
  quotient[0] = divide_2_by_1(rest, num[0], den, rest);
  return rest == 0;
}

/// The same by n >= 2 limbs, as `divide_by`; m is at most n + 4.
template <size_t n, size_t N>
constexpr bool
divide_by_more(const std::array<uint64_t, N>& num, size_t m, const std::array<uint64_t, 4>& den,
               std::array<uint64_t, 4>& quotient) {
  const auto shift = static_cast<unsigned>(std::countl_zero(den[n - 1]));
  const auto above = [shift](uint64_t high, uint64_t low) {
    return (high << shift) | ((low >> 1) >> (63 - shift));
  };
  uint64_t v[n] = {};
  for (size_t i = n; i-- > 1;)
    v[i] = above(den[i], den[i - 1]);
  v[0] = den[0] << shift;
  uint64_t u[N + 1] = {};
  u[m] = above(0, num[m - 1]);
  for (size_t i = m; i-- > 1;)
    u[i] = above(num[i], num[i - 1]);
  u[0] = num[0] << shift;
  const u128 divisor = (u128{v[n - 1]} << 64) | v[n - 2];
  const uint64_t reciprocal = reciprocal_of(v[n - 1], v[n - 2]);
  for (size_t j = std::min(m - n + 1, quotient.size()); j-- > 0;) // a fifth digit is 0
    quotient[j] = digit<n>(u + j, v, divisor, reciprocal);
  uint64_t rest = 0;
  for (size_t i = 0; i < n; ++i)
    rest |= u[i];
  return rest == 0;
}

/// The quotient of any number by a divisor other than 0, as far as it fits four limbs.
template <size_t N>
constexpr bool
divide_to_four(const std::array<uint64_t, N>& num, const std::array<uint64_t, 4>& den,
               std::array<uint64_t, 4>& quotient) {
  const size_t n = used(den);
  if (n == 1)
    return divide_by_one(num, den[0], quotient);
  const size_t m = used(num);
  if (m < n)
    return m == 0;
  if (n == 2)
    return divide_by_more<2>(num, m, den, quotient);
  if (n == 3)
    return divide_by_more<3>(num, m, den, quotient);
  return divide_by_more<4>(num, N == 8 ? N : m, den, quotient); // known beforehand: unrolled
}

/// num / 2^bits, as far as it fits four limbs; bits >= 64.
template <size_t N>
constexpr bool divide_by_power(const std::array<uint64_t, N>& num, unsigned bits,
                               std::array<uint64_t, 4>& quotient) {
  const size_t whole = bits / 64;
  const unsigned part = bits % 64;
  uint64_t rest = num[whole] & ((uint64_t{1} << part) - 1);
  for (size_t i = 0; i < whole; ++i)
    rest |= num[i];
  const auto limb = [&num](size_t i) { return i < N ? num[i] : 0; };
  for (size_t i = 0; i < 4; ++i)
    quotient[i] = (limb(whole + i) >> part) | ((limb(whole + i + 1) << 1) << (63 - part));
  return rest == 0;
}

} // namespace limbs

namespace limbs {

/// floor(a * b / d), 0 to 2^256 - 1, with all 512 bits in between, and whether it is exact; false
/// when `d` is 0 or the quotient exceeds 256 bits.
constexpr bool
mul_div_to(u256& quotient, bool& exact, const u256& a, const u256& b, const u256& d) {
  const auto& den = d.limbs();
  const bool is_shift = den[0] == 0 && d.has_single_bit();
  std::array<uint64_t, 4> digits{};
  const bool short_ones = a.fits_u128() && b.fits_u128();
  if (short_ones || a.bit_width() + b.bit_width() <= 256) {
    if (d.is_zero())
      return false;
    const u256 product = short_ones ? multiply_128(static_cast<u128>(a), static_cast<u128>(b))
                         : a.bit_width() <= 64 ? times(b, a.limb(0))
                         : b.bit_width() <= 64 ? times(a, b.limb(0))
                                               : a * b;
    exact = is_shift ? divide_by_power(product.limbs(), d.bit_width() - 1, digits)
                     : divide_to_four(product.limbs(), den, digits);
  } else {
    const u512 product = u512::mul(a, b);
    const u256 high = product.high();
    if (high >= d) // so too when d is 0
      return false;
    exact = is_shift         ? divide_by_power(product.limbs(), d.bit_width() - 1, digits)
            : high.is_zero() ? divide_to_four(product.low().limbs(), den, digits)
                             : divide_to_four(product.limbs(), den, digits);
  }
  quotient = u256::from_limbs({digits[0], digits[1], digits[2], digits[3]});
  return true;
}

} // namespace limbs

/// FullMath.mulDiv: floor(a * b / d), 0 to 2^256 - 1; none where the contract reverts: `d` is 0 or
/// the quotient exceeds 256 bits.
constexpr std::optional<u256> mul_div(const u256& a, const u256& b, const u256& d) {
  std::optional<u256> answer{u256{}};
  bool exact = false;
  if (!limbs::mul_div_to(*answer, exact, a, b, d))
    answer.reset();
  return answer;
}

/// FullMath.mulDivRoundingUp: ceil(a * b / d), 0 to 2^256 - 1; none where the contract reverts: `d`
/// is 0 or the rounded quotient exceeds 256 bits.
constexpr std::optional<u256> mul_div_up(const u256& a, const u256& b, const u256& d) {
  std::optional<u256> answer{u256{}};
  bool exact = false;
  if (!limbs::mul_div_to(*answer, exact, a, b, d) || (!exact && *answer == u256::max()))
    answer.reset();
  else if (!exact)
    *answer += 1;
  return answer;
}

/// a * b, 0 to 2^256 - 1; none when it exceeds 256 bits.
constexpr std::optional<u256> mul_checked(const u256& a, const u256& b) {
  if (a.bit_width() + b.bit_width() > 256) {
    u512 product = u512::mul(a, b);
    if (!product.high().is_zero())
      return std::nullopt;
    return product.low();
  }
  return a * b;
}

/// UnsafeMath.divRoundingUp: ceil(a / d), 0 to 2^256 - 1, and 0 when `d` is 0, as the EVM divides;
/// no error.
constexpr u256 div_up(const u256& a, const u256& d) {
  if (d.is_zero())
    return {};
  auto rest = a.limbs();
  u256 quotient = u256::from_limbs(limbs::divide(rest, d.limbs()));
  return u256::from_limbs(rest).is_zero() ? quotient : quotient + 1;
}

} // namespace sluice
