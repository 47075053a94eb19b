#include "rules/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace sluice {

namespace {

constexpr uint64_t seconds_max = uint64_t{1} << 31;

std::optional<uint64_t> date_number(std::string_view text) {
  uint64_t x = 0;
  const auto* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, x);
  if (text.empty() || error != std::errc{} || end != last)
    return {};
  return x;
}

/// Reads the parts of a date one after the other; once one is wrong all that follow are.
class date_text {
public:
  explicit date_text(std::string_view x) : rest_(x) {}

  bool skip(std::string_view text) {
    good_ = good_ && rest_.starts_with(text);
    rest_.remove_prefix(good_ ? text.size() : 0);
    return good_;
  }

  /// So many digits, of which the first may be a space where `padded`.
  unsigned digits(size_t count, bool padded = false) {
    const auto part = rest_.substr(0, count);
    const auto number = date_number(padded && part.starts_with(' ') ? part.substr(1) : part);
    good_ = good_ && part.size() == count && number.has_value();
    rest_.remove_prefix(good_ ? count : 0);
    return good_ ? static_cast<unsigned>(*number) : 0;
  }

  unsigned month() {
    constexpr std::array<std::string_view, 12> names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto at = std::find(names.begin(), names.end(), rest_.substr(0, 3));
    good_ = good_ && at != names.end();
    rest_.remove_prefix(good_ ? 3 : 0);
    return good_ ? static_cast<unsigned>(at - names.begin()) + 1 : 0;
  }

  bool is_over() const { return good_ && rest_.empty(); }

private:
  std::string_view rest_;
  bool good_ = true;
};

struct date_parts {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

void read_clock(date_text& text, date_parts& out) {
  out.hour = text.digits(2);
  text.skip(":");
  out.minute = text.digits(2);
  text.skip(":");
  out.second = text.digits(2);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate) behind the comma.
bool read_fixdate(std::string_view rest, date_parts& out) {
  date_text text{rest};
  out.day = text.digits(2);
  text.skip(" ");
  out.month = text.month();
  text.skip(" ");
  out.year = static_cast<int>(text.digits(4));
  text.skip(" ");
  read_clock(text, out);
  text.skip(" GMT");
  return text.is_over();
}

/// "Sunday, 06-Nov-94 08:49:37 GMT" (RFC 850) behind the comma. RFC 9110: the latest year with
/// these digits that is not more than 50 years ahead.
bool read_rfc850(std::string_view rest, uint64_t unix_ms, date_parts& out) {
  date_text text{rest};
  out.day = text.digits(2);
  text.skip("-");
  out.month = text.month();
  text.skip("-");
  const auto year = static_cast<int>(text.digits(2));
  text.skip(" ");
  read_clock(text, out);
  text.skip(" GMT");
  using namespace std::chrono;
  const year_month_day today{floor<days>(sys_time<milliseconds>{milliseconds{unix_ms}})};
  const auto last = static_cast<int>(today.year()) + 50;
  out.year = last - (last - year) % 100;
  return text.is_over();
}

/// "Nov  6 08:49:37 1994" (asctime) behind the day of the week.
bool read_asctime(std::string_view rest, date_parts& out) {
  date_text text{rest};
  out.month = text.month();
  text.skip(" ");
  out.day = text.digits(2, true);
  text.skip(" ");
  read_clock(text, out);
  text.skip(" ");
  out.year = static_cast<int>(text.digits(4));
  return text.is_over();
}

/// Milliseconds since 1970; none when it is no date.
std::optional<uint64_t> date_ms(std::string_view text, uint64_t unix_ms) {
  date_parts x;
  const auto comma = text.find(", ");
  const bool read = comma == 3 ? read_fixdate(text.substr(5), x)
                    : comma != std::string_view::npos
                      ? read_rfc850(text.substr(comma + 2), unix_ms, x)
                      : text.size() > 4 && text[3] == ' ' && read_asctime(text.substr(4), x);
  using namespace std::chrono;
  const year_month_day date{year{x.year}, month{x.month}, day{x.day}};
  if (!read || !date.ok() || x.year < 1970 || x.hour > 23 || x.minute > 59 || x.second > 60)
    return {};
  const auto days = static_cast<uint64_t>(sys_days{date}.time_since_epoch().count());
  return ((days * 24 + x.hour) * 60 + x.minute) * 60'000 + uint64_t{x.second} * 1000;
}

} // namespace

std::optional<uint64_t> retry_after_ms(std::string_view text, uint64_t unix_ms) {
  if (const auto seconds = date_number(text))
    return *seconds < seconds_max ? std::optional{*seconds * 1000} : std::nullopt;
  if (const auto at = date_ms(text, unix_ms))
    return *at > unix_ms ? *at - unix_ms : 0;
  return {};
}

} // namespace sluice
