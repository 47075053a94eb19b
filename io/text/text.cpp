#include "io/text/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace sluice::report {

namespace {

struct range {
  char32_t first;
  char32_t last;
};

// Unicode 15 east_asian_width W and F, and emoji shown as pictures; blocks are taken whole.
constexpr std::array wide_ranges{
  range{0x1100, 0x115F},   range{0x231A, 0x231B},   range{0x23E9, 0x23EC},
  range{0x2614, 0x2615},   range{0x2648, 0x2653},   range{0x26A1, 0x26A1},
  range{0x26BD, 0x26BE},   range{0x26D4, 0x26D4},   range{0x2705, 0x2705},
  range{0x270A, 0x270B},   range{0x2728, 0x2728},   range{0x274C, 0x274C},
  range{0x2753, 0x2755},   range{0x2757, 0x2757},   range{0x2B1B, 0x2B1C},
  range{0x2B50, 0x2B50},   range{0x2E80, 0x303E},   range{0x3041, 0x33FF},
  range{0x3400, 0x4DBF},   range{0x4E00, 0xA4CF},   range{0xA960, 0xA97F},
  range{0xAC00, 0xD7A3},   range{0xF900, 0xFAFF},   range{0xFE30, 0xFE6F},
  range{0xFF00, 0xFF60},   range{0xFFE0, 0xFFE6},   range{0x1F18E, 0x1F18E},
  range{0x1F191, 0x1F19A}, range{0x1F1E6, 0x1F202}, range{0x1F210, 0x1F64F},
  range{0x1F680, 0x1F6FF}, range{0x1F7E0, 0x1F7EB}, range{0x1F900, 0x1FAFF},
  range{0x20000, 0x3FFFD}};

constexpr std::array zero_ranges{
  range{0x00AD, 0x00AD}, range{0x0300, 0x036F}, range{0x0483, 0x0489},  range{0x0591, 0x05BD},
  range{0x0610, 0x061A}, range{0x064B, 0x065F}, range{0x1AB0, 0x1AFF},  range{0x1DC0, 0x1DFF},
  range{0x200B, 0x200F}, range{0x2060, 0x2064}, range{0x20D0, 0x20FF},  range{0xFE00, 0xFE0F},
  range{0xFE20, 0xFE2F}, range{0xFEFF, 0xFEFF}, range{0xE0000, 0xE01EF}};

template <size_t N>
bool within(const std::array<range, N>& ranges, char32_t x) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [x](const range& r) { return x >= r.first && x <= r.last; });
}

constexpr char32_t broken = 0xFFFD;

} // namespace

char32_t take_character(std::string_view& text) {
  const auto lead = static_cast<uint8_t>(text.front());
  const size_t length = lead < 0x80   ? 1
                        : lead < 0xC2 ? 0
                        : lead < 0xE0 ? 2
                        : lead < 0xF0 ? 3
                        : lead < 0xF5 ? 4
                                      : 0;
  if (length == 0 || length > text.size()) {
    text.remove_prefix(1);
    return broken;
  }
  constexpr std::array<uint8_t, 5> masks{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t x = lead & masks[length];
  for (size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) {
      text.remove_prefix(1);
      return broken;
    }
    x = (x << 6) | (byte & 0x3F);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (x < least[length] || x > 0x10FFFF || (x >= 0xD800 && x <= 0xDFFF)) {
    text.remove_prefix(1);
    return broken;
  }
  text.remove_prefix(length);
  return x;
}

namespace {

size_t width_of(char32_t x) {
  return within(zero_ranges, x) ? 0 : within(wide_ranges, x) ? 2 : 1;
}

bool reorders(char32_t x) {
  return (x >= 0x202A && x <= 0x202E) || (x >= 0x2066 && x <= 0x2069) || x == 0x200E || x == 0x200F
         || x == 0x061C;
}

bool moves_the_cursor(char32_t x) {
  return x < 0x20 || (x >= 0x7F && x < 0xA0) || x == 0x2028 || x == 0x2029;
}

} // namespace

std::string plain(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto before = text;
    const auto x = take_character(text);
    if (reorders(x))
      continue;
    if (moves_the_cursor(x))
      out += ' ';
    else if (x == broken)
      out += "\uFFFD";
    else
      out += before.substr(0, before.size() - text.size());
  }
  return out;
}

size_t shown_width(std::string_view text) {
  size_t width = 0;
  while (!text.empty())
    width += width_of(take_character(text));
  return width;
}

namespace {

/// Bytes of the longest beginning that is at most `width` columns wide.
size_t bytes_within(std::string_view text, size_t width) {
  auto rest = text;
  size_t used = 0;
  size_t bytes = 0;
  while (!rest.empty()) {
    used += width_of(take_character(rest));
    if (used > width)
      break;
    bytes = text.size() - rest.size();
  }
  return bytes;
}

} // namespace

std::string cut(std::string_view text, size_t width, charset letters) {
  if (shown_width(text) <= width)
    return std::string{text};
  const auto dots = forms_of(letters).ellipsis;
  const auto dots_width = shown_width(dots);
  if (width <= dots_width)
    return std::string{dots.substr(0, bytes_within(dots, width))};
  return std::string{text.substr(0, bytes_within(text, width - dots_width))} + std::string{dots};
}

std::string cut_middle(std::string_view text, size_t width, charset letters) {
  const auto whole = shown_width(text);
  if (whole <= width)
    return std::string{text};
  const auto dots = forms_of(letters).ellipsis;
  const auto dots_width = shown_width(dots);
  if (width < dots_width + 2)
    return cut(text, width, letters);
  const auto tail_width = (width - dots_width) / 2;
  auto tail = text.substr(bytes_within(text, whole - tail_width));
  while (shown_width(tail) > tail_width) // a wide character lies across the cut
    take_character(tail);
  return std::string{text.substr(0, bytes_within(text, width - dots_width - tail_width))}
         + std::string{dots} + std::string{tail};
}

std::string pad_right(std::string_view text, size_t width, charset letters) {
  auto out = cut(text, width, letters);
  out.append(width - shown_width(out), ' ');
  return out;
}

std::string pad_left(std::string_view text, size_t width, charset letters) {
  const auto out = cut(text, width, letters);
  return std::string(width - shown_width(out), ' ') + out;
}

std::string flow(const std::vector<std::string>& parts, size_t width, charset letters) {
  std::string out;
  size_t used = 0;
  for (const auto& one : parts) {
    if (one.empty())
      continue;
    const auto part = shown(one, letters);
    const auto wide = shown_width(part);
    if (out.empty()) {
      out = cut(part, width, letters);
      used = std::min(wide, width);
    } else if (used + 2 + wide <= width) {
      out += "  " + part;
      used += 2 + wide;
    } else {
      const size_t indent = width > 2 ? 2 : 0;
      const auto fits = cut(part, width - indent, letters);
      out += '\n' + std::string(indent, ' ') + fits;
      used = indent + shown_width(fits);
    }
  }
  return out;
}

namespace {

bool outside_ascii(char c) {
  return static_cast<uint8_t>(c) >= 0x80;
}

/// Between $' and ', with bytes in octal: what reads it needs no locale.
std::string octal_argument(std::string_view text) {
  std::string out = "$'";
  for (const char c : text)
    if (outside_ascii(c))
      out += fmt::format("\\{:03o}", static_cast<uint8_t>(c));
    else
      out += (c == '\'' || c == '\\' ? "\\" : "") + std::string(1, c);
  return out + "'";
}

} // namespace

std::string shell_argument(std::string_view text, charset letters) {
  const auto harmless = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || std::string_view{"_-./:,+@%="}.find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), harmless))
    return std::string{text};
  if (letters == charset::ascii && std::any_of(text.begin(), text.end(), outside_ascii))
    return octal_argument(text);
  std::string out = "'";
  for (char c : text)
    out += c == '\'' ? std::string{"'\\''"} : std::string(1, c);
  return out + "'";
}

} // namespace sluice::report
