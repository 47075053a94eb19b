#include "rules/byte_size.hpp"

#include <array>
#include <utility>

namespace sluice {

namespace {

constexpr uint64_t byte_size_max = (uint64_t{1} << 63) - 1;
constexpr size_t digits_behind_max = 3;

using byte_unit = std::pair<std::string_view, uint64_t>;

constexpr std::array<byte_unit, 10> byte_units{{{"tb", 1'000'000'000'000},
                                                {"tib", uint64_t{1} << 40},
                                                {"gb", 1'000'000'000},
                                                {"gib", uint64_t{1} << 30},
                                                {"mb", 1'000'000},
                                                {"mib", uint64_t{1} << 20},
                                                {"kb", 1'000},
                                                {"kib", uint64_t{1} << 10},
                                                {"b", 1},
                                                {"", 1}}};

constexpr bool is_digit_of_size(char c) {
  return c >= '0' && c <= '9';
}

std::string in_small_letters(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// Takes the digits in front; none when there are none, or too many.
std::optional<uint64_t> take_digits(std::string_view& text) {
  uint64_t sum = 0;
  size_t n = 0;
  for (; n < text.size() && is_digit_of_size(text[n]); ++n) {
    if (n >= 19)
      return std::nullopt;
    sum = sum * 10 + static_cast<uint64_t>(text[n] - '0');
  }
  text.remove_prefix(n);
  return n > 0 ? std::optional{sum} : std::nullopt;
}

} // namespace

std::optional<uint64_t> parse_byte_size(std::string_view text) {
  const auto whole = take_digits(text);
  if (!whole)
    return std::nullopt;
  uint64_t behind = 0;
  uint64_t of = 1;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto before = text.size();
    const auto digits = take_digits(text);
    if (!digits || before - text.size() > digits_behind_max)
      return std::nullopt;
    behind = *digits;
    for (size_t i = before - text.size(); i > 0; --i)
      of *= 10;
  }
  if (text.starts_with(' '))
    text.remove_prefix(1);
  for (const auto& [name, unit] : byte_units) {
    if (in_small_letters(text) != name)
      continue;
    if (*whole > (byte_size_max - unit) / unit)
      return std::nullopt;
    return *whole * unit + behind * (unit / of) + behind * (unit % of) / of;
  }
  return std::nullopt;
}

std::string byte_size_text(uint64_t bytes) {
  constexpr std::array<byte_unit, 8> shown{{{"TB", 1'000'000'000'000},
                                            {"TiB", uint64_t{1} << 40},
                                            {"GB", 1'000'000'000},
                                            {"GiB", uint64_t{1} << 30},
                                            {"MB", 1'000'000},
                                            {"MiB", uint64_t{1} << 20},
                                            {"kB", 1'000},
                                            {"KiB", uint64_t{1} << 10}}};
  for (const auto& [name, unit] : shown)
    if (bytes > 0 && bytes % unit == 0)
      return std::to_string(bytes / unit) + std::string{name};
  return std::to_string(bytes);
}

std::string shown_bytes(uint64_t bytes) {
  if (bytes < 1000)
    return std::to_string(bytes) + " bytes";
  constexpr std::array<byte_unit, 4> shown{
    {{"TB", 1'000'000'000'000}, {"GB", 1'000'000'000}, {"MB", 1'000'000}, {"kB", 1'000}}};
  for (const auto& [name, unit] : shown)
    if (bytes >= unit)
      return std::to_string(bytes / unit) + '.' + std::to_string(bytes % unit / (unit / 10)) + ' '
             + std::string{name};
  return {};
}

} // namespace sluice
