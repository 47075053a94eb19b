/// Text as a terminal shows it: how wide it is, cut and padded, and free of what moves the cursor.
#pragma once

#include "io/text/charset.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::report {

/// What strangers wrote, on one line: control characters and line ends become spaces, what reorders
/// text is left out, bytes that are not UTF-8 become U+FFFD.
std::string plain(std::string_view text);

/// Columns that UTF-8 takes on a terminal, 0 or more: 2 for wide characters, 0 for combining ones,
/// 1 for a byte that is no UTF-8. No error, as in all functions here.
size_t shown_width(std::string_view text);

/// Takes one character off the front of a text that is not empty, and answers its code point:
/// U+FFFD and one byte where there is no UTF-8.
char32_t take_character(std::string_view& text);

/// At most `width` columns of a terminal, 0 or more; what is cut ends in the ellipsis of `letters`,
/// or as much of it as there is space for.
std::string cut(std::string_view text, size_t width, charset letters = charset::utf8);

/// The same, but the middle goes: keys are distinguished by both ends.
std::string cut_middle(std::string_view text, size_t width, charset letters = charset::utf8);

/// Exactly `width` columns, cut if need be. Columns of a terminal, 0 or more.
std::string pad_right(std::string_view text, size_t width, charset letters = charset::utf8);
/// The same, with the spaces on the left.
std::string pad_left(std::string_view text, size_t width, charset letters = charset::utf8);

/// Parts side by side, two spaces apart, on as many lines as the width (columns of a terminal) asks
/// for; the lines after the first are indented by two. A part that is too long alone is cut. No
/// line end after the last. For ascii the parts are shown() first.
std::string
flow(const std::vector<std::string>& parts, size_t width, charset letters = charset::utf8);

/// As one argument on a shell's command line; for ascii with $'\\303' for bytes outside ASCII, as
/// bash, zsh and ksh read it.
std::string shell_argument(std::string_view text, charset letters = charset::utf8);

} // namespace sluice::report
