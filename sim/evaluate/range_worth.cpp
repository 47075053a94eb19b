#include "sim/evaluate/range_worth.hpp"

#include "rules/liquidity/score.hpp"
#include "sim/math/divisors.hpp"

namespace sluice {

namespace {

bool fits_narrowly(const token_amounts& x) {
  return x.amount0.fits_u128() && x.amount1.fits_u128();
}

/// value_in_token1 where amounts and price have at most 128 bits: 193 are enough.
u256 narrow_value(const token_amounts& x, const u256& price_squared) {
  const auto product = multiply_256_by_128(price_squared, static_cast<u128>(x.amount0));
  return u256::from_limbs({product[3], product[4], product[5], 0}) + x.amount1;
}

double part_of_value(const u256& inside, const u256& all) {
  return inside != all ? ratio(inside, all) : all.is_zero() ? 0 : 1;
}

} // namespace

double range_worth::share(const u256& sqrt_price_x96) const {
  if (sqrt_price_x96.fits_u128() && fits_narrowly(inside_) && fits_narrowly(all_)) {
    const auto price = static_cast<u128>(sqrt_price_x96);
    const u256 squared = multiply_128(price, price);
    return part_of_value(narrow_value(inside_, squared), narrow_value(all_, squared));
  }
  const auto value
    = [&](const token_amounts& x) { return value_in_token1(x.amount0, x.amount1, sqrt_price_x96); };
  return part_of_value(value(inside_), value(all_));
}

} // namespace sluice
