#include "rules/sports/nano.hpp"

#include "rules/math/u256.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace sluice {

namespace {

constexpr size_t nano_text_max = 128;
constexpr int nano_digits = 9;
constexpr int exponent_most = 9999;

/// A decimal number, taken apart: 0.DIGITS times ten to `point`; no leading zeros.
struct nano_text {
  bool negative = false;
  std::string digits;
  int point = 0;
};

bool is_nano_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Digits from `at` on, appended; answers how many.
size_t take_digits(std::string_view text, size_t& at, std::string& out) {
  const auto from = at;
  while (at < text.size() && is_nano_digit(text[at]))
    out += text[at++];
  return at - from;
}

/// The exponent behind 'e', to ±9999; false: there are no digits.
bool take_exponent(std::string_view text, size_t& at, int& out) {
  if (at == text.size() || (text[at] != 'e' && text[at] != 'E'))
    return true;
  ++at;
  bool negative = false;
  if (at < text.size() && (text[at] == '-' || text[at] == '+'))
    negative = text[at++] == '-';
  std::string digits;
  if (take_digits(text, at, digits) == 0)
    return false;
  int value = 0;
  for (const char c : digits)
    value = std::min(value * 10 + (c - '0'), exponent_most);
  out = negative ? -value : value;
  return true;
}

/// False: no decimal number.
bool read_nano_text(std::string_view text, nano_text& out) {
  if (text.empty() || text.size() > nano_text_max)
    return false;
  size_t at = 0;
  if (text[at] == '-') {
    out.negative = true;
    ++at;
  }
  const auto whole = take_digits(text, at, out.digits);
  if (whole == 0)
    return false;
  if (at < text.size() && text[at] == '.')
    if (take_digits(text, ++at, out.digits) == 0)
      return false;
  int exponent = 0;
  if (!take_exponent(text, at, exponent) || at != text.size())
    return false;
  const auto zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
  out.point = static_cast<int>(whole) + exponent - static_cast<int>(zeros);
  out.digits.erase(0, zeros);
  return true;
}

/// Is what stands behind the first `kept` digits more than half of the last kept place, or half of
/// it with an odd digit in front?
bool rounds_up(const std::string& digits, size_t kept) {
  if (kept >= digits.size() || digits[kept] < '5')
    return false;
  const bool half
    = digits[kept] == '5' && digits.find_first_not_of('0', kept + 1) == std::string::npos;
  return !half || (kept > 0 && (digits[kept - 1] - '0') % 2 == 1);
}

} // namespace

result<nano> nano_of(std::string_view decimal) {
  nano_text read;
  if (!read_nano_text(decimal, read))
    return fault{ec::bad_input, "expected a decimal number like 1.95"};
  if (read.digits.empty())
    return nano{0};
  const int kept = read.point + nano_digits;
  if (kept < 0)
    return nano{0};
  const fault beyond{ec::out_of_range, "expected a number from -1000000000 to 1000000000"};
  if (kept > 19)
    return beyond;
  i128 value = 0;
  for (size_t i = 0; i < static_cast<size_t>(kept); ++i)
    value = value * 10 + (i < read.digits.size() ? read.digits[i] - '0' : 0);
  value += rounds_up(read.digits, static_cast<size_t>(kept)) ? 1 : 0;
  if (value > nano_max)
    return beyond;
  return static_cast<nano>(read.negative ? -value : value);
}

result<nano> nano_of(double x) {
  std::array<char, 64> text{};
  if (!std::isfinite(x))
    return fault{ec::bad_input, "expected a finite number"};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x);
  return nano_of(std::string_view{text.data(), static_cast<size_t>(end.ptr - text.data())});
}

std::string text_of_nano(nano x) {
  const bool negative = x < 0;
  const auto size = negative ? -static_cast<i128>(x) : static_cast<i128>(x);
  auto text = std::to_string(static_cast<uint64_t>(size / nano_one));
  auto fraction = std::to_string(static_cast<uint64_t>(size % nano_one));
  fraction.insert(0, static_cast<size_t>(nano_digits) - fraction.size(), '0');
  fraction.erase(std::min(fraction.find_last_not_of('0') + 1, fraction.size()));
  if (!fraction.empty())
    text += '.' + fraction;
  return negative ? '-' + text : text;
}

result<nano> payout_of(nano wager, nano odds) {
  const auto product = static_cast<i128>(wager) * odds;
  auto whole = product / nano_one;
  const auto twice = product % nano_one * 2;
  if (twice > nano_one || (twice == nano_one && whole % 2 == 1))
    ++whole;
  if (whole > nano_max)
    return fault{ec::out_of_range, "the payout is beyond 1000000000"};
  return static_cast<nano>(whole);
}

} // namespace sluice
