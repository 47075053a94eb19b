// Times and decimal numbers of rows.
#include "io/trading/rows.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>

namespace sluice::io {

namespace {

constexpr int64_t seconds_per_minute = 60;
constexpr int64_t seconds_per_hour = 3600;
constexpr int64_t seconds_per_day = 86'400;

/// Days since 1970-01-01 of a date of the Gregorian calendar (Howard Hinnant's formula).
int64_t days_of_date(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

int64_t days_in_month(int64_t year, int64_t month) {
  constexpr int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Takes exactly `digits` digits off the front.
bool take_digits(std::string_view& in, size_t digits, int64_t& x) {
  if (in.size() < digits)
    return false;
  x = 0;
  for (size_t i = 0; i < digits; ++i) {
    if (in[i] < '0' || in[i] > '9')
      return false;
    x = x * 10 + (in[i] - '0');
  }
  in.remove_prefix(digits);
  return true;
}

bool take_letter(std::string_view& in, std::string_view any_of) {
  if (in.empty() || any_of.find(in[0]) == std::string_view::npos)
    return false;
  in.remove_prefix(1);
  return true;
}

/// Digits of a fraction of a second; those after the sixth are cut.
bool take_fraction(std::string_view& in, int64_t& microseconds) {
  constexpr int digits_kept = 6;
  constexpr size_t digits_max = 30;
  size_t count = 0;
  microseconds = 0;
  while (!in.empty() && in[0] >= '0' && in[0] <= '9' && count < digits_max) {
    if (count < digits_kept)
      microseconds = microseconds * 10 + (in[0] - '0');
    in.remove_prefix(1);
    ++count;
  }
  for (size_t i = count; i < digits_kept; ++i)
    microseconds *= 10;
  return count > 0;
}

/// Z, an offset or nothing; in seconds east of UTC.
bool take_offset(std::string_view& in, int64_t& offset) {
  offset = 0;
  if (in.empty() || take_letter(in, "Zz"))
    return true;
  const bool west = in[0] == '-';
  int64_t hours = 0;
  int64_t minutes = 0;
  if (!take_letter(in, "+-") || !take_digits(in, 2, hours))
    return false;
  if (!in.empty()) {
    take_letter(in, ":");
    if (!take_digits(in, 2, minutes))
      return false;
  }
  offset = (west ? -1 : 1) * (hours * seconds_per_hour + minutes * seconds_per_minute);
  return hours < 24 && minutes < 60;
}

} // namespace

std::optional<int64_t> parse_iso_time(std::string_view text) {
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t fraction = 0;
  int64_t offset = 0;
  const bool date = take_digits(text, 4, year) && take_letter(text, "-")
                    && take_digits(text, 2, month) && take_letter(text, "-")
                    && take_digits(text, 2, day) && take_letter(text, "Tt ");
  if (!date || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
    return std::nullopt;
  if (!take_digits(text, 2, hour) || !take_letter(text, ":") || !take_digits(text, 2, minute))
    return std::nullopt;
  if (take_letter(text, ":")) {
    if (!take_digits(text, 2, second))
      return std::nullopt;
    if (take_letter(text, ".,") && !take_fraction(text, fraction))
      return std::nullopt;
  }
  if (hour > 23 || minute > 59 || second > 59 || !take_offset(text, offset) || !text.empty())
    return std::nullopt;
  const int64_t seconds = days_of_date(year, month, day) * seconds_per_day + hour * seconds_per_hour
                          + minute * seconds_per_minute + second - offset;
  const int64_t time_us = seconds * us_per_second + fraction;
  if (time_us < 0 || time_us > time_us_max)
    return std::nullopt;
  return time_us;
}

std::string iso_time(int64_t time_us) {
  const int64_t us = std::clamp<int64_t>(time_us, 0, time_us_max);
  const int64_t seconds = us / us_per_second;
  const int64_t days = seconds / seconds_per_day;
  const int64_t z = days + 719'468; // the formula above, backwards
  const int64_t era = z / 146'097;
  const int64_t day_of_era = z - era * 146'097;
  const int64_t year_of_era
    = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year
    = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted + (shifted < 10 ? 3 : -9);
  const int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const int64_t rest = seconds % seconds_per_day;
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d", static_cast<int>(year),
                static_cast<int>(month),
                static_cast<int>(day_of_year - (153 * shifted + 2) / 5 + 1),
                static_cast<int>(rest / seconds_per_hour),
                static_cast<int>(rest % seconds_per_hour / seconds_per_minute),
                static_cast<int>(rest % seconds_per_minute));
  std::string text{out};
  if (const auto fraction = us % us_per_second; fraction != 0) {
    std::snprintf(out, sizeof out, ".%06d", static_cast<int>(fraction));
    text += out;
  }
  return text + 'Z';
}

std::optional<int64_t> parse_scaled_decimal(std::string_view text, int scale) {
  constexpr size_t text_max = 400;
  constexpr size_t digits_of_64_bits = 18; // any so many fit
  constexpr int64_t exponent_max = 1000;
  if (text.empty() || text.size() > text_max)
    return std::nullopt;
  if (scale == 0 && text.size() <= digits_of_64_bits) // what nearly all rows have
    if (int64_t plain = 0; take_digits(text, text.size(), plain))
      return plain;
  const bool negative = text[0] == '-';
  take_letter(text, "+-");
  std::string digits;
  int64_t exponent = scale;
  bool point = false;
  while (!text.empty() && ((text[0] >= '0' && text[0] <= '9') || (text[0] == '.' && !point))) {
    if (text[0] == '.')
      point = true;
    else
      digits.push_back(text[0]);
    exponent -= point && text[0] != '.' ? 1 : 0;
    text.remove_prefix(1);
  }
  if (digits.empty())
    return std::nullopt;
  if (take_letter(text, "eE")) {
    const bool down = !text.empty() && text[0] == '-';
    take_letter(text, "+-");
    int64_t more = 0;
    if (text.empty() || text.size() > 4 || !take_digits(text, text.size(), more))
      return std::nullopt;
    exponent += down ? -std::min(more, exponent_max) : std::min(more, exponent_max);
  }
  if (!text.empty())
    return std::nullopt;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty())
    return 0;
  int rounding = 0; // of what is cut: -1 below one half, 0 one half, 1 above
  bool cut = false;
  if (exponent < 0) {
    cut = true;
    const auto drop = static_cast<size_t>(-exponent);
    if (drop > digits.size())
      return 0;
    const auto rest = digits.substr(digits.size() - drop);
    digits.resize(digits.size() - drop);
    const bool more = rest.find_first_not_of('0', 1) != std::string::npos;
    rounding = rest[0] > '5' || (rest[0] == '5' && more) ? 1 : rest[0] == '5' ? 0 : -1;
  }
  i128 value = 0;
  constexpr i128 value_max = std::numeric_limits<int64_t>::max();
  for (const char c : digits) {
    value = value * 10 + (c - '0');
    if (value > value_max)
      return std::nullopt;
  }
  for (int64_t i = 0; i < exponent; ++i) {
    value *= 10;
    if (value > value_max)
      return std::nullopt;
  }
  if (cut && (rounding > 0 || (rounding == 0 && value % 2 == 1)))
    ++value;
  if (value > value_max)
    return std::nullopt;
  return static_cast<int64_t>(negative ? -value : value);
}

} // namespace sluice::io
