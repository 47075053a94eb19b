#include "io/trading/json_scanner.hpp"

#include <array>
#include <cstdint>

namespace sluice::io {

namespace {

constexpr int scan_depth_max = 32;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int hex_digit(char c) {
  if (is_digit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

void append_utf8(std::string& out, uint32_t code) {
  const auto tail = [&out](uint32_t bits) { out.push_back(static_cast<char>(0x80 | (bits & 63))); };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | code >> 6));
    tail(code);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | code >> 12));
    tail(code >> 6);
    tail(code);
  } else {
    out.push_back(static_cast<char>(0xf0 | code >> 18));
    tail(code >> 12);
    tail(code >> 6);
    tail(code);
  }
}

/// Four hexadecimal digits at `i`; -1 when they are not there.
int64_t hex4(std::string_view text, size_t i) {
  if (i + 4 > text.size())
    return -1;
  int64_t code = 0;
  for (size_t k = i; k < i + 4; ++k) {
    const int digit = hex_digit(text[k]);
    if (digit < 0)
      return -1;
    code = code * 16 + digit;
  }
  return code;
}

} // namespace

std::string_view name_of(scan_kind x) {
  constexpr std::array<std::string_view, 7> names{
    "the end", "null", "true or false", "a number", "a text", "an object", "a list"};
  return names.at(static_cast<size_t>(x));
}

void json_scanner::fail(std::string_view expected) {
  if (failed_)
    return;
  failed_ = true;
  expected_ = expected;
}

void json_scanner::space() {
  while (at_ < text_.size()
         && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
    ++at_;
}

scan_kind json_scanner::peek() {
  space();
  if (failed_ || at_ == text_.size())
    return scan_kind::none;
  switch (text_[at_]) {
  case '{':
    return scan_kind::object;
  case '[':
    return scan_kind::list;
  case '"':
    return scan_kind::text;
  case 'n':
    return scan_kind::null;
  case 't':
  case 'f':
    return scan_kind::boolean;
  case 'N':
  case 'I':
  case '-':
    return scan_kind::number;
  default:
    return is_digit(text_[at_]) ? scan_kind::number : scan_kind::none;
  }
}

bool json_scanner::begin(char open) {
  space();
  if (failed_ || at_ == text_.size() || text_[at_] != open) {
    fail(open == '{' ? "an object" : "a list");
    return false;
  }
  ++at_;
  return true;
}

bool json_scanner::more(char close, bool& first) {
  space();
  if (failed_)
    return false;
  if (at_ < text_.size() && text_[at_] == close) {
    ++at_;
    return false;
  }
  if (!first) {
    if (at_ == text_.size() || text_[at_] != ',') {
      fail(close == '}' ? "a comma or }" : "a comma or ]");
      return false;
    }
    ++at_;
  }
  first = false;
  return true;
}

std::string_view json_scanner::key() {
  if (peek() != scan_kind::text) {
    fail("the name of a member in quotes");
    return {};
  }
  const auto name = quoted_text();
  space();
  if (at_ == text_.size() || text_[at_] != ':')
    fail("a colon");
  else
    ++at_;
  return name;
}

scanned_value json_scanner::value() {
  scanned_value out;
  out.kind = peek();
  out.at = at_;
  switch (out.kind) {
  case scan_kind::text:
    out.text = quoted_text();
    break;
  case scan_kind::number:
    out.text = number();
    break;
  case scan_kind::boolean:
    out.text = text_[at_] == 't' ? "true" : "false";
    word(out.text);
    break;
  case scan_kind::null:
    word("null");
    break;
  case scan_kind::object:
  case scan_kind::list:
    pass_over(0);
    break;
  case scan_kind::none:
    fail("a value");
  }
  return out;
}

bool json_scanner::end() {
  space();
  if (!failed_ && at_ != text_.size())
    fail("nothing more");
  return !failed_;
}

bool json_scanner::word(std::string_view x) {
  if (!text_.substr(at_).starts_with(x)) {
    fail("null, true, false, a number or a text");
    return false;
  }
  at_ += x.size();
  return true;
}

std::string_view json_scanner::number() {
  const size_t from = at_;
  if (text_[at_] == '-')
    ++at_;
  if (at_ < text_.size() && (text_[at_] == 'N' || text_[at_] == 'I')) {
    word(text_[at_] == 'N' ? "NaN" : "Infinity");
    return text_.substr(from, at_ - from);
  }
  const auto digits = [this] {
    const size_t first = at_;
    while (at_ < text_.size() && is_digit(text_[at_]))
      ++at_;
    if (at_ == first)
      fail("a digit");
  };
  const size_t first = at_;
  digits();
  if (!failed_ && text_[first] == '0' && at_ > first + 1)
    fail("a number without a leading zero");
  if (at_ < text_.size() && text_[at_] == '.') {
    ++at_;
    digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    ++at_;
    if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-'))
      ++at_;
    digits();
  }
  return text_.substr(from, at_ - from);
}

/// The place is at the opening quote. Most texts have no escapes and are not copied.
std::string_view json_scanner::quoted_text() {
  const size_t from = ++at_;
  while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\'
         && static_cast<unsigned char>(text_[at_]) >= 0x20)
    ++at_;
  if (at_ < text_.size() && text_[at_] == '"')
    return text_.substr(from, at_++ - from);
  turn_ = 1 - turn_;
  unescaped_[turn_] = std::string{text_.substr(from, at_ - from)};
  while (at_ < text_.size() && text_[at_] != '"') {
    if (static_cast<unsigned char>(text_[at_]) < 0x20) {
      fail("a text without control characters");
      return {};
    }
    if (text_[at_] != '\\') {
      unescaped_[turn_].push_back(text_[at_++]);
    } else if (!escape(at_)) {
      fail("an escape sequence of JSON");
      return {};
    }
  }
  if (at_ == text_.size()) {
    fail("a closing quote");
    return {};
  }
  ++at_;
  return unescaped_[turn_];
}

/// `i` is at the backslash and moves behind the sequence. Half of a surrogate pair is refused.
bool json_scanner::escape(size_t& i) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  auto& out = unescaped_[turn_];
  if (i + 1 >= text_.size())
    return false;
  if (const auto known = letters.find(text_[i + 1]); known != std::string_view::npos) {
    out.push_back(meant[known]);
    i += 2;
    return true;
  }
  int64_t code = text_[i + 1] == 'u' ? hex4(text_, i + 2) : -1;
  if (code < 0)
    return false;
  i += 6;
  if (code >= 0xdc00 && code < 0xe000)
    return false;
  if (code >= 0xd800 && code < 0xdc00) {
    const int64_t low = text_.substr(i).starts_with("\\u") ? hex4(text_, i + 2) : -1;
    if (low < 0xdc00 || low >= 0xe000)
      return false;
    code = 0x10000 + (code - 0xd800) * 1024 + (low - 0xdc00);
    i += 6;
  }
  append_utf8(out, static_cast<uint32_t>(code));
  return true;
}

void json_scanner::pass_over(int depth) {
  if (depth == scan_depth_max) {
    fail("fewer objects inside each other");
    return;
  }
  const bool object = text_[at_] == '{';
  bool first = true;
  begin(text_[at_]);
  while (more(object ? '}' : ']', first)) {
    if (object)
      key();
    const auto kind = peek();
    if (kind == scan_kind::object || kind == scan_kind::list)
      pass_over(depth + 1);
    else
      value();
  }
}

} // namespace sluice::io
