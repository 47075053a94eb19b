/// What a plan's positions in range are worth, of everything that it has.
#pragma once

#include "sim/pool/pool_types.hpp"

namespace sluice {

/// One plan at one moment, added up: amounts are smallest units, sums wrap at 2^256. No function
/// here fails.
class range_worth {
public:
  /// `beside`: what is in no position.
  explicit range_worth(const token_amounts& beside) : all_(beside) {}

  /// A position: what a burn would return, and the fees that it is owed.
  void add(bool contains_tick, const token_amounts& principal, const token_amounts& fees) {
    const token_amounts sum{principal.amount0 + fees.amount0, principal.amount1 + fees.amount1};
    add_to(all_, sum);
    if (contains_tick)
      add_to(inside_, sum);
  }

  /// Value of what contains the tick / value of all, both by value_in_token1 at that sqrtPriceX96
  /// and the quotient by ratio: 0 to 1, 0 where all is worth nothing.
  double share(const u256& sqrt_price_x96) const;

private:
  static void add_to(token_amounts& sum, const token_amounts& x) {
    sum.amount0 += x.amount0;
    sum.amount1 += x.amount1;
  }

  token_amounts inside_;
  token_amounts all_;
};

} // namespace sluice
