#include "rules/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace sluice {

namespace {

/// How many bytes the character at `i` has, 0 when it is none (RFC 3629).
size_t utf8_length(std::string_view x, size_t i) {
  const auto byte = [&](size_t k) { return static_cast<unsigned char>(x[i + k]); };
  const auto first = byte(0);
  const size_t n = first < 0x80                    ? 1
                   : first >= 0xc2 && first < 0xe0 ? 2
                   : first >= 0xe0 && first < 0xf0 ? 3
                   : first >= 0xf0 && first < 0xf5 ? 4
                                                   : 0;
  if (n == 0 || i + n > x.size())
    return 0;
  for (size_t k = 1; k < n; ++k)
    if ((byte(k) & 0xc0) != 0x80)
      return 0;
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool surrogate = first == 0xed && byte(1) >= 0xa0;
  const bool too_high = first == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || too_high ? 0 : n;
}

void escape(std::string& text, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
  case '"':
    text += "\\\"";
    return;
  case '\\':
    text += "\\\\";
    return;
  case '\n':
    text += "\\n";
    return;
  case '\t':
    text += "\\t";
    return;
  default:
    break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20)
    text += c;
  else {
    text += "\\u00";
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
}

} // namespace

std::string json_text(std::string_view x) {
  std::string text = "\"";
  for (size_t i = 0; i < x.size();) {
    const auto n = utf8_length(x, i);
    if (n == 0)
      text += "\xef\xbf\xbd";
    else if (n == 1)
      escape(text, x[i]);
    else
      text += x.substr(i, n);
    i += n == 0 ? 1 : n;
  }
  return text + '"';
}

std::string json_text(double x) {
  if (!std::isfinite(x))
    return "null";
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  return {text.data(), end};
}

std::string json_bytes(std::span<const uint8_t> x) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\"0x";
  for (const auto byte : x) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text + '"';
}

json_object& json_object::raw(std::string_view name, std::string_view json) {
  if (text_.size() > 1)
    text_ += ',';
  text_ += json_text(name);
  text_ += ':';
  text_ += json;
  return *this;
}

json_list& json_list::raw(std::string_view json) {
  if (text_.size() > 1)
    text_ += ',';
  text_ += json;
  return *this;
}

} // namespace sluice
