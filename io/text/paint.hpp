/// Colours of a terminal, or none.
#pragma once

#include <string>
#include <string_view>

namespace sluice::report {

enum class tone : uint8_t {
  normal = 0,
  strong, // bold
  winner, // bold green
  faint,  // dim
  alarm,  // red
};

/// The text in its tone; as it is without colours, and when there is nothing to see.
inline std::string paint(std::string_view text, tone how, bool color) {
  if (!color || how == tone::normal || text.find_first_not_of(' ') == std::string_view::npos)
    return std::string{text};
  constexpr std::string_view codes[] = {"", "1", "1;32", "2", "31"};
  return "\x1b[" + std::string{codes[static_cast<size_t>(how)]} + "m" + std::string{text}
         + "\x1b[0m";
}

} // namespace sluice::report
