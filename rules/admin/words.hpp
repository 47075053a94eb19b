/// A line of the shell as words, and several commands on one line.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::admin {

/// Longer lines are refused before anybody looks at them.
inline constexpr size_t line_bytes_max = 64 * 1024;

/// One word and where it stood, quotes included.
struct word {
  std::string text;
  size_t from = 0; // byte of the line
  size_t to = 0;   // one past its last byte
  bool operator==(const word&) const = default;
};

/// Words are parted by spaces and tabs. "..." and '...' keep them together; a backslash keeps the
/// next character, but not inside '...'. bad_input: a quote without its end, a backslash at the
/// end, a control character, a line that is too long.
result<std::vector<word>> split_words(std::string_view line);

/// The commands of "CMD; CMD": a ; inside quotes is none. Empty ones are left out.
result<std::vector<std::string>> split_commands(std::string_view text);

/// A word so that split_words reads it back.
std::string as_word(std::string_view text);

} // namespace sluice::admin
