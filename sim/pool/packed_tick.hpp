/// A tick in 95 bytes, as long as its numbers are of the sizes that pools have.
#pragma once

#include "sim/pool/oracle.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace sluice {

static_assert(std::endian::native == std::endian::little);

/// A tick as it is stored, in the units of tick_info (pool_types.hpp). The contract clears a tick
/// with its last liquidity, so one that is stored is initialized and one that is not is all zeros.
struct tick_record {
  u128 liquidity_gross = 0;
  i128 liquidity_net = 0;
  u256 fee_growth_outside0_x128;
  u256 fee_growth_outside1_x128;
  int64_t tick_cumulative_outside = 0; // int56
  stored_u160 seconds_per_liquidity_outside_x128;
  uint32_t seconds_outside = 0;
  bool operator==(const tick_record&) const = default;
};

/// Liquidity below 2^95, fee growth below 2^160. An empty one stands for a tick that does not fit.
class packed_tick {
public:
  packed_tick() = default;
  /// False when it does not fit (a liquidity of 2^95 or more in size, a growth of 2^160 or more);
  /// then nothing has changed.
  bool pack(const tick_record& x) {
    constexpr auto liquidity_end = i128{1} << (8 * liquidity_bytes - 1);
    const auto fits = [](const u256& growth) { return growth.bit_width() <= 8 * growth_bytes; };
    if (x.liquidity_gross >= static_cast<u128>(liquidity_end) || x.liquidity_net >= liquidity_end
        || x.liquidity_net <= -liquidity_end || !fits(x.fee_growth_outside0_x128)
        || !fits(x.fee_growth_outside1_x128))
      return false;
    put_liquidity(gross_at, x.liquidity_gross);
    put_liquidity(net_at, static_cast<u128>(x.liquidity_net));
    put_u160(growth0_at, x.fee_growth_outside0_x128);
    put_u160(growth1_at, x.fee_growth_outside1_x128);
    put(cumulative_at, x.tick_cumulative_outside); // its last byte makes space for the next
    put_u160(per_liquidity_at, x.seconds_per_liquidity_outside_x128.value());
    put(seconds_at, x.seconds_outside);
    return true;
  }

  bool is_empty() const { return gross() == 0; }
  /// Liquidity L of all positions that end here, 0 (empty) to 2^95 - 1.
  u128 gross() const { return liquidity(gross_at); }
  /// Liquidity L that upwards crossing adds, from -(2^95 - 1) to 2^95 - 1.
  i128 net() const { return static_cast<i128>(liquidity(net_at) << 32) >> 32; }
  /// What was packed, or all zeros; no error.
  tick_record unpacked() const {
    return {gross(),
            net(),
            u160(growth0_at),
            u160(growth1_at),
            static_cast<int64_t>(get<uint64_t>(cumulative_at) << 8) >> 8,
            stored_u160(u160(per_liquidity_at)),
            get<uint32_t>(seconds_at)};
  }
  /// Tick.cross: what lies outside becomes what lies on the other side, up to these globals
  /// (Q128.128 growths, modulo 2^256), cumulatives and time (unix seconds modulo 2^32). False when
  /// a growth does not fit (2^160 or more); then nothing has changed.
  bool
  cross(const u256& growth0_x128, const u256& growth1_x128, const cumulatives& past, uint32_t now) {
    const u256 outside0 = growth0_x128 - u160(growth0_at);
    const u256 outside1 = growth1_x128 - u160(growth1_at);
    if ((outside0.limb(3) | outside1.limb(3)) != 0
        || (outside0.limb(2) | outside1.limb(2)) >> 32 != 0)
      return false;
    const u256 per_liquidity = past.seconds_per_liquidity_x128 - u160(per_liquidity_at);
    const auto seconds = now - get<uint32_t>(seconds_at);
    const auto cumulative
      = static_cast<uint64_t>(past.tick_cumulative) - get<uint64_t>(cumulative_at); // its low bytes
    put_u160(growth0_at, outside0);
    put_u160(growth1_at, outside1);
    put(cumulative_at, cumulative); // its last byte makes space for the next
    put_u160(per_liquidity_at, per_liquidity);
    put(seconds_at, seconds);
    return true;
  }
  bool operator==(const packed_tick&) const = default;

private:
  static constexpr size_t liquidity_bytes = 12;
  static constexpr size_t growth_bytes = 20;
  static constexpr size_t cumulative_bytes = 7;
  static constexpr size_t gross_at = 0;
  static constexpr size_t net_at = gross_at + liquidity_bytes;
  static constexpr size_t growth0_at = net_at + liquidity_bytes;
  static constexpr size_t growth1_at = growth0_at + growth_bytes;
  static constexpr size_t cumulative_at = growth1_at + growth_bytes;
  static constexpr size_t per_liquidity_at = cumulative_at + cumulative_bytes;
  static constexpr size_t seconds_at = per_liquidity_at + sizeof(stored_u160);

  // Whole words, one after the other: what is read soon after it was written comes from the
  // processor's queue of stores only when both have the same borders.
  template <class T>
  void put(size_t at, T x) {
    std::memcpy(bytes_.data() + at, &x, sizeof(x));
  }
  template <class T>
  T get(size_t at) const {
    T x;
    std::memcpy(&x, bytes_.data() + at, sizeof(x));
    return x;
  }
  void put_liquidity(size_t at, u128 x) {
    put(at, static_cast<uint64_t>(x));
    put(at + 8, static_cast<uint32_t>(x >> 64));
  }
  u128 liquidity(size_t at) const { return u128{get<uint32_t>(at + 8)} << 64 | get<uint64_t>(at); }
  void put_u160(size_t at, const u256& x) {
    put(at, x.limb(0));
    put(at + 8, x.limb(1));
    put(at + 16, static_cast<uint32_t>(x.limb(2)));
  }
  u256 u160(size_t at) const {
    return u256::from_limbs({get<uint64_t>(at), get<uint64_t>(at + 8), get<uint32_t>(at + 16), 0});
  }

  std::array<uint8_t, seconds_at + sizeof(uint32_t)> bytes_{};
};
static_assert(sizeof(packed_tick) == 95);

} // namespace sluice
