/// Values of header fields that are lists (RFC 9110, 5.6.1), taken apart without copying.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

namespace sluice::net {

inline char lower_field_char(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Tokens of header fields have no case.
inline bool same_field_token(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower_field_char(x) == lower_field_char(y); });
}

/// Without spaces and tabs around it.
inline std::string_view trimmed_field(std::string_view x) {
  const auto first = x.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return x.substr(first, x.find_last_not_of(" \t") - first + 1);
}

/// The items between the commas, trimmed; empty ones are passed over.
class field_list {
public:
  explicit field_list(std::string_view value) : rest_(value) {}

  std::optional<std::string_view> next() {
    while (!rest_.empty()) {
      const auto comma = std::min(rest_.find(','), rest_.size());
      const auto item = trimmed_field(rest_.substr(0, comma));
      rest_.remove_prefix(std::min(comma + 1, rest_.size()));
      if (!item.empty())
        return item;
    }
    return {};
  }

private:
  std::string_view rest_;
};

} // namespace sluice::net
