/// Texts and numbers as canonical JSON has them: what its reader is made of.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// Appends the UTF-8 bytes of a code point, 0 to 0x10ffff and no half of a surrogate pair; not
/// checked.
void append_code_point(std::string& out, char32_t c);

/// How many bytes the text begins with that stand for themselves in JSON, either way: printable
/// ASCII but the quote and the backslash.
size_t plain_run(std::string_view text);

/// Takes one character off the front of what is not empty; none when it is no UTF-8 (RFC 3629).
std::optional<char32_t> take_code_point(std::string_view& text);

/// Appends a text as a canonical JSON string, with its quotes. Bytes that are no UTF-8 become
/// U+FFFD.
void append_canonical(std::string& out, std::string_view text);

/// Is a number of JSON what Python writes for its nearest double? It is when it has a point, no
/// exponent, so few digits that no other double is as near, no zeros that say nothing, and is
/// neither so small nor so large that an exponent is written. False: perhaps not.
bool is_short_decimal(std::string_view token);

/// As Python writes a float: its repr. `x`: finite, not 0.
std::string python_float(double x);

} // namespace sluice
