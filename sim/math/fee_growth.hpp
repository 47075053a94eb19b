/// What a fee adds to the growth that each unit of liquidity earns.
#pragma once

#include "sim/math/divisors.hpp"
#include "sim/math/full_math.hpp"
#include "sim/math/sqrt_price_math.hpp"

#include <optional>

namespace sluice {

/// floor(fee * 2^128 / liquidity): the fee growth (Q128.128, 0 to 2^256 - 1) of each unit of L that
/// a fee in the token's smallest units brings (UniswapV3Pool.swap). None when it exceeds 256 bits,
/// where the contract reverts. `liquidity` must not be 0 (not checked: undefined).
[[gnu::noinline]] inline std::optional<u256> growth_of(const u256& fee, u128 liquidity) {
  if (fee.fits_u128())
    return (fee << 128) / liquidity;
  return mul_div(fee, q128, liquidity);
}

/// The same where the liquidity, which must not be 0, stays for a while.
inline std::optional<u256> growth_of(const u256& fee, const stretch& here) {
  if (fee < here.value()) // then the quotient has 128 bits
    return u256{here.divide(static_cast<u128>(fee), 0).value};
  return growth_of(fee, here.value());
}

/// The same of a fee below 2^128, which always fits 256 bits.
[[gnu::always_inline]] inline u256 growth_of_narrow(u128 fee, const stretch& here) {
  if (fee < here.value()) [[likely]]
    return here.divide_branchless(fee, 0).value;
  return *growth_of(u256{fee}, here.value());
}

} // namespace sluice
