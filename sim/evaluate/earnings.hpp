/// Which swap paid which position of a plan how much.
#pragma once

#include "sim/evaluate/window.hpp"

#include <vector>

namespace sluice {

/// What one swap (or one bar) paid to one position. Prices are sqrtPriceX96 before and after,
/// amounts smallest units of their token.
struct swap_earning {
  uint64_t block = 0;     // block number
  uint32_t log_index = 0; // of the swap in its block
  u256 sqrt_price_from_x96;
  u256 sqrt_price_to_x96;
  u256 paid0; // LP fee of the whole swap, on the path that was recorded
  u256 paid1;
  u256 fees0; // the position's part
  u256 fees1;
};

struct plan_earnings {
  plan_outcome outcome;                             // as evaluate() returns it
  std::vector<std::vector<swap_earning>> positions; // in the order of outcome.positions
};

/// evaluate(), with its errors, that notes after every swap what each position has got from it; the
/// notes of a position add up to its fees. Swaps that paid a position nothing are left out.
result<plan_earnings>
evaluate_with_earnings(const window& market, const plan& what, pool_model model,
                       uint32_t positions_max, const evaluation_options& how = {});

} // namespace sluice
