#include "io/leads/json_elements.hpp"

#include <algorithm>

namespace sluice::io {

namespace {

constexpr std::string_view json_spaces = " \t\r\n";

/// Behind the quoted text that begins at `at`; the end of the text when it does not end.
size_t after_quoted(std::string_view text, size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

/// Behind the value that begins at `at`: the comma or closing bracket that follows it.
size_t after_value(std::string_view text, size_t at) {
  size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = after_quoted(text, at);
      continue;
    }
    if (c == '[' || c == '{')
      ++depth;
    else if ((c == ']' || c == '}' || c == ',') && depth == 0)
      return at;
    else if (c == ']' || c == '}')
      --depth;
    ++at;
  }
  return text.size();
}

size_t after_spaces(std::string_view text, size_t at) {
  return std::min(text.find_first_not_of(json_spaces, at), text.size());
}

} // namespace

size_t json_depth(std::string_view text) {
  size_t depth = 0;
  size_t most = 0;
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = after_quoted(text, at);
      continue;
    }
    if (c == '[' || c == '{')
      most = std::max(most, ++depth);
    else if ((c == ']' || c == '}') && depth > 0)
      --depth;
    ++at;
  }
  return most;
}

std::optional<std::vector<text_part>> json_elements(std::string_view text, size_t open) {
  std::vector<text_part> all;
  for (size_t at = open + 1; at < text.size();) {
    const auto begin = after_spaces(text, at);
    const auto stop = after_value(text, begin);
    if (stop >= text.size())
      break;
    auto end = stop;
    while (end > begin && json_spaces.find(text[end - 1]) != std::string_view::npos)
      --end;
    if (end > begin || text[stop] == ',' || !all.empty())
      all.emplace_back(begin, end);
    if (text[stop] != ',')
      return all;
    at = stop + 1;
  }
  return std::nullopt;
}

std::optional<size_t> json_member(std::string_view text, size_t open, std::string_view name) {
  for (size_t at = after_spaces(text, open + 1); at < text.size() && text[at] == '"';) {
    const auto end = after_quoted(text, at);
    const auto key = text.substr(at, end - at);
    at = after_spaces(text, end);
    if (at >= text.size() || text[at] != ':')
      break;
    at = after_spaces(text, at + 1);
    if (key.size() == name.size() + 2 && key.substr(1, name.size()) == name)
      return at < text.size() ? std::optional{at} : std::nullopt;
    at = after_value(text, at);
    if (at >= text.size() || text[at] != ',')
      break;
    at = after_spaces(text, at + 1);
  }
  return std::nullopt;
}

} // namespace sluice::io
