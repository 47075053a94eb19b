#include "tools/shell/cells.hpp"

#include "io/text/numbers.hpp"
#include "io/text/text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdlib>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;

constexpr size_t digits_kept = 7; // of an amount, in a table

bool is_cell_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "-12.000345": digits with a point, as views write amounts.
bool is_decimal(std::string_view x) {
  if (x.starts_with('-'))
    x.remove_prefix(1);
  const auto point = x.find('.');
  if (point == 0 || point == std::string_view::npos || point + 1 == x.size())
    return false;
  for (size_t i = 0; i < x.size(); ++i)
    if (i != point && !is_cell_digit(x[i]))
      return false;
  return true;
}

bool is_whole(std::string_view x) {
  if (x.starts_with('-'))
    x.remove_prefix(1);
  if (x.empty())
    return false;
  for (char c : x)
    if (!is_cell_digit(c))
      return false;
  return true;
}

/// Keeps so many digits after the first that is not 0, and at least all before the point.
std::string shortened(std::string_view x) {
  size_t kept = 0;
  size_t i = 0;
  bool begun = false;
  bool after_point = false;
  for (; i < x.size(); ++i) {
    if (x[i] == '.') {
      if (kept >= digits_kept)
        break;
      after_point = true;
      continue;
    }
    if (after_point && kept >= digits_kept)
      break;
    begun = begun || (x[i] >= '1' && x[i] <= '9');
    kept += begun ? 1 : 0;
  }
  return std::string{x.substr(0, i)};
}

/// "2026-11-21T12:00:00Z".
bool is_time(std::string_view x) {
  return x.size() == 20 && x[4] == '-' && x[10] == 'T' && x[19] == 'Z';
}

std::string string_cell(const std::string& x) {
  if (is_time(x))
    return x.substr(0, 10) + ' ' + x.substr(11, 8);
  if (is_decimal(x))
    return shortened(x);
  return report::plain(x);
}

std::string number_text(std::string_view key, double x) {
  if (key.ends_with("_per_s"))
    return x >= 1000 ? count_text(static_cast<uint64_t>(std::llround(x)))
                     : report::fixed(x, x >= 10 || x == 0 ? 0 : 1);
  if (key.ends_with("_ms"))
    return duration_text(x / 1e3);
  if (key.ends_with("_us"))
    return duration_text(x / 1e6);
  if (key.ends_with("_s"))
    return duration_text(x);
  if (key.ends_with("_bytes"))
    return bytes_text(x);
  if (key.find("price") != std::string_view::npos)
    return report::price_text(x);
  if (key.ends_with("_percent") || key == "percent")
    return report::fixed(x, 1) + " %";
  return report::shortest(x).size() <= 8 ? report::shortest(x) : report::score_text(x);
}

std::string list_text(const json& value) {
  std::string text;
  for (const auto& [key, x] : value.items()) {
    text += text.empty() ? "" : ", ";
    text += value.is_object() ? report::plain(key) + "=" : "";
    text += x.is_structured() && !x.empty() ? "{" + list_text(x) + "}" : cell_text(key, x);
  }
  return text;
}

} // namespace

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0)
    return report::no_number;
  if (seconds == 0)
    return "0 s";
  if (seconds < 1e-3)
    return report::fixed(seconds * 1e6, seconds < 1e-5 ? 1 : 0) + " us";
  if (seconds < 1)
    return report::fixed(seconds * 1e3, seconds < 1e-2 ? 1 : 0) + " ms";
  if (seconds < 60)
    return report::fixed(seconds, seconds < 10 ? 1 : 0) + " s";
  const auto whole = static_cast<uint64_t>(seconds);
  const auto two = [](uint64_t large, const char* unit, uint64_t small, const char* smaller) {
    return std::to_string(large) + ' ' + unit + ' ' + std::to_string(small) + ' ' + smaller;
  };
  if (whole < 3600)
    return two(whole / 60, "min", whole % 60, "s");
  if (whole < 86'400)
    return two(whole / 3600, "h", whole % 3600 / 60, "min");
  return two(whole / 86'400, "d", whole % 86'400 / 3600, "h");
}

std::string bytes_text(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  for (; bytes >= 1024 && unit + 1 < units.size(); ++unit)
    bytes /= 1024;
  return report::fixed(bytes, unit == 0 || bytes >= 100 ? 0 : 1) + ' ' + units[unit];
}

std::string count_text(uint64_t x) {
  auto digits = std::to_string(x);
  for (auto at = static_cast<ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<size_t>(at), 1, ',');
  return digits;
}

std::string cell_text(std::string_view key, const json& value) {
  switch (value.type()) {
  case json::value_t::null:
    return report::no_number;
  case json::value_t::boolean:
    return value.get<bool>() ? "yes" : "no";
  case json::value_t::string:
    return string_cell(value.get_ref<const std::string&>());
  case json::value_t::number_integer:
  case json::value_t::number_unsigned:
  case json::value_t::number_float: {
    const auto text = number_text(key, value.get<double>());
    const bool plain_integer
      = value.is_number_integer()
        && text == number_text("", value.get<double>()); // no unit: every digit
    return plain_integer ? value.dump() : text;
  }
  default:
    return value.empty() ? report::no_number : list_text(value);
  }
}

bool is_number_like(const json& value) {
  if (value.is_number())
    return true;
  if (!value.is_string())
    return false;
  const auto& text = value.get_ref<const std::string&>();
  return is_decimal(text) || is_whole(text);
}

std::string title_of(std::string_view key) {
  auto title = report::plain(key);
  if (title.ends_with("_per_s"))
    title.replace(title.size() - 6, 6, "/s");
  else
    for (std::string_view unit : {"_s", "_ms", "_us", "_bytes"})
      if (title.ends_with(unit)) {
        title.resize(title.size() - unit.size());
        break;
      }
  if (title.ends_with("_percent"))
    title.replace(title.size() - 8, 8, " %");
  for (auto& c : title)
    c = c == '_' ? ' ' : c;
  return title;
}

} // namespace sluice::tools
