/// What has to add up in a pool after every operation.
#pragma once

#include "sim/pool/pool.hpp"

#include <string>

namespace sluice::test {

/// Empty, or the first thing that cannot be: price and tick, liquidity in range and the ticks', the
/// ticks' and the positions', fees and balances, staked liquidity. `honest_gauge`: it
/// has staked and unstaked only what it held, as the contract believes of it.
std::string books_of(const pool& x, bool honest_gauge);

/// Empty, or what another pool made of this one's bytes or parts has differently.
std::string what_saving_loses(const pool& x);

} // namespace sluice::test
