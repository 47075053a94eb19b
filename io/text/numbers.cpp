#include "io/text/numbers.hpp"

#include "rules/pool/price.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace sluice::report {

std::string fixed(double x, int decimals) {
  if (!std::isfinite(x))
    return no_number;
  auto text = fmt::format("{:.{}f}", x, decimals);
  if (text.front() == '-' && text.find_first_not_of("-0.") == std::string::npos)
    text.erase(0, 1);
  return text;
}

std::string signed_fixed(double x, int decimals) {
  auto text = fixed(x, decimals);
  return text.front() == '-' ? text : "+" + text;
}

std::string score_text(double x) {
  return fixed(x, std::abs(x) < 10 ? 6 : 4);
}

std::string points_text(double x) {
  if (x == 0)
    return "0";
  const auto points = x * 1e4;
  const auto size = std::abs(points);
  return signed_fixed(points, size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4);
}

int decimals_for(double largest) {
  if (!std::isfinite(largest) || largest <= 0)
    return 2;
  return std::clamp(3 - static_cast<int>(std::floor(std::log10(largest))), 2, 8);
}

std::string price_text(double x) {
  if (!std::isfinite(x) || x <= 0)
    return no_number;
  const auto above = static_cast<int>(std::floor(std::log10(x)));
  return above < -6 ? fmt::format("{:.6g}", x) : fixed(x, std::clamp(5 - above, 2, 12));
}

std::string shortest(double x) {
  if (!std::isfinite(x))
    return no_number;
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
  return {text.data(), end};
}

double whole_amount(const i256& amount, uint8_t decimals) {
  const auto size = sluice::whole_amount(amount.magnitude(), decimals);
  return amount.is_negative() ? -size : size;
}

} // namespace sluice::report
