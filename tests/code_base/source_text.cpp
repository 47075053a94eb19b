#include "source_text.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

namespace sluice::code_base {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Walks a text once and blanks what is not code.
class blanker {
public:
  explicit blanker(std::string_view text, bool keeps_literals = false)
    : text_(text), out_(text), keeps_literals_(keeps_literals) {}

  std::string run() && {
    while (at_ < text_.size())
      step();
    return std::move(out_);
  }

private:
  void step() {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("//"))
      blank_until(text_.find('\n', at_), 0);
    else if (rest.starts_with("/*"))
      blank_until(text_.find("*/", at_ + 2), 2);
    else if (rest.starts_with("R\"") && !after_word())
      raw();
    else if (rest.front() == '"' || (rest.front() == '\'' && !after_word()))
      literal(rest.front());
    else
      ++at_;
  }

  bool after_word() const { return at_ > 0 && is_word(text_[at_ - 1]); }

  void blank_until(size_t end, size_t more) {
    end = end == std::string_view::npos ? text_.size() : end + more;
    for (; at_ < end; ++at_)
      if (text_[at_] != '\n')
        out_[at_] = ' ';
  }

  void raw() {
    const auto open = text_.find('(', at_);
    if (open == std::string_view::npos)
      return blank_until(open, 0);
    const auto close = ')' + std::string{text_.substr(at_ + 2, open - at_ - 2)} + '"';
    const auto end = text_.find(close, open);
    if (keeps_literals_ && end != std::string_view::npos)
      at_ = end + close.size();
    else
      blank_until(end, close.size());
  }

  void literal(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n'; ++at_) {
      blank_literal();
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
        ++at_;
        blank_literal();
      }
    }
    ++at_;
  }

  void blank_literal() {
    if (!keeps_literals_)
      out_[at_] = ' ';
  }

  std::string_view text_;
  std::string out_;
  bool keeps_literals_;
  size_t at_ = 0;
};

/// Blanks #define and its friends together with their continued lines.
void blank_directives(std::string& code) {
  bool inside = false;
  for (size_t begin = 0; begin < code.size();) {
    const auto end = std::min(code.find('\n', begin), code.size());
    const auto first = code.find_first_not_of(" \t", begin);
    inside = inside || (first < end && code[first] == '#');
    const bool goes_on = end > begin && code[end - 1] == '\\';
    if (inside)
      std::fill(code.begin() + static_cast<long>(begin), code.begin() + static_cast<long>(end),
                ' ');
    inside = inside && goes_on;
    begin = end + 1;
  }
}

std::string without_template(std::string head) {
  for (size_t at = head.find("template"); at != std::string::npos; at = head.find("template")) {
    auto open = head.find('<', at);
    if (open == std::string::npos)
      break;
    size_t depth = 0;
    size_t i = open;
    for (; i < head.size(); ++i) {
      depth += head[i] == '<' ? 1 : 0;
      if (head[i] == '>' && --depth == 0)
        break;
    }
    head.erase(at, std::min(i + 1, head.size()) - at);
  }
  return head;
}

enum class brace : unsigned char { scope, function, inner };

/// What the text before an opening brace opens, when no function is open.
brace kind_of(const std::string& text) {
  static const std::regex scope{R"(^\s*(inline\s+)?(namespace|class|struct|union|enum|extern)\b)"};
  static const std::regex list{R"(\)\s*(noexcept\s*)?:[^:].*[\w>]\s*$)"}; // : member_{...
  const auto head = without_template(text);
  if (std::regex_search(head, scope))
    return brace::scope;
  if (head.find('(') == std::string::npos || has_word(head, "concept")
      || std::regex_search(head, list))
    return brace::inner;
  static const std::regex variable{R"(^[^()]*[^=!<>()]=[^=])"}; // x = ... {
  const bool is_operator = head.find("operator") != std::string::npos;
  return !is_operator && std::regex_search(head, variable) ? brace::inner : brace::function;
}

std::string one_line(const std::string& text) {
  std::string out;
  for (const char c : text)
    if (std::isspace(static_cast<unsigned char>(c)) == 0)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  return out;
}

} // namespace

std::string code_of(std::string_view text) {
  return blanker{text}.run();
}

std::string without_comments(std::string_view text) {
  return blanker{text, true}.run();
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    lines.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

size_t columns_of(std::string_view line) {
  return static_cast<size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::vector<include_line> includes_of(std::string_view text) {
  static const std::regex pattern{R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re"};
  std::vector<include_line> found;
  const auto lines = lines_of(text);
  for (size_t i = 0; i < lines.size(); ++i)
    if (std::smatch m; std::regex_search(lines[i], m, pattern))
      found.push_back({i + 1, m[2], m[1] == "\""});
  return found;
}

std::vector<function_body> functions_of(std::string_view text) {
  auto code = code_of(text);
  blank_directives(code);
  std::vector<function_body> found;
  std::vector<brace> open;
  std::string head;
  size_t line = 1;
  size_t closed = 0; // braces inside the open function
  for (const char c : code) {
    line += c == '\n' ? 1 : 0;
    const bool in_function = !open.empty() && open.back() == brace::function;
    const bool in_list = !open.empty() && open.back() == brace::inner;
    if (in_function) {
      closed += c == '{' ? 1 : 0;
      if (c == '}' && closed-- == 0) {
        found.back().last = line;
        open.pop_back();
        head.clear();
        closed = 0;
      }
    } else if (c == '{') {
      open.push_back(in_list ? brace::inner : kind_of(head));
      if (open.back() == brace::function)
        found.push_back({one_line(head), line, line});
      if (open.back() == brace::inner)
        head += ' ';
      else
        head.clear();
    } else if (c == '}') {
      if (!open.empty())
        open.pop_back();
      if (in_list && (open.empty() || open.back() != brace::inner))
        head += "}"; // the head of a constructor goes on after member_{...}
      else if (!in_list)
        head.clear();
    } else if (c == ';' && !in_list) {
      head.clear();
    } else if (!in_list) {
      head += c;
    }
  }
  return found;
}

bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end])))
      return true;
  }
  return false;
}

} // namespace sluice::code_base
