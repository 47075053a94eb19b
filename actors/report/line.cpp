#include "actors/report/line.hpp"

#include "io/text/text.hpp"

namespace sluice::report {

namespace {

std::string quoted(const std::string& text) {
  auto bare = plain(text);
  if (!bare.empty() && bare.find_first_of(" \"\\=") == std::string::npos)
    return bare;
  std::string out = "\"";
  for (char c : bare) {
    if (c == '"' || c == '\\')
      out += '\\';
    out += c;
  }
  return out + '"';
}

} // namespace

line& line::add(std::string_view key, const std::string& value) {
  text_ += ' ' + std::string{key} + '=' + quoted(value);
  return *this;
}

} // namespace sluice::report
