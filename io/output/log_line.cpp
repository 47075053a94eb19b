#include "io/output/log_line.hpp"

#include <array>
#include <utility>

namespace sluice::io {

namespace {

constexpr int64_t count_every_s = 60;
constexpr std::string_view hex_digits = "0123456789abcdef";

std::string hex_of(unsigned char c) {
  return {hex_digits[c >> 4U], hex_digits[c & 15U]};
}

std::string escape_of(unsigned char c) {
  switch (c) {
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    return "\\x" + hex_of(c);
  }
}

} // namespace

std::string one_line(std::string_view text) {
  constexpr unsigned char space = 0x20;
  constexpr unsigned char del = 0x7f;
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : space;
    if (c < space || c == del) {
      out += escape_of(c);
    } else if (c == 0xc2 && next >= 0x80 && next < 0xa0) { // U+0080 to U+009f in UTF-8
      out += "\\u{" + hex_of(next) + '}';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

folded_record repeated_records::take(std::string_view text, int64_t now_s) {
  if (!std::exchange(any_, true) || text != last_) {
    last_ = text;
    since_s_ = now_s;
    return {std::exchange(repeated_, 0), true};
  }
  ++repeated_;
  if (now_s - since_s_ < count_every_s)
    return {0, false};
  since_s_ = now_s;
  return {std::exchange(repeated_, 0), false};
}

uint64_t repeated_records::rest() {
  return std::exchange(repeated_, 0);
}

} // namespace sluice::io
