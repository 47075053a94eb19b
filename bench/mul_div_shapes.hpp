/// The shapes of a * b / d that swaps are made of (facts/performance §1).
#pragma once

#include "rules/math/u256.hpp"

#include <algorithm>
#include <random>
#include <vector>

namespace sluice::bench {

/// The shapes of facts/performance §1, each with a thousand different numbers.
struct shape {
  std::vector<u256> a, b, d;
};

inline u256 random_bits(std::mt19937_64& luck, unsigned bits) {
  const u256 x = u256::from_limbs({luck(), luck(), luck(), luck()});
  return (x >> (256 - bits)) | (u256{1} << (bits - 1));
}

enum kind : int64_t { amount0, next_price, fee_growth, less_fee, amount1, any_widths, full };
constexpr const char* names[]
  = {"amount0", "next_price", "fee_growth", "less_fee", "amount1", "any_widths", "full"};

inline shape shape_of(int64_t which) {
  std::mt19937_64 luck(7);
  const auto width = [&luck](unsigned from, unsigned to) {
    return from + static_cast<unsigned>(luck() % (to - from + 1));
  };
  shape made;
  for (int i = 0; i < 1000; ++i) {
    const u256 liquidity = random_bits(luck, width(50, 64));
    const u256 price = random_bits(luck, width(80, 110));
    const u256 amount = random_bits(luck, width(30, 60));
    u256 a, b, d;
    if (which == amount0) // (L << 96) * dP / P
      a = liquidity << 96, b = random_bits(luck, width(50, 70)), d = price;
    else if (which == next_price) // (L << 96) * P / ((L << 96) + amount * P)
      a = liquidity << 96, b = price, d = a + amount * price;
    else if (which == fee_growth) // fee * 2^128 / L
      a = random_bits(luck, width(20, 50)), b = u256{1} << 128, d = liquidity;
    else if (which == less_fee) // amount * (1e6 - fee) / 1e6
      a = amount, b = 1'000'000U - 500U, d = 1'000'000U;
    else if (which == amount1) // L * dP / 2^96
      a = liquidity, b = random_bits(luck, width(50, 70)), d = u256{1} << 96;
    else if (which == full)
      a = random_bits(luck, 256), b = random_bits(luck, 255), d = random_bits(luck, 256);
    else // whose quotient fits
      a = random_bits(luck, width(1, 256)), b = random_bits(luck, width(1, 256)),
      d = random_bits(luck, std::min(256U, std::max(1U, a.bit_width() + b.bit_width() > 256
                                                          ? a.bit_width() + b.bit_width() - 255
                                                          : width(1, 256))));
    made.a.push_back(a);
    made.b.push_back(b);
    made.d.push_back(d);
  }
  return made;
}

} // namespace sluice::bench
