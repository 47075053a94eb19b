#include "net/sports/route_query.hpp"

#include "rules/sports/moment.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>

namespace sluice::net {

namespace {

constexpr size_t query_bytes_max = 512;

int query_digit(char c) {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

/// Percent signs decoded; none for one without two digits behind it.
std::optional<std::string> query_text(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? query_digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : query_digit(text[i + 2]);
    if (low < 0)
      return {};
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

std::optional<int64_t> query_number(std::string_view text) {
  int64_t x = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), x);
  if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() || x < 0)
    return {};
  return x;
}

fault bad_query(std::string_view name, std::string_view expected) {
  return {ec::bad_input, std::string{name}.append(": expected ").append(expected)};
}

/// Sets one parameter; a fault for a value that it cannot have.
std::optional<fault>
set_parameter(sports_games_query& out, std::string_view name, const std::string& value) {
  if (name == "since") {
    if (const auto us = query_number(value))
      out.since_us = *us;
    else if (const auto at = read_sports_moment(value))
      out.since_us = at->us;
    else
      return bad_query(name, "microseconds since 1970-01-01 UTC, or 2025-04-01T12:00:00Z");
    return {};
  }
  if (name == "after") {
    if (value.size() > sports_limits::external_id_bytes_max)
      return bad_query(name, "the id of a game");
    out.after_id = value;
    return {};
  }
  if (name != "limit")
    return bad_query(name.substr(0, 40), "no such parameter; there are since, after and limit");
  const auto limit = query_number(value);
  if (!limit || *limit < 1 || *limit > static_cast<int64_t>(sports_limits::listed_max))
    return bad_query(name, "a number from 1 to " + std::to_string(sports_limits::listed_max));
  out.limit = static_cast<size_t>(*limit);
  return {};
}

} // namespace

result<sports_games_query> games_query_of(std::string_view query) {
  if (query.size() > query_bytes_max)
    return bad_query("query", "at most " + std::to_string(query_bytes_max) + " bytes");
  sports_games_query made;
  std::set<std::string_view> seen;
  while (!query.empty()) {
    const auto part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    if (part.empty())
      continue;
    const auto equals = part.find('=');
    const auto name = part.substr(0, equals);
    const auto value
      = query_text(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
    if (!seen.insert(name).second)
      return bad_query(name.substr(0, 40), "it once");
    if (!value)
      return bad_query(name.substr(0, 40), "two hexadecimal digits behind every percent sign");
    if (auto wrong = set_parameter(made, name, *value))
      return *std::move(wrong);
  }
  return made;
}

} // namespace sluice::net
