/// Times of lead records in every form that they come in, and the window that counts.
#pragma once

#include "rules/fields.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// What stood where a time was expected. Numbers are stored.
enum class lead_time_form : uint8_t {
  missing = 0, // no such field
  text,        // any text
  whole,       // an integer of 64 bits
  real,        // any other number
  parts,       // an object with whole `seconds`, and whole `nanos` or none
  other,       // null, true, false, a list, any other object: no time
};
constexpr bool known(lead_time_form x) {
  switch (x) {
  case lead_time_form::missing:
  case lead_time_form::text:
  case lead_time_form::whole:
  case lead_time_form::real:
  case lead_time_form::parts:
  case lead_time_form::other:
    return true;
  }
  return false;
}

/// A time as it was written: what is derived from it can be derived again.
struct lead_time {
  lead_time_form form = lead_time_form::missing;
  std::string text;  // of `text`; at most leads_limits::time_bytes_max bytes
  int64_t whole = 0; // of `whole`; of `parts` the seconds
  int64_t nanos = 0; // of `parts`
  double number = 0; // of `real`
  SLUICE_FIELDS(form, text, whole, nanos, number)
  bool operator==(const lead_time&) const = default;

  static lead_time of_text(std::string x);
  static lead_time of_whole(int64_t x);
  static lead_time of_number(double x);
  static lead_time of_parts(int64_t seconds, int64_t nanos);
  static lead_time no_time();
};

/// Microseconds since 1970-01-01 UTC; none for what is no time. ISO 8601 text with a T, and Z, an
/// offset or none (UTC), of years 1 to 9999, digits after the sixth dropped. A number is seconds,
/// from 1e11 on (either sign) milliseconds, rounded to the nearest microsecond, halves to even;
/// what is outside of 64 bits becomes their least or greatest. Source: facts/mechanisms B3.2 and
/// rule 1 of mechanisms-large/README.md.
std::optional<int64_t> unix_us(const lead_time& x);

/// The same of a text; none for what is no time.
std::optional<int64_t> unix_us(std::string_view text);

/// Microseconds, both ends included.
struct lead_window {
  int64_t start_us = 0;
  int64_t end_us = 0;
  SLUICE_FIELDS(start_us, end_us)
  bool operator==(const lead_window&) const = default;

  bool contains(int64_t us) const { return start_us <= us && us <= end_us; }
};

/// The last `days` times 86400 s until `now_us` (microseconds since 1970). `days`: from 0, not
/// checked; the start is at least the least number of 64 bits.
lead_window window_of(int64_t now_us, double days);

/// "2025-08-25T06:01:59.470690+00:00", without a fraction when it is 0, as Python's isoformat
/// writes it. Microseconds since 1970; years outside of 1 to 9999 become the nearest that is in.
std::string iso_text(int64_t us);

/// The same with a space for the T: how log lines show it.
std::string log_time_text(int64_t us);

} // namespace sluice
