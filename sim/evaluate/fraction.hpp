/// A fraction of many amounts, each rounded down, by multiplications.
#pragma once

#include "sim/math/divisors.hpp"

namespace sluice {

/// part / whole, at least 0 and below 1. Kept is r = floor(part * 2^128 / whole), so that amount *
/// part / whole = amount * r / 2^128 + d with 0 <= d < amount / 2^128: where the lower 128 bits of
/// amount * r plus the amount stay below 2^128, its upper bits are the floor
/// (docs/decisions/0014-plans-share-a-pool.md). The rare others are divided.
class fraction {
public:
  /// Of nothing: 0.
  fraction() = default;
  /// Needs part < whole, both 0 to 2^128 - 1 (not checked: else its answers mean nothing).
  fraction(u128 part, u128 whole)
    : part_(part), whole_(whole), ratio_(stretch(whole).divide(part, 0).value) {}

  /// floor(amount * part / whole), below 2^64.
  [[gnu::always_inline]] uint64_t of(uint64_t amount) const {
    const u128 low = u128{amount} * static_cast<uint64_t>(ratio_);
    const u128 high
      = u128{amount} * static_cast<uint64_t>(ratio_ >> 64) + static_cast<uint64_t>(low >> 64);
    if (static_cast<uint64_t>(high) == ~uint64_t{0}) [[unlikely]]
      return static_cast<uint64_t>(divided(amount));
    return static_cast<uint64_t>(high >> 64);
  }
  /// The same below 2^128.
  u128 of(u128 amount) const {
    const u256 product = multiply_128(amount, ratio_);
    if (static_cast<u128>(product) > u128_max - amount) [[unlikely]]
      return divided(amount);
    return static_cast<u128>(product >> 128);
  }

private:
  [[gnu::noinline, gnu::cold]] u128 divided(u128 amount) const {
    const u256 product = multiply_128(amount, part_);
    return stretch(whole_)
      .divide(static_cast<u128>(product >> 128), static_cast<u128>(product))
      .value;
  }

  u128 part_ = 0;
  u128 whole_ = 1;
  u128 ratio_ = 0;
};

} // namespace sluice
