/// Finds the fee that a Slipstream pool had in a recorded swap, which no event reports.
#pragma once

#include "sim/pool/pool.hpp"

#include <optional>

namespace sluice {

/// Fees in hundredths of a basis point, both included, 0 to slipstream_fee_max.
struct fee_range {
  uint32_t low = 0;
  uint32_t high = 0;
  bool operator==(const fee_range&) const = default;
};

/// All fees up to `slipstream_fee_max` with which `order`, executed on `at`, leads to the
/// recorded price (exact input) or costs the recorded input (exact output; stopped at its limit).
/// They are neighbours: with a higher fee an exact input never gets further, and the other two,
/// whose path no fee changes, never cost less. Anything else that the record states is left to the
/// caller to compare. `at` is a Slipstream pool; it is tried on and left as it was. `now` is the
/// block time in unix seconds modulo 2^32. None when no fee fits.
std::optional<fee_range>
fees_that_fit(pool& at, const pool_event& record, const swap_request& order, uint32_t now);

} // namespace sluice
