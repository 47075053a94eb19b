#include "rules/liquidity/strategy.hpp"
#include "rules/nearest.hpp"

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

template <class Range>
std::string names_of(const Range& range) {
  std::string text;
  for (const auto& x : range)
    text += (text.empty() ? "" : ", ") + std::string{x.name};
  return text;
}

template <class Range>
std::string meant(const Range& range, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& x : range)
    names.push_back(x.name);
  const auto near = nearest(name, names);
  return near ? ", did you mean \"" + std::string{*near} + "\"?" : ".";
}

/// At most 64 characters: what was typed may be a whole file.
std::string quoted(std::string_view x) {
  return '"' + std::string{x.substr(0, 64)} + (x.size() > 64 ? "...\"" : "\"");
}

/// A bound as it would be written: 0.0001, not 1e-04.
std::string fixed_text(double x) {
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
    return of + "unknown option " + quoted(key) + meant(terms.options, key)
           + " There are: " + names_of(terms.options);
  const std::string name{known->name};
  if (equals == std::string_view::npos)
    return of + name + " needs a value, as in " + name + "=" + fixed_text(known->most / 4);
  const auto digits = text.substr(equals + 1);
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || !std::isfinite(value))
    return of + name + " is not a number: " + quoted(digits);
  if (value < known->least || value > known->most)
    return of + name + " " + std::string{digits.substr(0, 32)} + " is not within "
           + fixed_text(known->least) + ".." + fixed_text(known->most);
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
    return fault{ec::bad_input, "unknown strategy " + quoted(name) + meant(all, name)
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
