#include "rules/canonical_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <system_error>

namespace sluice {

namespace {

constexpr std::string_view lower_hex = "0123456789abcdef";

void append_escape(std::string& out, uint32_t unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4)
    out += lower_hex[unit >> shift & 15];
}

void append_ascii(std::string& out, char32_t c) {
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\b':
    out += "\\b";
    return;
  case '\f':
    out += "\\f";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    break;
  }
  if (c >= 0x20 && c < 0x7f) {
    out += static_cast<char>(c);
  } else if (c < 0x10000) {
    append_escape(out, c);
  } else {
    append_escape(out, 0xd800 + ((c - 0x10000) >> 10));
    append_escape(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
  }
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr std::array<unsigned, 4> first{0, 0xc0, 0xe0, 0xf0};
  out += static_cast<char>(first[static_cast<size_t>(more)] | c >> (6 * more));
  for (int i = more - 1; i >= 0; --i)
    out += static_cast<char>(0x80 | (c >> (6 * i) & 0x3f));
}

/// Bytes that stand for themselves in a text, either way: printable ASCII but " and \\.
constexpr std::array<bool, 256> plain_bytes = [] {
  std::array<bool, 256> all{};
  for (size_t c = 0x20; c < 0x7f; ++c)
    all[c] = c != '"' && c != '\\';
  return all;
}();

/// How many of them the text begins with.
size_t plain_run(std::string_view text) {
  size_t n = 0;
  while (n < text.size() && plain_bytes[static_cast<unsigned char>(text[n])])
    ++n;
  return n;
}

/// Takes one character off the front of what is not empty; none when it is no UTF-8 (RFC 3629).
std::optional<char32_t> take_code_point(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  const size_t size = first < 0x80                    ? 1
                      : first >= 0xc2 && first < 0xe0 ? 2
                      : first >= 0xe0 && first < 0xf0 ? 3
                      : first >= 0xf0 && first < 0xf5 ? 4
                                                      : 0;
  if (size == 0 || size > text.size())
    return {};
  char32_t c = size == 1 ? first : first & (0x7fU >> size);
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {};
    c = c << 6 | (byte(i) & 0x3f);
  }
  const bool overlong = (size == 3 && c < 0x800) || (size == 4 && c < 0x10000);
  if (overlong || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
    return {};
  text.remove_prefix(size);
  return c;
}

/// As Python writes a float: its repr.
std::string python_float(double x) {
  std::array<char, 32> buffer{};
  const auto end
    = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x, std::chars_format::scientific)
        .ptr;
  std::string_view text{buffer.data(), static_cast<size_t>(end - buffer.data())};
  std::string out;
  if (text.front() == '-') {
    out = "-";
    text.remove_prefix(1);
  }
  const auto e = text.find('e');
  std::string digits{text.substr(0, 1)};
  if (e > 2)
    digits += text.substr(2, e - 2);
  int exponent = 0;
  const auto* from = text.data() + e + (text[e + 1] == '+' ? 2 : 1);
  std::from_chars(from, end, exponent);
  const auto count = static_cast<int>(digits.size());
  if (exponent < -4 || exponent >= 16) {
    out += digits.substr(0, 1);
    if (count > 1)
      out += '.' + digits.substr(1);
    const auto size = std::to_string(std::abs(exponent));
    return out + (exponent < 0 ? "e-" : "e+") + (size.size() < 2 ? "0" : "") + size;
  }
  if (exponent < 0)
    return out + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1)
    return out + digits + std::string(static_cast<size_t>(exponent + 1 - count), '0') + ".0";
  return out + digits.substr(0, static_cast<size_t>(exponent) + 1) + '.'
         + digits.substr(static_cast<size_t>(exponent) + 1);
}

/// Goes through a JSON text from left to right and writes it in the canonical form. The first thing
/// that is wrong sticks.
class canonical_reader {
public:
  canonical_reader(std::string_view text, canonical_bounds bounds)
    : all_(text), rest_(text), bounds_(bounds) {
    skip_blanks();
  }

  using member_list = std::vector<std::pair<std::string, std::string>>;

  std::string value() {
    if (rest_.empty())
      return wrong("a value");
    switch (rest_.front()) {
    case '{':
      return object();
    case '[':
      return list();
    case '"':
      return canonical_text(string());
    default:
      return rest_.front() == '-' || is_digit(rest_.front()) ? number() : word();
    }
  }

  /// Sorted by key.
  member_list members() {
    member_list all;
    if (!enter('{', "an object: {...}"))
      return all;
    for (bool more = !take('}'); more && !error_; more = separator('}')) {
      if (all.size() == bounds_.entries)
        return wrong("at most " + std::to_string(bounds_.entries) + " members"), all;
      if (rest_.empty() || rest_.front() != '"')
        return wrong("a key in quotes"), all;
      auto key = string();
      if (!error_ && !take(':'))
        wrong("':'");
      if (!error_)
        all.emplace_back(std::move(key), value());
    }
    --depth_;
    if (!std::ranges::is_sorted(all, {}, &member_list::value_type::first))
      std::ranges::sort(all, {}, &member_list::value_type::first);
    const auto twice = std::ranges::adjacent_find(
      all, {}, [](const auto& x) -> const auto& { return x.first; });
    if (!error_ && twice != all.end())
      wrong("every key once, got " + canonical_text(twice->first.substr(0, 64)) + " twice");
    return all;
  }

  /// In order.
  std::vector<std::string> items() {
    std::vector<std::string> all;
    if (!enter('[', "a list: [...]"))
      return all;
    for (bool more = !take(']'); more && !error_; more = separator(']')) {
      if (all.size() == bounds_.entries)
        return wrong("at most " + std::to_string(bounds_.entries) + " items"), all;
      all.push_back(value());
    }
    --depth_;
    return all;
  }

  /// What a string means.
  std::string text() { return !rest_.empty() && rest_.front() == '"' ? string() : wrong("a text"); }

  /// Nothing follows.
  void finish() {
    if (!error_ && !rest_.empty())
      wrong("the end");
  }

  const std::optional<fault>& error() const { return error_; }

private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string object() {
    std::string out = "{";
    for (const auto& [key, text] : members())
      out.append(out.size() > 1 ? ", " : "").append(canonical_text(key)).append(": ").append(text);
    return out + '}';
  }

  std::string list() {
    std::string out = "[";
    if (!enter('[', "a list: [...]"))
      return out;
    size_t items = 0;
    for (bool more = !take(']'); more && !error_; more = separator(']')) {
      if (++items > bounds_.entries)
        return wrong("at most " + std::to_string(bounds_.entries) + " items");
      out.append(items > 1 ? ", " : "").append(value());
    }
    --depth_;
    return out + ']';
  }

  bool enter(char open, std::string_view expected) {
    if (rest_.empty() || rest_.front() != open)
      return wrong(expected), false;
    if (++depth_ > bounds_.depth)
      return wrong("lists and objects at most " + std::to_string(bounds_.depth) + " deep"), false;
    return take(open);
  }

  /// True behind a comma; false at the end of what is open, or when it is neither.
  bool separator(char close) {
    if (error_ || take(close))
      return false;
    if (take(','))
      return true;
    wrong(std::string{"',' or '"} + close + '\'');
    return false;
  }

  /// Decoded.
  std::string string() {
    std::string out;
    rest_.remove_prefix(1);
    while (!error_) {
      const auto plain = plain_run(rest_);
      out += rest_.substr(0, plain);
      rest_.remove_prefix(plain);
      if (rest_.empty())
        return wrong("the end of a text in quotes");
      const char c = rest_.front();
      if (c == '"') {
        rest_.remove_prefix(1);
        skip_blanks();
        return out;
      }
      if (c == '\\') {
        escape(out);
      } else if (static_cast<unsigned char>(c) < 0x20) {
        return wrong("control characters as \\uXXXX");
      } else {
        auto text = rest_;
        if (!take_code_point(text))
          return wrong("UTF-8");
        out += rest_.substr(0, rest_.size() - text.size());
        rest_ = text;
      }
    }
    return out;
  }

  void escape(std::string& out) {
    constexpr std::string_view names = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (rest_.size() > 1)
      if (const auto at = names.find(rest_[1]); at != std::string_view::npos) {
        out += meant[at];
        rest_.remove_prefix(2);
        return;
      }
    const auto first = unit();
    if (!first)
      return;
    if (*first < 0xd800 || *first >= 0xe000)
      return append_utf8(out, *first);
    const auto second = *first < 0xdc00 && rest_.starts_with("\\u") ? unit() : std::nullopt;
    if (!second || *second < 0xdc00 || *second >= 0xe000) {
      wrong("both halves of a surrogate pair");
      return;
    }
    append_utf8(out, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
  }

  /// \uXXXX
  std::optional<char32_t> unit() {
    uint32_t x = 0;
    const bool long_enough = rest_.size() >= 6 && rest_[1] == 'u';
    const auto read = long_enough
                        ? std::from_chars(rest_.data() + 2, rest_.data() + 6, x, 16)
                        : std::from_chars_result{rest_.data(), std::errc::invalid_argument};
    if (read.ec != std::errc{} || read.ptr != rest_.data() + 6) {
      wrong("an escape of JSON");
      return {};
    }
    rest_.remove_prefix(6);
    return x;
  }

  std::string number() {
    const auto begin = rest_;
    size_t size = rest_.front() == '-' ? 1 : 0;
    const auto digits = [&] {
      const auto from = size;
      while (size < begin.size() && is_digit(begin[size]))
        ++size;
      return size > from;
    };
    const auto whole_at = size;
    bool good = digits() && (begin[whole_at] != '0' || size == whole_at + 1);
    bool fraction = false;
    if (good && size < begin.size() && begin[size] == '.') {
      ++size;
      fraction = true;
      good = digits();
    }
    if (good && size < begin.size() && (begin[size] == 'e' || begin[size] == 'E')) {
      ++size;
      fraction = true;
      if (size < begin.size() && (begin[size] == '+' || begin[size] == '-'))
        ++size;
      good = digits();
    }
    if (!good)
      return wrong("a number");
    if (size > bounds_.digits)
      return wrong("a number of at most " + std::to_string(bounds_.digits) + " characters");
    const auto token = begin.substr(0, size);
    double x = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), x);
    // Too small for a double is 0 for Python too; too large has no JSON form.
    if (fraction && read.ec == std::errc::result_out_of_range)
      x = is_tiny(token) ? (token.front() == '-' ? -0.0 : 0.0) : HUGE_VAL;
    if (fraction && !std::isfinite(x))
      return wrong("a number that a double can hold");
    rest_.remove_prefix(size);
    skip_blanks();
    if (fraction)
      return x == 0 ? (std::signbit(x) ? "-0.0" : "0.0") : python_float(x);
    return token == "-0" ? "0" : std::string{token};
  }

  /// Of a number that is out of a double's range: because it is too close to 0?
  static bool is_tiny(std::string_view token) {
    const auto e = token.find_first_of("eE");
    const auto mantissa = token.substr(0, e);
    const auto dot = mantissa.find('.');
    const auto whole = mantissa.substr(0, dot);
    if (whole.find_first_of("123456789") != std::string_view::npos)
      return e != std::string_view::npos && token[e + 1] == '-';
    return e == std::string_view::npos || token[e + 1] == '-';
  }

  std::string word() {
    for (const std::string_view x : {"true", "false", "null"})
      if (rest_.starts_with(x)) {
        rest_.remove_prefix(x.size());
        skip_blanks();
        return std::string{x};
      }
    return wrong("a value");
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c)
      return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
  }

  std::string wrong(std::string_view expected) {
    if (!error_)
      error_ = fault{ec::bad_input, "byte " + std::to_string(all_.size() - rest_.size() + 1)
                                      + ": expected " + std::string{expected}};
    rest_ = {};
    return {};
  }

  std::string_view all_;
  std::string_view rest_;
  canonical_bounds bounds_;
  size_t depth_ = 0;
  std::optional<fault> error_;
};

} // namespace

result<std::string> canonical_json(std::string_view text, canonical_bounds bounds) {
  canonical_reader in{text, bounds};
  auto made = in.value();
  in.finish();
  if (in.error())
    return *in.error();
  return made;
}

result<std::vector<std::pair<std::string, std::string>>>
canonical_members(std::string_view text, canonical_bounds bounds) {
  canonical_reader in{text, bounds};
  auto made = in.members();
  in.finish();
  if (in.error())
    return *in.error();
  return made;
}

result<std::vector<std::string>> canonical_items(std::string_view text, canonical_bounds bounds) {
  canonical_reader in{text, bounds};
  auto made = in.items();
  in.finish();
  if (in.error())
    return *in.error();
  return made;
}

std::string canonical_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  while (!text.empty()) {
    if (const auto plain = plain_run(text); plain > 0) {
      out += text.substr(0, plain);
      text.remove_prefix(plain);
      continue;
    }
    const auto c = take_code_point(text);
    if (!c)
      text.remove_prefix(1);
    append_ascii(out, c.value_or(0xfffd));
  }
  return out + '"';
}

std::string decoded_text(std::string_view quoted) {
  canonical_reader in{quoted, {}};
  auto made = in.text();
  in.finish();
  return in.error() ? "" : made;
}

} // namespace sluice
