#include "rules/consensus/json_scan.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace sluice {

namespace {

constexpr bool is_json_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Which bytes end a run inside a text: quotes, a backslash, what is below a space.
constexpr std::array<bool, 256> make_text_stops() {
  std::array<bool, 256> made{};
  for (size_t i = 0; i < 0x20; ++i)
    made[i] = true;
  made['"'] = true;
  made['\\'] = true;
  return made;
}
constexpr auto text_stops = make_text_stops();

/// How many of these eight bytes, the first in the lowest bits, come before such a stop; 8: all do.
size_t before_text_stop(uint64_t eight) {
  constexpr uint64_t ones = 0x0101010101010101;
  const auto is_zero = [](uint64_t x) { return (x - ones) & ~x; };
  const auto below_space = (eight - ones * 0x20) & ~eight;
  const auto found
    = (below_space | is_zero(eight ^ ones * '"') | is_zero(eight ^ ones * '\\')) & ones * 0x80;
  return static_cast<size_t>(std::countr_zero(found)) / 8; // the lowest one is never mistaken
}

int hex_value(char c) {
  if (is_json_digit(c))
    return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/// Four hexadecimal digits at the front; -1 when there are none.
int32_t code_unit(std::string_view text) {
  if (text.size() < 4)
    return -1;
  int32_t unit = 0;
  for (size_t i = 0; i < 4; ++i) {
    const auto digit = hex_value(text[i]);
    if (digit < 0)
      return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

void append_code_point(std::string& out, uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (c >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

/// "u1234", and its other half where it has one, off the front.
bool take_unicode(std::string_view& rest, std::string& out) {
  const auto unit = code_unit(rest.substr(1));
  if (unit < 0)
    return false;
  rest.remove_prefix(5);
  if (unit < 0xd800 || unit > 0xdfff) {
    append_code_point(out, static_cast<uint32_t>(unit));
    return true;
  }
  if (unit > 0xdbff || !rest.starts_with("\\u"))
    return false;
  const auto low = code_unit(rest.substr(2));
  if (low < 0xdc00 || low > 0xdfff)
    return false;
  rest.remove_prefix(6);
  append_code_point(out, 0x10000 + (static_cast<uint32_t>(unit - 0xd800) << 10)
                           + static_cast<uint32_t>(low - 0xdc00));
  return true;
}

/// Bytes of the character of more than one byte at the front; 0 when it is none.
size_t wide_length(std::string_view x) {
  const auto byte = [&](size_t k) { return static_cast<unsigned char>(x[k]); };
  const auto first = byte(0);
  const size_t n = first >= 0xc2 && first < 0xe0   ? 2
                   : first >= 0xe0 && first < 0xf0 ? 3
                   : first >= 0xf0 && first < 0xf5 ? 4
                                                   : 0;
  if (n == 0 || n > x.size())
    return 0;
  for (size_t k = 1; k < n; ++k)
    if ((byte(k) & 0xc0) != 0x80)
      return 0;
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool surrogate = first == 0xed && byte(1) >= 0xa0;
  const bool too_high = first == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || too_high ? 0 : n;
}

} // namespace

void json_scan::skip_spaces() {
  while (at_ < text_.size()
         && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r'))
    ++at_;
}

json_kind json_scan::next() {
  skip_spaces();
  if (at_ == text_.size())
    return json_kind::none;
  switch (text_[at_]) {
  case '"':
    return json_kind::text;
  case '[':
    return json_kind::list;
  case '{':
    return json_kind::object;
  case 't':
  case 'f':
    return json_kind::boolean;
  case 'n':
    return json_kind::null;
  default:
    return text_[at_] == '-' || is_json_digit(text_[at_]) ? json_kind::number : json_kind::none;
  }
}

bool json_scan::text(std::string_view& out, bool& escaped) {
  if (at_ == text_.size() || text_[at_] != '"')
    return false;
  const auto begin = ++at_;
  escaped = false;
  while (at_ < text_.size()) {
    uint64_t eight = 0;
    size_t clear = sizeof eight;
    while (clear == sizeof eight && text_.size() - at_ >= sizeof eight
           && std::endian::native == std::endian::little) {
      std::memcpy(&eight, text_.data() + at_, sizeof eight);
      clear = before_text_stop(eight);
      at_ += clear;
    }
    if (at_ == text_.size())
      return false;
    const auto c = static_cast<unsigned char>(text_[at_]);
    if (!text_stops[c]) {
      ++at_;
    } else if (c == '"') {
      out = text_.substr(begin, at_++ - begin);
      return true;
    } else if (c == '\\') {
      escaped = true;
      if (++at_ == text_.size())
        return false;
      if (text_[at_] == 'u') {
        if (code_unit(text_.substr(at_ + 1)) < 0)
          return false;
        at_ += 5;
      } else if (std::strchr("\"\\/bfnrt", text_[at_]) != nullptr && text_[at_] != '\0') {
        ++at_;
      } else {
        return false;
      }
    } else {
      return false;
    }
  }
  return false;
}

bool json_scan::digits() {
  const auto begin = at_;
  while (at_ < text_.size() && is_json_digit(text_[at_]))
    ++at_;
  return at_ > begin;
}

bool json_scan::number(std::string_view& out) {
  const auto begin = at_;
  const auto is_next = [&](char c) { return at_ < text_.size() && text_[at_] == c; };
  at_ += is_next('-') ? 1 : 0;
  if (is_next('0'))
    ++at_;
  else if (!digits())
    return false;
  if (is_next('.')) {
    ++at_;
    if (!digits())
      return false;
  }
  if (is_next('e') || is_next('E')) {
    ++at_;
    at_ += is_next('+') || is_next('-') ? 1 : 0;
    if (!digits())
      return false;
  }
  out = text_.substr(begin, at_ - begin);
  return true;
}

bool json_scan::literal(std::string_view word) {
  if (!text_.substr(at_).starts_with(word))
    return false;
  at_ += word.size();
  return true;
}

bool json_scan::boolean(bool& out) {
  out = at_ < text_.size() && text_[at_] == 't';
  return literal(out ? "true" : "false");
}

bool json_scan::value(std::string_view& out) {
  skip_spaces();
  const auto begin = at_;
  if (!any(depth_))
    return false;
  out = text_.substr(begin, at_ - begin);
  return true;
}

/// One value inside of `depth` brackets.
bool json_scan::any(size_t depth) {
  std::string_view ignored;
  bool flag = false;
  switch (next()) {
  case json_kind::null:
    return literal("null");
  case json_kind::boolean:
    return boolean(flag);
  case json_kind::number:
    return number(ignored);
  case json_kind::text:
    return text(ignored, flag);
  case json_kind::list:
    return many(depth + 1, false);
  case json_kind::object:
    return many(depth + 1, true);
  case json_kind::none:
    break;
  }
  return false;
}

bool json_scan::many(size_t depth, bool is_object) {
  if (depth > depth_max_)
    return false;
  const char end = is_object ? '}' : ']';
  ++at_;
  skip_spaces();
  if (at_ < text_.size() && text_[at_] == end) {
    ++at_;
    return true;
  }
  while (at_ < text_.size()) {
    if (is_object && !member_name())
      return false;
    if (!any(depth))
      return false;
    skip_spaces();
    if (at_ == text_.size())
      return false;
    const char c = text_[at_++];
    if (c == end)
      return true;
    if (c != ',')
      return false;
    skip_spaces();
  }
  return false;
}

/// A name that is passed over, and its colon.
bool json_scan::member_name() {
  std::string_view name;
  bool escaped = false;
  if (!text(name, escaped))
    return false;
  skip_spaces();
  if (at_ == text_.size() || text_[at_] != ':')
    return false;
  ++at_;
  return true;
}

bool json_scan::open(char bracket) {
  skip_spaces();
  if (at_ == text_.size() || text_[at_] != bracket || depth_ == depth_max_)
    return false;
  ++at_;
  ++depth_;
  first_ = true;
  closed_ = false;
  return true;
}

/// To where the next element begins; false at the end, and where neither is.
bool json_scan::separator(char end) {
  skip_spaces();
  closed_ = false;
  if (at_ == text_.size())
    return false;
  if (text_[at_] == end) {
    ++at_;
    --depth_;
    closed_ = true;
    first_ = false;
    return false;
  }
  if (!first_) {
    if (text_[at_] != ',')
      return false;
    ++at_;
    skip_spaces();
    if (at_ < text_.size() && text_[at_] == end)
      return false;
  }
  first_ = false;
  return at_ < text_.size();
}

bool json_scan::element() {
  return separator(']');
}

bool json_scan::member(std::string_view& name, bool& escaped) {
  if (!separator('}') || !text(name, escaped))
    return false;
  skip_spaces();
  if (at_ == text_.size() || text_[at_] != ':')
    return false;
  ++at_;
  skip_spaces();
  return true;
}

bool json_scan::at_end() {
  skip_spaces();
  return at_ == text_.size();
}

bool unescape_json(std::string_view inside, std::string& out) {
  out.clear();
  while (!inside.empty()) {
    const auto run = std::min(inside.find('\\'), inside.size());
    out += inside.substr(0, run);
    inside.remove_prefix(run);
    if (inside.empty())
      break;
    inside.remove_prefix(1);
    if (inside.empty())
      return false;
    if (inside.front() == 'u') {
      if (!take_unicode(inside, out))
        return false;
      continue;
    }
    constexpr std::string_view names = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    const auto at = names.find(inside.front());
    if (at == std::string_view::npos)
      return false;
    out += meanings[at];
    inside.remove_prefix(1);
  }
  return true;
}

bool is_utf8_text(std::string_view bytes) {
  constexpr uint64_t high_bits = 0x8080808080808080;
  while (!bytes.empty()) {
    uint64_t eight = 0;
    if (bytes.size() >= sizeof eight) {
      std::memcpy(&eight, bytes.data(), sizeof eight);
      if ((eight & high_bits) == 0) {
        bytes.remove_prefix(sizeof eight);
        continue;
      }
    }
    if (static_cast<unsigned char>(bytes.front()) < 0x80) {
      bytes.remove_prefix(1);
      continue;
    }
    const auto n = wide_length(bytes);
    if (n == 0)
      return false;
    bytes.remove_prefix(n);
  }
  return true;
}

} // namespace sluice
