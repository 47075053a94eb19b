#include "rules/admin/line_tokens.hpp"

namespace sluice::admin {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

fault at(size_t column, const std::string& what) {
  return {ec::bad_input, "column " + std::to_string(column + 1) + ": " + what};
}

/// Reads a line character by character and remembers which quote is open.
class reader {
public:
  explicit reader(std::string_view line) : line_(line) {}

  bool done() const { return at_ == line_.size(); }
  size_t place() const { return at_; }
  char here() const { return line_[at_]; }
  /// Is this character outside of quotes?
  bool bare() const { return open_ == 0; }

  /// Passes one character, a quote, or a backslash with what it keeps; adds what it stands for.
  result<nothing> pass(std::string& to) {
    const char c = line_[at_];
    if (c == '\\' && open_ != '\'') {
      if (at_ + 1 == line_.size())
        return at(at_, "a \\ with nothing after it; write \\\\ for the character itself");
      to += line_[at_ + 1];
      at_ += 2;
      return nothing{};
    }
    if (open_ == 0 && (c == '"' || c == '\'')) {
      open_ = c;
      opened_at_ = at_;
    } else if (open_ != 0 && c == open_) {
      open_ = 0;
    } else {
      to += c;
    }
    ++at_;
    return nothing{};
  }

  result<nothing> close() const {
    if (open_ != 0)
      return at(opened_at_, std::string{"a "} + open_ + " without the " + open_ + " that ends it");
    return nothing{};
  }

  void skip() { ++at_; }

private:
  std::string_view line_;
  size_t at_ = 0;
  char open_ = 0;
  size_t opened_at_ = 0;
};

result<nothing> check(std::string_view line) {
  if (line.size() > line_bytes_max)
    return fault{ec::bad_input, "a line of " + std::to_string(line.size())
                                  + " bytes; expected at most " + std::to_string(line_bytes_max)};
  for (size_t i = 0; i < line.size(); ++i)
    if (is_control(line[i]))
      return at(i, "a control character; expected text");
  return nothing{};
}

} // namespace

result<std::vector<line_token>> split_line(std::string_view line) {
  if (auto fine = check(line); !fine)
    return fine.error();
  std::vector<line_token> tokens;
  reader in{line};
  while (!in.done()) {
    if (is_space(in.here())) {
      in.skip();
      continue;
    }
    line_token next;
    next.from = in.place();
    while (!in.done() && !(in.bare() && is_space(in.here())))
      if (auto passed = in.pass(next.text); !passed)
        return passed.error();
    if (auto closed = in.close(); !closed)
      return closed.error();
    next.to = in.place();
    tokens.push_back(std::move(next));
  }
  return tokens;
}

result<std::vector<std::string>> split_commands(std::string_view text) {
  if (auto fine = check(text); !fine)
    return fine.error();
  std::vector<std::string> commands;
  reader in{text};
  size_t from = 0;
  const auto take = [&](size_t to) {
    auto one = text.substr(from, to - from);
    while (!one.empty() && is_space(one.front()))
      one.remove_prefix(1);
    while (!one.empty() && is_space(one.back()))
      one.remove_suffix(1);
    if (!one.empty())
      commands.emplace_back(one);
  };
  std::string ignored;
  while (!in.done()) {
    if (in.bare() && in.here() == ';') {
      take(in.place());
      in.skip();
      from = in.place();
    } else if (auto passed = in.pass(ignored); !passed) {
      return passed.error();
    }
  }
  if (auto closed = in.close(); !closed)
    return closed.error();
  take(text.size());
  return commands;
}

std::string quoted_token(std::string_view text) {
  constexpr std::string_view special = " \t\"'\\;";
  if (!text.empty() && text.find_first_of(special) == std::string_view::npos)
    return std::string{text};
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + '"';
}

} // namespace sluice::admin
