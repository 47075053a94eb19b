#include "rules/leads/timestamp.hpp"

#include "rules/math/u256.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace sluice {

namespace {

constexpr int64_t us_per_second = 1'000'000;
constexpr int64_t us_per_day = 86'400 * us_per_second;
constexpr int64_t int64_least = std::numeric_limits<int64_t>::min();
constexpr int64_t int64_most = std::numeric_limits<int64_t>::max();

int64_t clamped(i128 x) {
  return static_cast<int64_t>(std::clamp<i128>(x, int64_least, int64_most));
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, years from 1.
int64_t days_of_lead_date(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0; // years begin in March: leap days are last
  const int64_t era = year / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

struct lead_date {
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
};

/// The other way; days from year 1 on.
lead_date lead_date_of(int64_t days) {
  days += 719'468;
  const int64_t era = days / 146'097;
  const int64_t day_of_era = days - era * 146'097;
  const int64_t year_of_era
    = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const int64_t day_of_year
    = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  const int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * shifted + 2) / 5 + 1};
}

bool is_leap(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t days_in(int64_t year, int64_t month) {
  constexpr std::array<int64_t, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return days.at(static_cast<size_t>(month - 1)) + (month == 2 && is_leap(year) ? 1 : 0);
}

/// Takes parts off the front of a text; a part that is not there makes it fail for good.
class iso_reader {
public:
  explicit iso_reader(std::string_view text) : rest_(text) {}

  /// Exactly so many decimal digits.
  int64_t digits(size_t count) {
    int64_t value = 0;
    if (rest_.size() < count)
      failed_ = true;
    for (size_t i = 0; i < count && !failed_; ++i) {
      const char c = rest_[i];
      failed_ = c < '0' || c > '9';
      value = value * 10 + (c - '0');
    }
    if (!failed_)
      rest_.remove_prefix(count);
    return failed_ ? 0 : value;
  }

  bool pass(char c) {
    if (failed_ || rest_.empty() || rest_.front() != c)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  void need(bool so) { failed_ = failed_ || !so; }
  bool next_is_digit() const {
    return !failed_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }
  bool done() const { return !failed_ && rest_.empty(); }

private:
  std::string_view rest_;
  bool failed_ = false;
};

/// hh, hh:mm, hh:mm:ss, or the same without colons.
int64_t seconds_of_clock(iso_reader& in) {
  int64_t seconds = in.digits(2) * 3600;
  in.need(seconds < 86'400);
  const bool colons = in.pass(':');
  if (!colons && !in.next_is_digit())
    return seconds;
  const auto minutes = in.digits(2);
  in.need(minutes < 60);
  seconds += minutes * 60;
  if (colons ? in.pass(':') : in.next_is_digit()) {
    const auto rest = in.digits(2);
    in.need(rest < 60);
    seconds += rest;
  }
  return seconds;
}

/// Behind the point: any number of digits, of which six count.
int64_t fraction_us(iso_reader& in) {
  int64_t us = 0;
  in.need(in.next_is_digit());
  int64_t unit = 100'000;
  while (in.next_is_digit()) {
    us += in.digits(1) * unit;
    unit /= 10;
  }
  return us;
}

/// Z, an offset, or nothing: how far the text is ahead of UTC.
int64_t offset_us(iso_reader& in) {
  if (in.pass('Z'))
    return 0;
  const bool ahead = in.pass('+');
  if (!ahead && !in.pass('-'))
    return 0;
  const auto us = seconds_of_clock(in) * us_per_second;
  return ahead ? us : -us;
}

int64_t us_of_number(double x) {
  const double us = std::nearbyint(std::abs(x) >= 1e11 ? x * 1e3 : x * 1e6);
  if (us >= 9.2e18)
    return int64_most;
  return us <= -9.2e18 ? int64_least : static_cast<int64_t>(us);
}

int64_t us_of_whole(int64_t x) {
  constexpr int64_t milliseconds_from = 100'000'000'000;
  const bool milliseconds = x >= milliseconds_from || x <= -milliseconds_from;
  return clamped(i128{x} * (milliseconds ? 1000 : us_per_second));
}

/// Rounded to the nearest microsecond, halves to even.
int64_t us_of_parts(int64_t seconds, int64_t nanos) {
  i128 us = nanos / 1000;
  const int64_t rest = nanos % 1000;
  const int64_t twice = rest < 0 ? -rest * 2 : rest * 2;
  if (twice > 1000 || (twice == 1000 && us % 2 != 0))
    us += rest < 0 ? -1 : 1;
  return clamped(i128{seconds} * us_per_second + us);
}

} // namespace

lead_time lead_time::of_text(std::string x) {
  lead_time made;
  made.form = lead_time_form::text;
  made.text = std::move(x);
  return made;
}

lead_time lead_time::of_whole(int64_t x) {
  lead_time made;
  made.form = lead_time_form::whole;
  made.whole = x;
  return made;
}

lead_time lead_time::of_number(double x) {
  lead_time made;
  made.form = lead_time_form::real;
  made.number = x;
  return made;
}

lead_time lead_time::of_parts(int64_t seconds, int64_t nanos) {
  lead_time made;
  made.form = lead_time_form::parts;
  made.whole = seconds;
  made.nanos = nanos;
  return made;
}

lead_time lead_time::no_time() {
  lead_time made;
  made.form = lead_time_form::other;
  return made;
}

std::optional<int64_t> unix_us(std::string_view text) {
  iso_reader in{text};
  const auto year = in.digits(4);
  const bool hyphens = in.pass('-');
  const auto month = in.digits(2);
  in.need(in.pass('-') == hyphens);
  const auto day = in.digits(2);
  in.need(year >= 1 && month >= 1 && month <= 12 && day >= 1);
  in.need(in.pass('T'));
  int64_t us = seconds_of_clock(in) * us_per_second;
  if (in.pass('.') || in.pass(','))
    us += fraction_us(in);
  us -= offset_us(in);
  if (!in.done() || day > days_in(year, month))
    return std::nullopt;
  return days_of_lead_date(year, month, day) * us_per_day + us;
}

std::optional<int64_t> unix_us(const lead_time& x) {
  switch (x.form) {
  case lead_time_form::text:
    return unix_us(x.text);
  case lead_time_form::whole:
    return us_of_whole(x.whole);
  case lead_time_form::real:
    return std::isfinite(x.number) ? std::optional{us_of_number(x.number)} : std::nullopt;
  case lead_time_form::parts:
    return us_of_parts(x.whole, x.nanos);
  case lead_time_form::missing:
  case lead_time_form::other:
    break;
  }
  return std::nullopt;
}

lead_window window_of(int64_t now_us, double days) {
  const double length = std::nearbyint(days * static_cast<double>(us_per_day));
  const i128 span = length >= 9.2e18 ? i128{int64_most} : static_cast<i128>(length);
  return {clamped(i128{now_us} - span), now_us};
}

std::string iso_text(int64_t us) {
  constexpr int64_t least = -62'135'596'800'000'000; // 0001-01-01
  constexpr int64_t most = 253'402'300'799'999'999;  // 9999-12-31T23:59:59.999999
  us = std::clamp(us, least, most);
  const int64_t days = us >= 0 ? us / us_per_day : -((-us + us_per_day - 1) / us_per_day);
  const int64_t in_day = us - days * us_per_day;
  const auto date = lead_date_of(days);
  const auto seconds = in_day / us_per_second;
  const auto fraction = in_day % us_per_second;
  std::array<char, 64> text{};
  int length = std::snprintf(
    text.data(), text.size(), "%04lld-%02lld-%02lldT%02lld:%02lld:%02lld",
    static_cast<long long>(date.year), static_cast<long long>(date.month),
    static_cast<long long>(date.day), static_cast<long long>(seconds / 3600),
    static_cast<long long>(seconds / 60 % 60), static_cast<long long>(seconds % 60));
  std::string made{text.data(), static_cast<size_t>(length)};
  if (fraction != 0) {
    length = std::snprintf(text.data(), text.size(), ".%06lld", static_cast<long long>(fraction));
    made.append(text.data(), static_cast<size_t>(length));
  }
  return made + "+00:00";
}

std::string log_time_text(int64_t us) {
  auto text = iso_text(us);
  text[10] = ' ';
  return text;
}

} // namespace sluice
