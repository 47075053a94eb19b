/// A plan's exact share of the fee of one part of a step.
#pragma once

#include "rules/math/u256.hpp"

namespace sluice {

/// The token that a fee is paid in; it decides how the parts of a step are measured.
enum class fee_token : uint8_t {
  token0 = 0, // part [a, b] of a step takes 1/a - 1/b
  token1,     // part [a, b] of a step takes b - a
};

/// Square-root prices (Q64.96, below 2^160), low < high.
struct price_span {
  u256 low;
  u256 high;
};

/// `floor(fee * m * own / (M * (pool + own)))`, exactly, in the fee's smallest units: 0 to `fee`.
/// `m / M` is the part's share of the input that the whole step takes at one liquidity
/// (facts/liquidity §3, "observed"). `part` lies inside `step`; all prices are pool prices (above
/// 0, below 2^160), liquidities L below 2^136, `pool + own` > 0. None of it is checked; no error.
u256 share_of_part(const u256& fee, fee_token paid_in, const price_span& part,
                   const price_span& step, const u256& own, const u256& pool);

} // namespace sluice
