/// What the user says of a pool on the command line (--pool).
#pragma once

#include "rules/math/u256.hpp"
#include "rules/pool/pool_event.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sluice::io {

/// What the user says of a pool because the file does not, or says wrongly.
struct pool_overrides {
  std::optional<uint32_t> fee;
  std::optional<int32_t> tick_spacing;
  std::optional<uint8_t> decimals0;
  std::optional<uint8_t> decimals1;
  std::optional<u256> sqrt_price_x96; // the first price
  std::optional<pool_kind> kind;
  // Slipstream only:
  std::optional<uint32_t> unstaked_fee;
  std::optional<address> gauge;
  std::optional<address> position_manager;
  std::optional<u256> reward_rate;      // per second, from the pool's first event on
  std::optional<uint32_t> reward_until; // unix seconds
  bool operator==(const pool_overrides&) const = default;
};

/// "fee=500,tick-spacing=10,decimals0=6,decimals1=18,sqrt-price-x96=..."; any subset, each once.
/// Errors name the flag --pool and the key.
result<pool_overrides> parse_pool_overrides(std::string_view text);

/// `terms` with what the user says. A pool that becomes Slipstream by it has the standard fee of
/// its tick spacing and an unstaked fee of 10 %.
pool_terms apply(const pool_overrides& overrides, pool_terms terms);

/// The standard fee of a Slipstream tick spacing; none for other spacings.
std::optional<uint32_t> slipstream_fee_of(int32_t tick_spacing);

/// Puts the rewards that the user says into the first block that has a time, behind the pool's
/// birth. Refuses them on a Uniswap pool and where no block has a time before their end.
result<nothing> reward_from_birth(const pool_overrides& overrides, const pool_terms& terms,
                                  std::vector<feed_block>& blocks);

} // namespace sluice::io
