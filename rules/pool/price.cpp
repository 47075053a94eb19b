#include "rules/pool/price.hpp"

#include <cmath>

namespace sluice {

double whole_price(const u256& sqrt_price_x96, const pool_terms& terms) {
  const auto root = std::ldexp(to_double(sqrt_price_x96), -96);
  return root * root * std::pow(10.0, int{terms.decimals0} - int{terms.decimals1});
}

double whole_amount(const u256& amount, uint8_t decimals) {
  return to_double(amount) / std::pow(10.0, int{decimals});
}

} // namespace sluice
