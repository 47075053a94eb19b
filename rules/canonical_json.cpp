#include "rules/canonical_json.hpp"

#include "rules/canonical_parts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <system_error>

namespace sluice {

namespace {

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
      return quoted();
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
    const auto all = members();
    size_t bytes = 2;
    for (const auto& [key, text] : all)
      bytes += key.size() + text.size() + 8;
    out.reserve(bytes);
    for (const auto& [key, text] : all) {
      out += out.size() > 1 ? ", " : "";
      append_canonical(out, key);
      out.append(": ").append(text);
    }
    return out += '}';
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

  /// A string in its canonical form.
  std::string quoted() {
    const auto plain = plain_run(rest_.substr(1));
    if (plain + 1 >= rest_.size() || rest_[plain + 1] != '"')
      return canonical_text(string());
    std::string made{rest_.substr(0, plain + 2)};
    rest_.remove_prefix(plain + 2);
    skip_blanks();
    return made;
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
      return append_code_point(out, *first);
    const auto second = *first < 0xdc00 && rest_.starts_with("\\u") ? unit() : std::nullopt;
    if (!second || *second < 0xdc00 || *second >= 0xe000) {
      wrong("both halves of a surrogate pair");
      return;
    }
    append_code_point(out, 0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00));
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
    if (fraction && is_short_decimal(token)) {
      rest_.remove_prefix(size);
      skip_blanks();
      return std::string{token};
    }
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

std::string decoded_text(std::string_view quoted) {
  canonical_reader in{quoted, {}};
  auto made = in.text();
  in.finish();
  return in.error() ? "" : made;
}

} // namespace sluice
