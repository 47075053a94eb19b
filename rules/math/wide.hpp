/// Unsigned integers wider than 256 bits, as far as exact bounds and values need them.
#pragma once

#include "rules/math/u256.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sluice {

/// An unsigned integer, 0 to 2^(64 * N) - 1, in N limbs of 64 bits, least significant first.
template <size_t N>
struct wide {
  std::array<uint64_t, N> limbs{};

  constexpr bool operator==(const wide&) const = default;
  constexpr std::strong_ordering operator<=>(const wide& other) const {
    for (size_t i = N; i-- > 0;)
      if (limbs[i] != other.limbs[i])
        return limbs[i] <=> other.limbs[i];
    return std::strong_ordering::equal;
  }
};

/// The same number in N limbs, exact: N is 4 or more.
template <size_t N>
constexpr wide<N> widen(const u256& x) {
  static_assert(N >= 4);
  wide<N> y;
  for (size_t i = 0; i < 4; ++i)
    y.limbs[i] = x.limb(i);
  return y;
}

/// Sum modulo 2^(64 * N): a carry out of the top limb is lost, so choose N with space for it.
template <size_t N>
constexpr wide<N> operator+(const wide<N>& a, const wide<N>& b) {
  wide<N> sum;
  uint64_t carry = 0;
  for (size_t i = 0; i < N; ++i) {
    const u128 x = u128{a.limbs[i]} + b.limbs[i] + carry;
    sum.limbs[i] = static_cast<uint64_t>(x);
    carry = static_cast<uint64_t>(x >> 64);
  }
  return sum;
}

/// Exact product: N + M limbs always hold it.
template <size_t N, size_t M>
constexpr wide<N + M> operator*(const wide<N>& a, const wide<M>& b) {
  wide<N + M> product;
  for (size_t i = 0; i < N; ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < M; ++j) {
      const u128 x = u128{a.limbs[i]} * b.limbs[j] + product.limbs[i + j] + carry;
      product.limbs[i + j] = static_cast<uint64_t>(x);
      carry = static_cast<uint64_t>(x >> 64);
    }
    product.limbs[i + M] = carry;
  }
  return product;
}

/// floor(a / divisor), at most `a`; divisor is not 0 (not checked: undefined).
template <size_t N>
constexpr wide<N> divide(wide<N> a, uint64_t divisor) {
  uint64_t rest = 0;
  for (size_t i = N; i-- > 0;) {
    const u128 x = u128{rest} << 64 | a.limbs[i];
    a.limbs[i] = static_cast<uint64_t>(x / divisor);
    rest = static_cast<uint64_t>(x % divisor);
  }
  return a;
}

/// floor(a / 2^(64 * limbs_dropped)), 0 to 2^256 - 1; none when that needs more than 256 bits.
template <size_t N>
constexpr std::optional<u256> narrow(const wide<N>& a, size_t limbs_dropped = 0) {
  u256 x;
  for (size_t i = N; i-- > limbs_dropped;) {
    if (i >= limbs_dropped + 4 && a.limbs[i] != 0)
      return std::nullopt;
    x = (x << 64) | u256{a.limbs[i]};
  }
  return x;
}

} // namespace sluice
