#include "sim/math/tick_math.hpp"

#include <array>

namespace sluice {

namespace {

constexpr u128 u128_of(uint64_t high, uint64_t low) {
  return (u128{high} << 64) | low;
}

/// 2^128 / sqrt(1.0001^(2^i)): the factor of the tick's i-th bit.
constexpr std::array<u128, 20> factors{
  u128_of(0xfffcb933bd6fad37, 0xaa2d162d1a594001), u128_of(0xfff97272373d4132, 0x59a46990580e213a),
  u128_of(0xfff2e50f5f656932, 0xef12357cf3c7fdcc), u128_of(0xffe5caca7e10e4e6, 0x1c3624eaa0941cd0),
  u128_of(0xffcb9843d60f6159, 0xc9db58835c926644), u128_of(0xff973b41fa98c081, 0x472e6896dfb254c0),
  u128_of(0xff2ea16466c96a38, 0x43ec78b326b52861), u128_of(0xfe5dee046a99a2a8, 0x11c461f1969c3053),
  u128_of(0xfcbe86c7900a88ae, 0xdcffc83b479aa3a4), u128_of(0xf987a7253ac41317, 0x6f2b074cf7815e54),
  u128_of(0xf3392b0822b70005, 0x940c7a398e4b70f3), u128_of(0xe7159475a2c29b74, 0x43b29c7fa6e889d9),
  u128_of(0xd097f3bdfd2022b8, 0x845ad8f792aa5825), u128_of(0xa9f746462d870fdf, 0x8a65dc1f90e061e5),
  u128_of(0x70d869a156d2a1b8, 0x90bb3df62baf32f7), u128_of(0x31be135f97d08fd9, 0x81231505542fcfa6),
  u128_of(0x09aa508b5b7a84e1, 0xc677de54f3e99bc9), u128_of(0x005d6af8dedb8119, 0x6699c329225ee604),
  u128_of(0x00002216e584f5fa, 0x1ea926041bedfe98), u128_of(0x00000000048a1703, 0x91f7dc42444e8fa2),
};

struct wide_product {
  u128 high = 0;
  u128 low = 0;
};

[[gnu::always_inline]] inline wide_product multiply(u128 a, u128 b) {
  auto a0 = static_cast<uint64_t>(a);
  auto a1 = static_cast<uint64_t>(a >> 64);
  auto b0 = static_cast<uint64_t>(b);
  auto b1 = static_cast<uint64_t>(b >> 64);
  u128 low = u128{a0} * b0;
  u128 cross = u128{a0} * b1 + static_cast<uint64_t>(low >> 64);
  u128 cross2 = u128{a1} * b0 + static_cast<uint64_t>(cross);
  u128 high
    = u128{a1} * b1 + static_cast<uint64_t>(cross >> 64) + static_cast<uint64_t>(cross2 >> 64);
  return {high, (cross2 << 64) | static_cast<uint64_t>(low)};
}

/// The top 32 bits of a 256-bit number in two's complement, as floor(x / 2^128).
int32_t floor_of_128_fraction_bits(const u256& x) {
  return static_cast<int32_t>(x.limb(2));
}

} // namespace

u256 sqrt_ratio_at_tick(int32_t tick) {
  auto bits = static_cast<uint32_t>(tick < 0 ? -tick : tick);
  if (bits == 0)
    return u256{1} << 96;
  auto first = static_cast<size_t>(std::countr_zero(bits));
  u128 ratio = factors[first]; // Q128 below one: 1 itself would not fit
  for (size_t i = first + 1; i < factors.size(); ++i)
    if ((bits >> i) & 1)
      ratio = multiply(ratio, factors[i]).high;
  u256 x = tick > 0 ? u256::max() / ratio : u256{ratio};
  bool exact = static_cast<uint32_t>(x.limb(0)) == 0;
  return (x >> 32) + (exact ? 0 : 1); // Q128.128 to Q128.96, upwards
}

int32_t tick_at_sqrt_ratio(const u256& sqrt_price_x96) {
  unsigned msb = sqrt_price_x96.bit_width() - 1 + 32; // of the price as Q128.128
  auto r = static_cast<u128>(msb - 32 >= 127 ? sqrt_price_x96 >> (msb - 32 - 127)
                                             : sqrt_price_x96 << (127 - (msb - 32)));
  auto log2 = static_cast<i128>(static_cast<int>(msb) - 128) * (i128{1} << 64); // Q64.64
  for (int bit = 63; bit >= 50; --bit) {
    auto square = multiply(r, r); // in [2^254, 2^256): its top bit is the next digit
    bool digit = (square.high >> 127) != 0;
    log2 |= i128{digit} << bit;
    r = digit ? square.high : (square.high << 1) | (square.low >> 127);
  }
  constexpr u256 log2_to_ticks = *u256::parse("255738958999603826347141");
  constexpr u256 error_below = *u256::parse("3402992956809132418596140100660247210");
  constexpr u256 error_above = *u256::parse("291339464771989622907027621153398088495");
  u256 log = i256(log2).bits() * log2_to_ticks;
  int32_t low = floor_of_128_fraction_bits(log - error_below);
  int32_t high = floor_of_128_fraction_bits(log + error_above);
  if (low == high)
    return low;
  return sqrt_ratio_at_tick(high) <= sqrt_price_x96 ? high : low;
}

} // namespace sluice
