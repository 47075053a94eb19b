/// Text taken apart for tests.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace sluice::report::test {

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

/// The first line that begins like this, "" when none does.
inline std::string line_with(const std::string& text, const std::string& beginning) {
  for (auto& line : lines_of(text))
    if (line.starts_with(beginning))
      return line;
  return {};
}

inline std::string without_colors(std::string text) {
  for (auto at = text.find('\x1b'); at != std::string::npos; at = text.find('\x1b'))
    text.erase(at, text.find('m', at) - at + 1);
  return text;
}

} // namespace sluice::report::test
