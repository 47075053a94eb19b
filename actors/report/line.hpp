/// One line of key=value that grows: for grep.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::report {

/// A value that needs it is quoted as JSON quotes, so that a line is a line.
class line {
public:
  explicit line(std::string_view event) : text_(event) {}

  line& add(std::string_view key, const std::string& value);
  /// Written in decimal digits, in the unit that the key names.
  line& add(std::string_view key, uint64_t value) { return add(key, std::to_string(value)); }
  /// Nothing when the value is empty.
  line& add_text(std::string_view key, const std::string& value) {
    return value.empty() ? *this : add(key, value);
  }
  std::string end() const { return text_ + '\n'; }

private:
  std::string text_;
};

} // namespace sluice::report
