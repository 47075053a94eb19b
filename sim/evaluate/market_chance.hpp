/// Seeded random numbers that are the same on every machine: integers and + - * / sqrt only.
#pragma once

#include "rules/math/u256.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace sluice {

/// One step of splitmix64 (Steele, Lea, Flood 2014): any 64-bit number; moves `state` on. No error.
constexpr uint64_t splitmix64(uint64_t& state) {
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// xoshiro256** (Blackman, Vigna 2018), seeded through splitmix64. No function here fails; numbers
/// have no unit.
class chance {
public:
  using state_type = std::array<uint64_t, 4>;

  /// Any seed.
  constexpr explicit chance(uint64_t seed) {
    for (auto& word : state_)
      word = splitmix64(seed);
  }

  /// Goes on from a saved state, which must not be all zeros (not checked: it would give only
  /// zeros).
  constexpr explicit chance(const state_type& state) : state_(state) {}

  constexpr const state_type& state() const { return state_; }

  /// Any 64-bit number.
  constexpr uint64_t next() {
    const uint64_t answer = std::rotl(state_[1] * 5, 7) * 9;
    const uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return answer;
  }

  /// 0 to n - 1 by multiplication; the bias is below n / 2^64. `n` is not 0 (0 gives 0).
  constexpr uint64_t below(uint64_t n) { return static_cast<uint64_t>((u128{next()} * n) >> 64); }

  /// In [0, 1), a multiple of 2^-53.
  constexpr double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// True with probability 1 / n; `n` as above.
  constexpr bool one_in(uint64_t n) { return below(n) == 0; }
  /// True with this probability; 0 and below never, 1 and above always.
  constexpr bool with(double probability) { return unit() < probability; }

  /// Nearly normal, mean 0, variance 1: twelve uniforms minus six (never beyond +-6).
  constexpr double normal() {
    double sum = -6;
    for (int i = 0; i < 12; ++i)
      sum += unit();
    return sum;
  }

  /// Pareto with exponent 2: at least 1, mean 2, cut at `most` (1 or more).
  double heavy(double most) {
    const double x = 1 / std::sqrt(1 - unit());
    return x < most ? x : most;
  }

private:
  state_type state_{};
};

} // namespace sluice
