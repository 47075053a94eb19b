#include "rules/sports/moment.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>

namespace sluice {

namespace {

constexpr int64_t moment_second_us = 1'000'000;
constexpr int64_t moment_day_us = 86'400 * moment_second_us;
constexpr int64_t moment_most_us = 253'402'300'799'999'999; // 9999-12-31T23:59:59.999999
constexpr size_t moment_bytes_max = 64;

/// Days since 1970-01-01 of a date of the Gregorian calendar, years from 1.
int64_t days_of_moment(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0; // years begin in March: leap days are last
  const int64_t era = year / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

bool is_moment_date(int64_t year, int64_t month, int64_t day) {
  constexpr std::array<int64_t, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1)
    return false;
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= days[static_cast<size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

/// Takes parts off the front of a text; a part that is not there makes it fail for good.
class moment_reader {
public:
  explicit moment_reader(std::string_view text) : rest_(text) {}

  int64_t digits(size_t count) {
    int64_t value = 0;
    bad_ = bad_ || rest_.size() < count;
    for (size_t i = 0; i < count && !bad_; ++i) {
      bad_ = rest_[i] < '0' || rest_[i] > '9';
      value = value * 10 + (rest_[i] - '0');
    }
    if (!bad_)
      rest_.remove_prefix(count);
    return bad_ ? 0 : value;
  }

  /// Two digits below `end`.
  int64_t two(int64_t end) {
    const auto x = digits(2);
    bad_ = bad_ || x >= end;
    return bad_ ? 0 : x;
  }

  bool pass(char c) {
    if (bad_ || rest_.empty() || rest_.front() != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  void need(bool so) { bad_ = bad_ || !so; }
  bool at_digit() const {
    return !bad_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  bool at_end() const { return rest_.empty(); }
  bool good() const { return !bad_; }

private:
  std::string_view rest_;
  bool bad_ = false;
};

/// Behind the point: any number of digits, of which six count.
int64_t moment_fraction(moment_reader& in) {
  int64_t us = 0;
  int64_t unit = 100'000;
  in.need(in.at_digit());
  while (in.at_digit()) {
    us += in.digits(1) * unit;
    unit /= 10;
  }
  return us;
}

/// Z or +hh:mm: how far the text is ahead of UTC.
int64_t moment_offset_us(moment_reader& in) {
  if (in.pass('Z'))
    return 0;
  const bool ahead = in.pass('+');
  in.need(ahead || in.pass('-'));
  int64_t minutes = in.two(24) * 60;
  in.pass(':');
  minutes += in.two(60);
  return (ahead ? minutes : -minutes) * 60 * moment_second_us;
}

} // namespace

std::optional<sports_moment> read_sports_moment(std::string_view text) {
  if (text.size() > moment_bytes_max)
    return {};
  moment_reader in{text};
  const auto year = in.digits(4);
  in.need(in.pass('-'));
  const auto month = in.digits(2);
  in.need(in.pass('-'));
  const auto day = in.digits(2);
  in.need(in.pass('T') || in.pass(' '));
  int64_t us = in.two(24) * 3600 * moment_second_us;
  in.need(in.pass(':'));
  us += in.two(60) * 60 * moment_second_us;
  if (in.pass(':')) {
    us += in.two(60) * moment_second_us;
    if (in.pass('.'))
      us += moment_fraction(in);
  }
  sports_moment made;
  if (in.good() && !in.at_end()) {
    us -= moment_offset_us(in);
    made.has_offset = true;
  }
  if (!in.good() || !in.at_end() || !is_moment_date(year, month, day))
    return {};
  made.us = days_of_moment(year, month, day) * moment_day_us + us;
  if (made.us < 0 || made.us > moment_most_us)
    return {};
  return made;
}

std::string sports_time_text(int64_t us) {
  us = std::clamp<int64_t>(us, 0, moment_most_us);
  const auto in_day = us % moment_day_us;
  int64_t days = us / moment_day_us + 719'468; // the calendar's way back, eras of 400 years
  const int64_t era = days / 146'097;
  days -= era * 146'097;
  const int64_t of_era = (days - days / 1460 + days / 36'524 - days / 146'096) / 365;
  const int64_t of_year = days - (365 * of_era + of_era / 4 - of_era / 100);
  const int64_t shifted = (5 * of_year + 2) / 153;
  const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const int64_t year = of_era + era * 400 + (month <= 2 ? 1 : 0);
  const int64_t day = of_year - (153 * shifted + 2) / 5 + 1;
  const auto seconds = in_day / moment_second_us;
  const auto fraction = in_day % moment_second_us;
  std::array<char, 64> text{};
  int size = std::snprintf(text.data(), text.size(), "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld",
                           static_cast<long long>(year), static_cast<long long>(month),
                           static_cast<long long>(day), static_cast<long long>(seconds / 3600),
                           static_cast<long long>(seconds / 60 % 60),
                           static_cast<long long>(seconds % 60));
  std::string made{text.data(), static_cast<size_t>(size)};
  if (fraction != 0) {
    size = std::snprintf(text.data(), text.size(), ".%06lld", static_cast<long long>(fraction));
    made.append(text.data(), static_cast<size_t>(size));
  }
  return made + "+00:00";
}

} // namespace sluice
