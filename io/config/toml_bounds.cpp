#include "io/config/toml_bounds.hpp"

#include <algorithm>
#include <optional>

namespace sluice::io {

namespace {

/// So many bytes behind a break the parser is given, so that its sentence shows what is there.
constexpr size_t bytes_behind_break = 64;
constexpr size_t quotes_of_long_text = 3;

bool is_bare_key_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
         || c == '-' || static_cast<unsigned char>(c) >= 0x80;
}

/// One pass over a text. Functions that read something answer false when it is not there or beyond
/// a limit; then nothing more is read.
class toml_scanner {
public:
  toml_scanner(std::string_view text, const toml_limits& limits) : text_(text), limits_(limits) {}

  /// "" when all is within the limits.
  std::string run() {
    if (text_.size() > limits_.bytes)
      return beyond("a text of " + std::to_string(text_.size()) + " bytes", limits_.bytes, "bytes");
    if (text_.starts_with("\xef\xbb\xbf"))
      at_ = 3;
    for (skip_empty(); at_ < text_.size() && !broken_; skip_empty())
      if (!expression())
        broken_ = true;
    return why_;
  }

  bool broken() const { return broken_; }
  size_t at() const { return at_; }

private:
  bool is(char c) const { return at_ < text_.size() && text_[at_] == c; }
  bool take(char c) {
    if (!is(c))
      return false;
    ++at_;
    return true;
  }

  void skip_blanks() {
    while (is(' ') || is('\t'))
      ++at_;
  }

  void skip_comment() {
    while (at_ < text_.size() && text_[at_] != '\n')
      ++at_;
  }

  /// Blanks, ends of lines and comments.
  void skip_empty() {
    for (;;) {
      skip_blanks();
      if (is('#'))
        skip_comment();
      else if (!take('\n') && !take('\r'))
        return;
    }
  }

  bool expression() {
    if (!(is('[') ? header() : pair(0)))
      return false;
    skip_blanks();
    if (is('#'))
      skip_comment();
    return at_ == text_.size() || is('\n') || is('\r');
  }

  bool header() {
    const bool of_array = text_.substr(at_).starts_with("[[");
    at_ += of_array ? 2 : 1;
    if (!count() || !key() || !take(']'))
      return false;
    return !of_array || take(']');
  }

  bool pair(size_t depth) {
    if (!count() || !key() || !take('='))
      return false;
    skip_blanks();
    return value(depth);
  }

  /// One more key or value.
  bool count() {
    if (++values_ <= limits_.values)
      return true;
    refuse("so many keys and values", limits_.values, "keys and values");
    return false;
  }

  /// With the blanks around it.
  bool key() {
    skip_blanks();
    const auto begin = at_;
    for (size_t parts = 1;; ++parts) {
      if (!key_part(begin))
        return false;
      if (parts > limits_.key_parts) {
        at_ = begin;
        refuse("a key of so many parts", limits_.key_parts, "parts with dots between them");
        return false;
      }
      skip_blanks();
      if (!within_key(begin))
        return false;
      if (!take('.'))
        return true;
      skip_blanks();
    }
  }

  bool within_key(size_t begin) {
    if (at_ - begin <= limits_.key_bytes)
      return true;
    at_ = begin;
    refuse("a longer key", limits_.key_bytes, "bytes per key");
    return false;
  }

  bool key_part(size_t begin) {
    if (is('"') || is('\''))
      return short_text() && within_key(begin);
    const auto from = at_;
    while (at_ < text_.size() && is_bare_key_letter(text_[at_]))
      ++at_;
    return at_ > from && within_key(begin);
  }

  /// In its quotes, in one line.
  bool short_text() {
    const char quote = text_[at_++];
    for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size())
        ++at_;
      else if (text_[at_] == quote)
        return take(quote);
    }
    return false;
  }

  /// Between three quotes and three quotes, before which one or two more may be part of it.
  bool long_text() {
    const char quote = text_[at_];
    at_ += quotes_of_long_text;
    while (at_ < text_.size()) {
      if (quote == '"' && text_[at_] == '\\') {
        at_ = std::min(at_ + 2, text_.size());
        continue;
      }
      size_t quotes = 0;
      while (quotes < quotes_of_long_text + 2 && take(quote))
        ++quotes;
      if (quotes >= quotes_of_long_text)
        return true;
      if (quotes == 0)
        ++at_;
    }
    return false;
  }

  bool text() {
    const auto rest = text_.substr(at_);
    return rest.starts_with("\"\"\"") || rest.starts_with("'''") ? long_text() : short_text();
  }

  bool value(size_t depth) {
    if (is('"') || is('\''))
      return text();
    if (!is('[') && !is('{'))
      return plain_value();
    if (depth == limits_.depth) {
      refuse("a deeper one", limits_.depth, "arrays and inline tables inside each other");
      return false;
    }
    return is('[') ? array(depth + 1) : inline_table(depth + 1);
  }

  /// A number, a truth, a date; between date and time one space may stand.
  bool plain_value() {
    constexpr std::string_view ends = " \t\r\n,]}#";
    const auto from = at_;
    const auto skip = [&] { at_ = std::min(text_.find_first_of(ends, at_), text_.size()); };
    skip();
    const auto rest = text_.substr(at_);
    if (at_ - from == std::string_view{"1979-05-27"}.size() && rest.size() > 1 && rest[0] == ' '
        && rest[1] >= '0' && rest[1] <= '9') {
      ++at_;
      skip();
    }
    return at_ > from;
  }

  bool array(size_t depth) {
    ++at_;
    for (skip_empty(); !is(']'); skip_empty()) {
      if (!count() || !value(depth))
        return false;
      skip_empty();
      if (!take(',') && !is(']'))
        return false;
    }
    return take(']');
  }

  bool inline_table(size_t depth) {
    ++at_;
    for (skip_empty(); !is('}'); skip_empty()) {
      if (!pair(depth))
        return false;
      skip_empty();
      if (!take(',') && !is('}'))
        return false;
    }
    return take('}');
  }

  void refuse(const std::string& got, size_t most, std::string_view of_what) {
    if (why_.empty())
      why_ = beyond(got, most, of_what);
  }

  std::string beyond(const std::string& got, size_t most, std::string_view of_what) const {
    const auto before = text_.substr(0, std::min(at_, text_.size()));
    const auto line = std::ranges::count(before, '\n') + 1;
    const auto last = before.rfind('\n');
    const auto column = before.size() - (last == std::string_view::npos ? 0 : last + 1) + 1;
    return std::to_string(line) + ':' + std::to_string(column) + ": expected at most "
           + std::to_string(most) + ' ' + std::string{of_what} + ", got " + got
           + "; no configuration has that, so the file is not read";
  }

  std::string_view text_;
  const toml_limits& limits_;
  size_t at_ = 0;
  size_t values_ = 0;
  bool broken_ = false;
  std::string why_;
};

} // namespace

result<toml_scan>
scan_toml(std::string_view text, const std::string& name, const toml_limits& limits) {
  toml_scanner scanner{text, limits};
  if (const auto why = scanner.run(); !why.empty())
    return fault{ec::bad_input, name + ':' + why};
  if (!scanner.broken())
    return toml_scan{text.size(), false};
  return toml_scan{std::min(scanner.at() + bytes_behind_break, text.size()), true};
}

} // namespace sluice::io
