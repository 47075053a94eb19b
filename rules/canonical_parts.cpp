#include "rules/canonical_parts.hpp"

#include "rules/canonical_json.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>

namespace sluice {

namespace {

constexpr std::string_view lower_hex = "0123456789abcdef";

void append_escape(std::string& out, uint32_t unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += lower_hex[unit >> shift & 15];
}

void append_ascii(std::string& out, char32_t c) {
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\b':
    out += "\\b";
    return;
  case '\f':
    out += "\\f";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    break;
  }
  if (c >= 0x20 && c < 0x7f) {
    out += static_cast<char>(c);
  } else if (c < 0x10000) {
    append_escape(out, c);
  } else {
    append_escape(out, 0xd800 + ((c - 0x10000) >> 10));
    append_escape(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
  }
}

/// Bytes that stand for themselves in a text, either way: printable ASCII but " and \\.
constexpr std::array<bool, 256> plain_bytes = [] {
  std::array<bool, 256> all{};
  for (size_t c = 0x20; c < 0x7f; ++c)
    all[c] = c != '"' && c != '\\';
  return all;
}();

} // namespace

void append_code_point(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr std::array<unsigned, 4> first{0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(first[static_cast<size_t>(more)] | c >> (6 * more));
  for (int i = more - 1; i >= 0; --i)
    out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3f));
}

size_t plain_run(std::string_view text) {
  size_t n = 0;
  while (n < text.size() && plain_bytes[static_cast<unsigned char>(text[n])])
    ++n;
  return n;
}

std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  const size_t size = first < 0x80                    ? 1
                      : first >= 0xc2 && first < 0xe0 ? 2
                      : first >= 0xe0 && first < 0xf0 ? 3
                      : first >= 0xf0 && first < 0xf5 ? 4
                                                      : 0;
  if (size == 0 || size > text.size())
    return {};
  char32_t c = size == 1 ? first : first & (0x7fU >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {};
    c = c << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (size == 3 && c < 0x800) || (size == 4 && c < 0x10000);
  if (overlong || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
    return {};
  text.remove_prefix(size);
  return c;
}

void append_canonical(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    if (const auto plain = plain_run(text); plain > 0) {
      out += text.substr(0, plain);
      text.remove_prefix(plain);
      continue;
    }
    const auto c = take_code_point(text);
    if (!c)
      text.remove_prefix(1);
    append_ascii(out, c.value_or(0xfffd));
  }
  out += '"';
}

bool is_short_decimal(std::string_view token) {
  if (token.starts_with('-'))
    token.remove_prefix(1);
  const auto point = token.find('.');
  if (point == std::string_view::npos || token.size() > 16
      || token.find_first_of("eE") != std::string_view::npos)
    return false;
  const auto fraction = token.substr(point + 1);
  if (fraction == "0")
    return true;
  return !fraction.ends_with('0') && !(token.front() == '0' && fraction.starts_with("0000"));
}

std::string python_float(double x) {
  std::array<char, 32> buffer{};
  const auto end
    = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x, std::chars_format::scientific)
        .ptr;
  std::string_view text{buffer.data(), static_cast<size_t>(end - buffer.data())};
  std::string out;
  if (text.front() == '-') {
    out = "-";
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  std::string digits{text.substr(0, 1)};
  if (e > 2)
    digits += text.substr(2, e - 2);
  int exponent = 0;
  const auto* from = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(from, end, exponent);
  const auto count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= 16) {
    out += digits.substr(0, 1);
    if (count > 1)
      out += '.' + digits.substr(1);
    const auto size = std::to_string(std::abs(exponent));
    return out + (exponent < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
  }
  if (exponent < 0)
    return out + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1)
    return out + digits + std::string(static_cast<size_t>(exponent + 1 - count), '0') + ".0";
  return out + digits.substr(0, static_cast<size_t>(exponent) + 1) + '.'
         + digits.substr(static_cast<size_t>(exponent) + 1);
}

std::string canonical_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_canonical(out, text);
  return out;
}

} // namespace sluice
