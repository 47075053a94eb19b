/// Products of 512 bits and what Uniswap's FullMath makes of them.
#pragma once

#include "sim/u256.hpp"

#include <array>
#include <optional>

namespace sluice {

class u512;

/// Quotient and remainder of `u512::divmod`.
struct u512_division;

/// Just wide enough for the product of two u256.
class u512 {
public:
  constexpr u512() = default;

  static constexpr u512 mul(const u256& a, const u256& b) {
    u512 product;
    for (size_t i = 0; i < 4; ++i) {
      if (a.limb(i) == 0)
        continue;
      uint64_t carry = 0;
      for (size_t j = 0; j < 4; ++j) {
        u128 x = u128{a.limb(i)} * b.limb(j) + product.limbs_[i + j] + carry;
        product.limbs_[i + j] = static_cast<uint64_t>(x);
        carry = static_cast<uint64_t>(x >> 64);
      }
      product.limbs_[i + 4] = carry;
    }
    return product;
  }

  constexpr u256 low() const {
    return u256::from_limbs({limbs_[0], limbs_[1], limbs_[2], limbs_[3]});
  }
  constexpr u256 high() const {
    return u256::from_limbs({limbs_[4], limbs_[5], limbs_[6], limbs_[7]});
  }
  /// `divisor` must not be zero.
  constexpr u512_division divmod(const u256& divisor) const;

  constexpr bool operator==(const u512&) const = default;

private:
  std::array<uint64_t, 8> limbs_{};
};

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

/// A quotient that fits, and whether the division left something.
struct mul_div_answer {
  u256 quotient;
  bool exact = false;
};

/// a * b / d with all 512 bits in between; none when `d` is 0 or the quotient exceeds 256 bits.
constexpr std::optional<mul_div_answer>
mul_div_exactly(const u256& a, const u256& b, const u256& d) {
  u512 product = u512::mul(a, b);
  u256 high = product.high();
  if (high.is_zero()) {
    if (d.is_zero())
      return std::nullopt;
    auto rest = product.low().limbs();
    u256 quotient = u256::from_limbs(limbs::divide(rest, d.limbs()));
    return mul_div_answer{quotient, u256::from_limbs(rest).is_zero()};
  }
  if (high >= d)
    return std::nullopt;
  auto [quotient, remainder] = product.divmod(d);
  return mul_div_answer{quotient.low(), remainder.is_zero()};
}

/// FullMath.mulDiv: floor(a * b / d); none where the contract reverts.
constexpr std::optional<u256> mul_div(const u256& a, const u256& b, const u256& d) {
  auto answer = mul_div_exactly(a, b, d);
  if (!answer)
    return std::nullopt;
  return answer->quotient;
}

/// FullMath.mulDivRoundingUp: ceil(a * b / d); none where the contract reverts.
constexpr std::optional<u256> mul_div_up(const u256& a, const u256& b, const u256& d) {
  auto answer = mul_div_exactly(a, b, d);
  if (!answer || (!answer->exact && answer->quotient == u256::max()))
    return std::nullopt;
  return answer->exact ? answer->quotient : answer->quotient + 1;
}

/// a * b, none when it exceeds 256 bits.
constexpr std::optional<u256> mul_checked(const u256& a, const u256& b) {
  if (a.bit_width() + b.bit_width() > 256) {
    u512 product = u512::mul(a, b);
    if (!product.high().is_zero())
      return std::nullopt;
    return product.low();
  }
  return a * b;
}

/// UnsafeMath.divRoundingUp: ceil(a / d), and 0 when `d` is 0, as the EVM divides.
constexpr u256 div_up(const u256& a, const u256& d) {
  if (d.is_zero())
    return {};
  auto rest = a.limbs();
  u256 quotient = u256::from_limbs(limbs::divide(rest, d.limbs()));
  return u256::from_limbs(rest).is_zero() ? quotient : quotient + 1;
}

} // namespace sluice
