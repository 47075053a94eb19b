#include "tools/shell/locale_text.hpp"

#include "io/text/text.hpp"

#include <array>
#include <climits>
#include <cwchar>

namespace sluice::tools {

static_assert(sizeof(wchar_t) >= sizeof(char32_t), "wchar_t holds a code point, as in glibc");

namespace {

constexpr char32_t no_character = 0xFFFD;
constexpr std::string_view no_character_utf8 = "\xEF\xBF\xBD";

std::string utf8_of(char32_t x) {
  const auto tail = [x](int shift) { return static_cast<char>(0x80 | ((x >> shift) & 0x3F)); };
  if (x < 0x80)
    return {static_cast<char>(x)};
  if (x < 0x800)
    return {static_cast<char>(0xC0 | (x >> 6)), tail(0)};
  if (x < 0x10000)
    return {static_cast<char>(0xE0 | (x >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (x >> 18)), tail(12), tail(6), tail(0)};
}

} // namespace

std::optional<std::string> to_locale(std::string_view utf8) {
  std::string out;
  std::mbstate_t state{};
  std::array<char, MB_LEN_MAX> bytes{};
  while (!utf8.empty()) {
    const auto before = utf8;
    const auto x = report::take_character(utf8);
    if (x == no_character && !before.starts_with(no_character_utf8))
      return std::nullopt;
    const auto size = std::wcrtomb(bytes.data(), static_cast<wchar_t>(x), &state);
    if (size == static_cast<size_t>(-1))
      return std::nullopt;
    out.append(bytes.data(), size);
  }
  return out;
}

std::string from_locale(std::string_view text) {
  std::string out;
  std::mbstate_t state{};
  while (!text.empty()) {
    wchar_t x = 0;
    const auto size = std::mbrtowc(&x, text.data(), text.size(), &state);
    const bool good = size != static_cast<size_t>(-1) && size != static_cast<size_t>(-2);
    out += good ? utf8_of(static_cast<char32_t>(x)) : std::string{no_character_utf8};
    text.remove_prefix(good && size > 0 ? size : 1);
    if (!good)
      state = {};
  }
  return out;
}

} // namespace sluice::tools
