/// The pool's price as people read it.
#pragma once

#include "rules/pool/pool_event.hpp"

namespace sluice {

/// Token1 per token0 in whole tokens: (sqrtPriceX96 / 2^96)^2 * 10^(decimals0 - decimals1), in
/// double precision, 0 or more. The price is any u256; no error.
double whole_price(const u256& sqrt_price_x96, const pool_terms& terms);

/// Smallest units in whole tokens: amount / 10^decimals, in double precision; no error.
double whole_amount(const u256& amount, uint8_t decimals);

} // namespace sluice
