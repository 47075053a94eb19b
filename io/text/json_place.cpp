#include "io/text/json_place.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace sluice::io {

namespace {

/// Walks over valid JSON; every function starts at and leaves `at_` at the next byte of interest.
class walker {
public:
  explicit walker(std::string_view text) : text_(text) {}

  size_t at() {
    skip_space();
    return at_;
  }
  void go_to(size_t byte) { at_ = byte; }

  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  /// Over `expected` when it comes next.
  bool pass(char expected) {
    if (peek() != expected)
      return false;
    ++at_;
    return true;
  }

  /// Over a string; answers it with its quotes.
  std::string_view string() {
    const size_t from = at();
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"')
      at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    return text_.substr(from, at_ - from);
  }

  /// Over a whole value; brackets inside of strings do not count.
  void value() {
    size_t depth = 0;
    do {
      const char c = peek();
      if (c == '\0')
        return;
      if (c == '"') {
        string();
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (c == ',' || c == ':') {
        ++at_;
      } else {
        at_ = std::min(text_.find_first_of(",:]} \t\r\n", at_), text_.size());
      }
    } while (depth > 0);
  }

private:
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  std::string_view text_;
  size_t at_ = 0;
};

/// The value under `key` of the object that comes next.
std::optional<size_t> find_key(walker& walk, const std::string& key) {
  std::optional<size_t> found;
  if (!walk.pass('{'))
    return found;
  while (walk.peek() == '"') {
    const auto name = nlohmann::json::parse(walk.string(), nullptr, false);
    walk.pass(':');
    if (name == key)
      found = walk.at();
    walk.value();
    walk.pass(',');
  }
  return found;
}

std::optional<size_t> find_index(walker& walk, size_t index) {
  if (!walk.pass('['))
    return {};
  for (size_t i = 0; walk.peek() != ']' && walk.peek() != '\0'; ++i) {
    if (i == index)
      return walk.at();
    walk.value();
    walk.pass(',');
  }
  return {};
}

} // namespace

std::string to_text(const json_path& path) {
  std::string text;
  for (const auto& step : path) {
    if (const auto* index = std::get_if<size_t>(&step))
      text.append("[").append(std::to_string(*index)).append("]");
    else
      text.append(text.empty() ? "" : ".").append(std::get<std::string>(step));
  }
  return text;
}

text_place place_of_byte(std::string_view text, size_t byte) {
  const auto before = text.substr(0, byte);
  const auto newline = before.rfind('\n');
  return {static_cast<size_t>(std::ranges::count(before, '\n')) + 1,
          before.size() - (newline == std::string_view::npos ? 0 : newline + 1) + 1};
}

text_place place_of(std::string_view text, const json_path& path) {
  walker walk(text);
  size_t byte = walk.at();
  for (const auto& step : path) {
    const auto* index = std::get_if<size_t>(&step);
    const auto found
      = index ? find_index(walk, *index) : find_key(walk, std::get<std::string>(step));
    if (!found)
      break;
    byte = *found;
    walk.go_to(byte);
  }
  return place_of_byte(text, byte);
}

} // namespace sluice::io
