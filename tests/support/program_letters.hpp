/// The character set that a program started by a test shows to people, by the environment's locale.
#pragma once

#include "io/text/charset.hpp"

#include <clocale>
#include <cstdlib>
#include <langinfo.h>
#include <locale.h>
#include <string_view>

namespace sluice::test {

/// As POSIX takes a locale: LC_ALL, else LC_CTYPE, else LANG; ascii where none is set or installed.
inline report::charset program_letters() {
  const char* name = "";
  for (const char* variable : {"LANG", "LC_CTYPE", "LC_ALL"})
    if (const char* value = std::getenv(variable); value && *value)
      name = value;
  const auto locale = ::newlocale(LC_CTYPE_MASK, *name ? name : "C", nullptr);
  if (!locale)
    return report::charset::ascii;
  const bool utf8 = std::string_view{::nl_langinfo_l(CODESET, locale)} == "UTF-8";
  ::freelocale(locale);
  return utf8 ? report::charset::utf8 : report::charset::ascii;
}

/// What stands there for our characters outside ASCII.
inline const report::text_forms& program_forms() {
  return report::forms_of(program_letters());
}

} // namespace sluice::test
