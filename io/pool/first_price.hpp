/// Finds the price at which a pool was initialized from what happened up to its first swap.
#pragma once

#include "rules/math/u256.hpp"
#include "rules/pool/pool_event.hpp"

#include <vector>

namespace sluice::io {

/// What comes before the first swap, and that swap if there is one.
struct pool_opening {
  std::vector<pool_event> before;
  const pool_event* swap = nullptr;
};

/// Collects are left out: they move nothing that a swap sees. Points into `blocks`.
pool_opening opening_of(const std::vector<feed_block>& blocks);

/// First prices (sqrtPriceX96, min_sqrt_ratio to below max_sqrt_ratio) that agree with everything
/// up to and including the first swap, one for each way in which that swap can have been asked for;
/// empty when there is none. `first` must not be empty (not checked).
std::vector<u256> first_prices(const pool_terms& terms, const pool_opening& first);

} // namespace sluice::io
