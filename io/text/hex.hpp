/// Hexadecimal digits as numbers.
#pragma once

namespace sluice::io {

/// 0 to 15; -1 for what is no hexadecimal digit, of either case. No error.
constexpr int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

} // namespace sluice::io
