#include "io/text/charset.hpp"

#include "io/text/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::report {

namespace {

// The only characters outside ASCII in the sources of the program (tests/code_base).
constexpr text_forms in_utf8{"→", "–", "…", "━", "─", "├─ ", "└─ ", "│  "};
constexpr text_forms in_ascii{"->", "-", "...", "=", "-", "|- ", "`- ", "|  "};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

/// Every character outside ASCII as `escape` writes it: the character, and its bytes.
template <class F>
std::string escaped(std::string_view text, F escape) {
  std::string out;
  while (!text.empty()) {
    const auto before = text;
    const auto x = take_character(text);
    const auto bytes = before.substr(0, before.size() - text.size());
    out += is_ascii(bytes) ? std::string{bytes} : escape(x, bytes);
  }
  return out;
}

std::string byte_of(std::string_view bytes) {
  return fmt::format("\\x{{{:02x}}}", static_cast<uint8_t>(bytes.front()));
}

} // namespace

const text_forms& forms_of(charset letters) {
  return letters == charset::utf8 ? in_utf8 : in_ascii;
}

std::string shown(std::string_view text, charset letters) {
  if (letters == charset::utf8 || is_ascii(text))
    return std::string{text};
  return escaped(text, [](char32_t x, std::string_view bytes) {
    return bytes.size() == 1 ? byte_of(bytes) : fmt::format("\\u{{{:x}}}", uint32_t{x});
  });
}

std::string shown_toml(std::string_view text, charset letters) {
  if (letters == charset::utf8 || is_ascii(text))
    return std::string{text};
  return escaped(text, [](char32_t x, std::string_view bytes) {
    if (bytes.size() == 1)
      return byte_of(bytes);
    return x > 0xFFFF ? fmt::format("\\U{:08x}", uint32_t{x})
                      : fmt::format("\\u{:04x}", uint32_t{x});
  });
}

} // namespace sluice::report
