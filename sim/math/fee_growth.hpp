/// What a fee adds to the growth that each unit of liquidity earns.
#pragma once

#include "sim/math/divisors.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/sqrt_price_math.hpp"

#include <optional>

namespace sluice {

/// floor(fee * 2^128 / liquidity), none when it exceeds 256 bits; `liquidity` > 0.
[[gnu::noinline]] inline std::optional<u256> growth_of(const u256& fee, u128 liquidity) {
  if (fee.fits_u128())
    return (fee << 128) / liquidity;
  return mul_div(fee, q128, liquidity);
}

/// The same where the liquidity stays for a while.
inline std::optional<u256> growth_of(const u256& fee, const stretch& here) {
  if (fee < here.value()) // then the quotient has 128 bits
    return u256{here.divide(static_cast<u128>(fee), 0).value};
  return growth_of(fee, here.value());
}

} // namespace sluice
