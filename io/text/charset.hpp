/// What a terminal or a pipe can show: our own characters in two forms, and everybody else's text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::report {

/// Which characters are shown; decided once, by the locale (tools/print.hpp).
enum class charset : uint8_t {
  utf8 = 0,
  ascii, // nothing but bytes below 0x80
};

/// The characters outside ASCII that we draw with, or what stands for them. Widths are columns of a
/// terminal.
struct text_forms {
  std::string_view arrow;       // from one price to another
  std::string_view range;       // between two blocks
  std::string_view ellipsis;    // where text was cut; at most 3 columns
  std::string_view bar_done;    // one cell of a bar, one column wide
  std::string_view bar_rest;    // the same
  std::string_view branch;      // before a row of a tree, three columns wide
  std::string_view last_branch; // the same
  std::string_view stem;        // the same
};
const text_forms& forms_of(charset letters);

/// The text as it is for utf8. For ascii a character outside ASCII becomes "\u{e9}" (its code
/// point, hexadecimal) and a byte that is not UTF-8 becomes "\x{ff}", so that nothing is lost.
std::string shown(std::string_view text, charset letters);

/// The same for what is TOML: its own escapes, \u00e9 and \U0001f986, which read back as they were
/// between double quotes.
std::string shown_toml(std::string_view text, charset letters);

} // namespace sluice::report
