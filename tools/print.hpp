/// Where every text for people leaves the program: in UTF-8 or in ASCII, as the locale asks.
#pragma once

#include "io/text/charset.hpp"

#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::tools {

/// Takes the locale of the environment (LC_ALL, LC_CTYPE, LANG); call it once, first of all in
/// main. People are shown UTF-8 when it is installed and its encoding is UTF-8, else ASCII. Where
/// it names no encoding (C, POSIX, or a locale that is not installed) what is typed is still read
/// as UTF-8, by C.UTF-8.
void take_locale();

/// What take_locale() decided; ascii before it was called.
report::charset letters();

/// Text for people, shown() in our letters; false when not all of it could be written.
bool write_shown(std::FILE* to, std::string_view text);

/// The same, put together as printf does.
[[gnu::format(printf, 2, 3)]] bool print_shown(std::FILE* to, const char* format, ...);

/// Text for programs, as it is: JSON, CSV and HTML are UTF-8 always. False as above.
bool write_data(std::FILE* to, std::string_view text);

/// A whole answer, text for people when `table` is set, else data, and flushed. False as above.
bool write_answer(bool table, std::string_view text);

/// A sentence when standard output has not taken everything that this program wrote there; it is
/// flushed first. For the end of main: whoever could not write its answer exits with
/// exit_code::environment. None while standard output is queued (tools/queued_output.hpp), where
/// lines are counted instead.
std::optional<std::string> why_answer_is_lost();

} // namespace sluice::tools
