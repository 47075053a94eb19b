/// A TOML text that grows.
#pragma once

#include "rules/math/u256.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::io {

/// A TOML string with its quotes.
std::string quoted_toml(std::string_view text);

/// The shortest text that reads back as the same double, always with a point or an exponent; `x` is
/// finite (not checked).
std::string decimal_text(double x);

/// Collects keys and values; nothing here fails.
class toml_text {
public:
  void section(std::string_view name) { out_ += "\n[" + std::string{name} + "]\n"; }
  void element(std::string_view name) { out_ += "\n[[" + std::string{name} + "]]\n"; }

  void put(std::string_view key, std::string_view text) { row(key, quoted_toml(text)); }
  void put(std::string_view key, const char* text) { put(key, std::string_view{text}); }
  void put(std::string_view key, const std::string& text) { put(key, std::string_view{text}); }
  void put(std::string_view key, bool x) { row(key, x ? "true" : "false"); }
  /// As decimal_text.
  void put(std::string_view key, double x) { row(key, decimal_text(x)); }
  /// In quotes, in decimals: 0 to 2^256 - 1.
  void put(std::string_view key, const u256& x) { row(key, '"' + to_string(x) + '"'); }
  /// Any integer of 64 bits; beyond 2^63 - 1 in quotes.
  template <std::integral T>
  void put(std::string_view key, T x) {
    // TOML's own integers end at 2^63 - 1.
    if (std::cmp_greater(x, INT64_MAX))
      row(key, '"' + std::to_string(x) + '"');
    else
      row(key, std::to_string(x));
  }
  void put(std::string_view key, const std::vector<std::string>& texts) {
    std::string list;
    for (const auto& text : texts)
      list += (list.empty() ? "" : ", ") + quoted_toml(text);
    row(key, '[' + list + ']');
  }
  /// Each below 2^63; not checked.
  void put(std::string_view key, const std::vector<uint64_t>& numbers) {
    std::string list;
    for (const auto number : numbers)
      list += (list.empty() ? "" : ", ") + std::to_string(number);
    row(key, '[' + list + ']');
  }
  void row(std::string_view key, std::string_view value) {
    out_ += key;
    out_ += " = ";
    out_ += value;
    out_ += '\n';
  }
  std::string take() && { return std::move(out_); }

private:
  std::string out_;
};

} // namespace sluice::io
