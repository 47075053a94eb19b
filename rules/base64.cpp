#include "rules/base64.hpp"

#include <algorithm>
#include <cstdint>

namespace sluice {

namespace {

constexpr std::string_view base64_letters
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

std::optional<std::string> base64_bytes(std::string_view text) {
  if (text.size() % 4 != 0)
    return {};
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  text.remove_suffix(padding);
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto value = base64_letters.find(c);
    if (value == std::string_view::npos)
      return {};
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 0xff);
      bits &= (1U << count) - 1;
    }
  }
  // What is left over is nothing, and is 0: one value has one text.
  if (bits != 0 || (padding != 0 && count != static_cast<int>(2 * padding)))
    return {};
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](size_t k) -> uint32_t {
      return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0;
    };
    const auto bits = byte(0) << 16 | byte(1) << 8 | byte(2);
    const auto letters = std::min<size_t>(bytes.size() - i, 3) + 1;
    for (size_t k = 0; k < 4; ++k)
      out += k < letters ? base64_letters[bits >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

} // namespace sluice
