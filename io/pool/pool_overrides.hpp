/// What the user gives for a pool on the command line (--pool).
#pragma once

#include "rules/math/u256.hpp"
#include "rules/pool/pool_event.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sluice::io {

/// What the user states of a pool because the file does not, or wrongly. Fees are hundredths of a
/// basis point.
struct pool_overrides {
  std::optional<uint32_t> fee;         // 0 to 999999
  std::optional<int32_t> tick_spacing; // 1 to 16383
  std::optional<uint8_t> decimals0;    // 0 to 255, as the next
  std::optional<uint8_t> decimals1;
  std::optional<u256> sqrt_price_x96; // the first price, min_sqrt_ratio to below max_sqrt_ratio
  std::optional<pool_kind> kind;
  // Slipstream only:
  std::optional<uint32_t> unstaked_fee; // 0 to 1000000
  std::optional<address> gauge;
  std::optional<address> position_manager;
  std::optional<u256> reward_rate; // smallest units per second from the first event on, below 2^128
  std::optional<uint32_t> reward_until; // unix seconds, 1 to 2^32 - 1
  bool operator==(const pool_overrides&) const = default;
};

/// "fee=500,tick-spacing=10,decimals0=6,decimals1=18,sqrt-price-x96=..."; any subset, each once, in
/// the ranges above. Errors, ec::bad_input, name the flag --pool and the key.
result<pool_overrides> parse_pool_overrides(std::string_view text);

/// `terms` with what the user gives. A pool that becomes Slipstream by it has the standard fee of
/// its tick spacing and an unstaked fee of 10 %. No error.
pool_terms apply(const pool_overrides& overrides, pool_terms terms);

/// The standard fee of a Slipstream tick spacing in hundredths of a basis point, 100 to 10000; none
/// for other spacings.
std::optional<uint32_t> slipstream_fee_of(int32_t tick_spacing);

/// Puts the rewards that the user gives into the first block that has a time, behind the pool's
/// initialization. Refuses them on a Uniswap pool and where no block has a time before their end.
/// Refused with ec::bad_input.
result<nothing> reward_from_initialization(const pool_overrides& overrides, const pool_terms& terms,
                                           std::vector<feed_block>& blocks);

} // namespace sluice::io
