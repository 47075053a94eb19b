#include "rules/consensus/miner_status.hpp"

#include <cctype>

namespace sluice {

namespace {

/// Reads an ISO time from the left; every function is false when the text goes on otherwise.
class seen_reader {
public:
  explicit seen_reader(std::string_view text) : rest_(text) {}

  bool number(size_t digits, int64_t& out) {
    if (rest_.size() < digits)
      return false;
    out = 0;
    for (size_t i = 0; i < digits; ++i) {
      if (std::isdigit(static_cast<unsigned char>(rest_[i])) == 0)
        return false;
      out = out * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(digits);
    return true;
  }

  bool take(char c) {
    if (!is_next(c))
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Digits behind a point, in milliseconds; the others are cut off.
  bool fraction(int64_t& out) {
    out = 0;
    int64_t unit = 100;
    size_t digits = 0;
    for (; !rest_.empty() && std::isdigit(static_cast<unsigned char>(rest_.front())) != 0;
         ++digits) {
      out += (rest_.front() - '0') * unit;
      unit /= 10;
      rest_.remove_prefix(1);
    }
    return digits > 0;
  }

  bool is_next(char c) const { return !rest_.empty() && rest_.front() == c; }
  bool at_end() const { return rest_.empty(); }

private:
  std::string_view rest_;
};

/// Days since 1970-01-01 of a date of the Gregorian calendar (H. Hinnant, days_from_civil).
int64_t days_of(int64_t year, int64_t month, int64_t day) {
  year -= month <= 2 ? 1 : 0;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

int64_t days_of_month(int64_t year, int64_t month) {
  if (month == 2)
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// The offset in minutes: Z, +HH:MM, +HHMM, +HH, or nothing.
bool read_offset(seen_reader& in, int64_t& minutes) {
  minutes = 0;
  if (in.at_end() || in.take('Z'))
    return in.at_end();
  const bool west = in.is_next('-');
  if (!in.take('-') && !in.take('+'))
    return false;
  int64_t hours = 0;
  if (!in.number(2, hours))
    return false;
  if (in.take(':') || !in.at_end())
    if (!in.number(2, minutes))
      return false;
  if (hours > 23 || minutes > 59)
    return false;
  minutes = (hours * 60 + minutes) * (west ? -1 : 1);
  return in.at_end();
}

} // namespace

std::optional<int64_t> last_seen_ms(std::string_view json) {
  if (json.size() >= 2 && json.front() == '"' && json.back() == '"')
    json = json.substr(1, json.size() - 2);
  seen_reader in{json};
  int64_t year = 0;
  int64_t month = 0;
  int64_t day = 0;
  if (!in.number(4, year) || !in.take('-') || !in.number(2, month) || !in.take('-')
      || !in.number(2, day) || year < 1 || month < 1 || month > 12 || day < 1
      || day > days_of_month(year, month))
    return std::nullopt;
  int64_t hour = 0;
  int64_t minute = 0;
  int64_t second = 0;
  int64_t ms = 0;
  int64_t offset = 0;
  if (!in.at_end()) {
    if ((!in.take('T') && !in.take(' ')) || !in.number(2, hour) || !in.take(':')
        || !in.number(2, minute) || (in.take(':') && !in.number(2, second))
        || (in.take('.') && !in.fraction(ms)) || !read_offset(in, offset))
      return std::nullopt;
    if (hour > 23 || minute > 59 || second > 59)
      return std::nullopt;
  }
  const auto minutes = (days_of(year, month, day) * 24 + hour) * 60 + minute - offset;
  return (minutes * 60 + second) * 1000 + ms;
}

} // namespace sluice
