/// What the user says of a pool on the command line (--pool).
#pragma once

#include "rules/result.hpp"
#include "sim/u256.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::net {

/// What the user says of a pool because the file does not, or says wrongly.
struct pool_overrides {
  std::optional<uint32_t> fee;
  std::optional<int32_t> tick_spacing;
  std::optional<uint8_t> decimals0;
  std::optional<uint8_t> decimals1;
  std::optional<u256> sqrt_price_x96; // the first price
  bool operator==(const pool_overrides&) const = default;
};

/// "fee=500,tick-spacing=10,decimals0=6,decimals1=18,sqrt-price-x96=..."; any subset, each once.
/// Errors name the flag --pool and the key.
result<pool_overrides> parse_pool_overrides(std::string_view text);

} // namespace sluice::net
