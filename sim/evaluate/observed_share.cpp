#include "sim/evaluate/observed_share.hpp"

namespace sluice {

namespace {

/// 1024 bits: a fee (256), three prices (3 * 160) and two liquidities (2 * 137) fit.
using wide = std::array<uint64_t, 16>;

void multiply(wide& x, const u256& by) {
  wide product{};
  const size_t used = limbs::used(x);
  for (size_t i = 0; i < used; ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < 4 && i + j < product.size(); ++j) {
      const u128 sum = u128{x[i]} * by.limb(j) + product[i + j] + carry;
      product[i + j] = static_cast<uint64_t>(sum);
      carry = static_cast<uint64_t>(sum >> 64);
    }
    if (i + 4 < product.size())
      product[i + 4] = carry;
  }
  x = product;
}

/// Dividing by one factor after the other gives the floor of dividing by their product.
void divide(wide& x, const u256& by) {
  x = limbs::divide(x, by.limbs());
}

} // namespace

u256 share_of_part(const u256& fee, fee_token paid_in, const price_span& part,
                   const price_span& step, const u256& own, const u256& pool) {
  wide x{};
  for (size_t i = 0; i < 4; ++i)
    x[i] = fee.limb(i);
  multiply(x, own);
  multiply(x, part.high - part.low);
  // (1/a - 1/b) / (1/A - 1/B) = (b - a) * A * B / ((B - A) * a * b); equal bounds cancel.
  const bool inverse = paid_in == fee_token::token0;
  const bool scale_low = inverse && part.low != step.low;
  const bool scale_high = inverse && part.high != step.high;
  if (scale_low)
    multiply(x, step.low);
  if (scale_high)
    multiply(x, step.high);
  divide(x, step.high - step.low);
  divide(x, pool + own);
  if (scale_low)
    divide(x, part.low);
  if (scale_high)
    divide(x, part.high);
  return u256::from_limbs({x[0], x[1], x[2], x[3]});
}

} // namespace sluice
