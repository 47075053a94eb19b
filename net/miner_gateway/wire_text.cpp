#include "net/miner_gateway/wire_text.hpp"

#include "io/text/json_keys.hpp"

namespace sluice::net::wire {

namespace {

constexpr std::string_view blanks = " \t\r\n";

fault bad_text(std::string_view what, std::string why) {
  return {ec::bad_input, std::string{what} + ": expected " + std::move(why)};
}

/// Brackets that are open at the same time, strings passed over; no JSON is needed for it.
size_t depth_of(std::string_view text) {
  size_t depth = 0, deepest = 0;
  bool inside = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inside = false;
    } else if (c == '"') {
      inside = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return deepest;
}

/// Goes through an object from left to right.
class walker {
public:
  explicit walker(std::string_view text) : text_(text) { skip_blanks(); }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c)
      return false;
    ++at_;
    skip_blanks();
    return true;
  }

  bool at_end() const { return at_ >= text_.size(); }

  /// The text of the string that begins here, with its quotes; empty when none does.
  std::string_view string() {
    const auto begin = at_;
    if (!pass_string())
      return {};
    const auto all = text_.substr(begin, at_ - begin);
    skip_blanks();
    return all;
  }

  /// The text of the value that begins here; empty when none does.
  std::string_view value() {
    const auto begin = at_;
    size_t depth = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        if (!pass_string())
          return {};
        --at_;
      } else if (c == '{' || c == '[') {
        ++depth;
      } else if (depth == 0 && (c == ',' || c == '}' || blanks.find(c) != blanks.npos)) {
        break;
      } else if (c == '}' || c == ']') {
        if (depth == 0)
          return {};
        --depth;
      }
    }
    if (depth != 0)
      return {};
    const auto all = text_.substr(begin, at_ - begin);
    skip_blanks();
    return all;
  }

private:
  void skip_blanks() {
    while (at_ < text_.size() && blanks.find(text_[at_]) != blanks.npos)
      ++at_;
  }

  bool pass_string() {
    if (at_ >= text_.size() || text_[at_] != '"')
      return false;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  size_t at_ = 0;
};

} // namespace

std::optional<fault> bounds_fault(std::string_view text, size_t bytes_max, std::string_view what) {
  if (text.size() > bytes_max)
    return bad_text(what, "at most " + std::to_string(bytes_max) + " bytes, got "
                            + std::to_string(text.size()));
  if (const auto depth = depth_of(text); depth > wire_depth_max)
    return bad_text(what, "lists and objects at most " + std::to_string(wire_depth_max)
                            + " deep, got " + std::to_string(depth));
  return {};
}

result<io::json> parse(std::string_view text, std::string_view what) {
  std::optional<std::string> twice;
  io::json root;
  try { // the only way to learn where the text breaks
    root = io::parse_keys_once(text, twice);
  } catch (const io::json::parse_error& e) {
    const bool end = e.byte > text.size();
    return bad_text(what, "JSON, got "
                            + (end ? std::string{"the end of the text"}
                                   : io::quoted(text.substr(e.byte > 0 ? e.byte - 1 : 0), 20)
                                       + " at byte " + std::to_string(e.byte)));
  } catch (const io::json::out_of_range&) {
    return bad_text(what, "numbers within the range of a double, got a larger one");
  }
  if (!root.is_object())
    return bad_text(what, "an object, got " + io::shown(root));
  if (twice)
    return bad_text(what, "every field once, got " + io::quoted(*twice) + " twice");
  return root;
}

std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"')
    return {};
  if (text.find('\\') == text.npos)
    return std::string{text.substr(1, text.size() - 2)};
  const auto read = io::json::parse(text, nullptr, false);
  if (!read.is_string())
    return {};
  return read.get<std::string>();
}

std::optional<std::vector<member>> members_of(std::string_view text) {
  walker in{text};
  std::vector<member> all;
  all.reserve(8);
  if (!in.take('{'))
    return {};
  if (!in.take('}')) {
    do {
      const auto name = in.string();
      if (name.empty() || !in.take(':'))
        return {};
      auto meant = unquoted(name);
      const auto value = in.value();
      if (!meant || value.empty())
        return {};
      all.push_back({*std::move(meant), name, value});
    } while (in.take(','));
    if (!in.take('}'))
      return {};
  }
  if (!in.at_end())
    return {};
  return all;
}

} // namespace sluice::net::wire
