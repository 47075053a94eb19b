#include "rules/liquidity/strategy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace sluice {

namespace {

struct option_terms {
  std::string_view name;
  double least = 0;
  double most = 0;
};

struct strategy_terms {
  std::string_view name;
  std::vector<option_terms> options;
};

constexpr option_terms width{"width", 0.0001, 0.99};

/// In the order of strategy_kind.
const std::array<strategy_terms, 8>& all_terms() {
  static const std::array<strategy_terms, 8> all{{
    {"hold", {}},
    {"wide", {width}},
    {"narrow", {width}},
    {"volatility", {{"k", 0, 1000}, {"floor", 0.0001, 0.99}}},
    {"refuser", {}},
    {"silent", {}},
    {"garbage", {}},
    {"crasher", {}},
  }};
  return all;
}

/// Fewest letters to change, add or drop between two words.
size_t edits(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t swapped = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({swapped, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

template <class Range>
std::string names_of(const Range& range) {
  std::string text;
  for (const auto& x : range)
    text += (text.empty() ? "" : ", ") + std::string{x.name};
  return text;
}

template <class Range>
std::string nearest(const Range& range, std::string_view word) {
  size_t least = 4; // farther is no typing error
  std::string text = ".";
  for (const auto& x : range)
    if (const size_t n = edits(word.substr(0, 32), x.name); n < least && n < x.name.size()) {
      least = n;
      text = ", did you mean \"" + std::string{x.name} + "\"?";
    }
  return text;
}

/// At most 64 characters: what was typed may be a whole file.
std::string quoted(std::string_view x) {
  return '"' + std::string{x.substr(0, 64)} + (x.size() > 64 ? "...\"" : "\"");
}

/// A bound as it would be written: 0.0001, not 1e-04.
std::string text_of(double x) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, x, std::chars_format::fixed).ptr};
}

/// Adds one `key=value`; the fault's sentence, empty when there is none.
std::string add_option(strategy& what, const strategy_terms& terms, std::string_view text) {
  const std::string of = "strategy " + std::string{terms.name} + ": ";
  const auto equals = text.find('=');
  const auto key = text.substr(0, equals);
  if (terms.options.empty())
    return of + "takes no options, found " + quoted(text);
  const auto known = std::find_if(terms.options.begin(), terms.options.end(),
                                  [&](const option_terms& x) { return x.name == key; });
  if (known == terms.options.end())
    return of + "unknown option " + quoted(key) + nearest(terms.options, key)
           + " There are: " + names_of(terms.options);
  const std::string name{known->name};
  if (equals == std::string_view::npos)
    return of + name + " needs a value, as in " + name + "=" + text_of(known->most / 4);
  const auto digits = text.substr(equals + 1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
    return of + name + " is not a number: " + quoted(digits);
  if (value < known->least || value > known->most)
    return of + name + " " + std::string{digits.substr(0, 32)} + " is not within "
           + text_of(known->least) + ".." + text_of(known->most);
  if (!what.options.emplace(name, value).second)
    return of + name + " is given twice";
  return {};
}

} // namespace

std::string_view to_string(strategy_kind kind) {
  return all_terms()[static_cast<size_t>(kind)].name;
}

result<strategy> parse_strategy(std::string_view text) {
  const auto colon = text.find(':');
  const auto name = text.substr(0, colon);
  const auto& all = all_terms();
  const auto terms
    = std::find_if(all.begin(), all.end(), [&](const strategy_terms& x) { return x.name == name; });
  if (terms == all.end())
    return fault{ec::bad_input, "unknown strategy " + quoted(name) + nearest(all, name)
                                  + " There are: " + names_of(all)};
  strategy what{static_cast<strategy_kind>(terms - all.begin()), {}};
  if (colon == std::string_view::npos)
    return what;
  auto rest = text.substr(colon + 1);
  for (;;) {
    const auto comma = rest.find(',');
    if (auto reason = add_option(what, *terms, rest.substr(0, comma)); !reason.empty())
      return fault{ec::bad_input, reason};
    if (comma == std::string_view::npos)
      return what;
    rest.remove_prefix(comma + 1);
  }
}

} // namespace sluice
