#include "tools/liquidity/token_text.hpp"

#include <algorithm>

namespace sluice::tools {

std::string token_text(const u256& amount, uint8_t decimals) {
  constexpr size_t digits_max = 6;
  std::string digits = to_string(amount);
  if (digits.size() <= decimals)
    digits.insert(0, decimals + size_t{1} - digits.size(), '0');
  const std::string whole = digits.substr(0, digits.size() - decimals);
  std::string part = digits.substr(digits.size() - decimals);
  const auto first = part.find_first_not_of('0');
  const size_t zeros = whole != "0" || first == std::string::npos ? 0 : first;
  part.resize(std::min(part.size(), zeros + digits_max));
  part.erase(part.find_last_not_of('0') + 1);
  return part.empty() ? whole : whole + "." + part;
}

} // namespace sluice::tools
