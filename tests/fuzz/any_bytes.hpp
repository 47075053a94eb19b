/// Bytes that decide: numbers of all sizes, zeros when they have run out.
#pragma once

#include "rules/math/u256.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace sluice::test {

class any_bytes {
public:
  explicit any_bytes(std::string_view bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }

  uint8_t byte() {
    if (left_.empty())
      return 0;
    const auto x = static_cast<uint8_t>(left_.front());
    left_.remove_prefix(1);
    return x;
  }

  /// From as many bytes as `end` needs.
  uint64_t below(uint64_t end) {
    uint64_t x = byte();
    for (uint64_t rest = end - 1; (rest >>= 8) != 0;)
      x = x << 8 | byte();
    return x % end;
  }

  bool one_in(uint64_t n) { return below(n) == n - 1; }

  /// Of at most `bits` bits: its size, its first bytes, and what fills the rest.
  u256 up_to_bits(unsigned bits) {
    const auto size = static_cast<unsigned>(below(bits + 1));
    if (size == 0)
      return {};
    const auto fill = byte();
    u256 x;
    for (int i = 0; i < 32; ++i)
      x = x << 8 | u256{i < 4 && fill % 4 != 0 ? byte() : filling(fill)};
    return (x >> (256 - size)) | (u256{1} << (size - 1));
  }

private:
  static uint64_t filling(uint8_t how) { return how < 64 ? 0 : how < 128 ? 0xff : how; }

  std::string_view left_;
};

} // namespace sluice::test
