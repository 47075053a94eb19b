#include "io/config/toml_text.hpp"

#include <charconv>
#include <cstdio>

namespace sluice::io {

std::string quoted_toml(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<uint8_t>(c) < 0x20 || c == 0x7f) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

/// The shortest text that reads back as the same double, always with a point or an exponent.
std::string decimal_text(double x) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, x).ptr;
  std::string out{text, end};
  return out.find_first_of(".e") == std::string::npos ? out + ".0" : out;
}

} // namespace sluice::io
