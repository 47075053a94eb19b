/// A line of the shell as tokens, and several commands on one line.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::admin {

/// Bytes of a line: longer ones are refused (ec::bad_input) before anybody looks at them.
inline constexpr size_t line_bytes_max = 64 * 1024;

/// One token and where it stood, quotes included.
struct line_token {
  std::string text;
  size_t from = 0; // byte of the line, from 0
  size_t to = 0;   // one past its last byte
  bool operator==(const line_token&) const = default;
};

/// Tokens are parted by spaces and tabs. "..." and '...' keep them together; a backslash keeps the
/// next character, but not inside '...'. bad_input: a quote without its end, a backslash at the
/// end, a control character, a line that is too long.
result<std::vector<line_token>> split_line(std::string_view line);

/// The commands of "CMD; CMD": a ; inside quotes is none. Empty ones are left out.
result<std::vector<std::string>> split_commands(std::string_view text);

/// A token, quoted so that split_line reads it back.
std::string quoted_token(std::string_view text);

} // namespace sluice::admin
