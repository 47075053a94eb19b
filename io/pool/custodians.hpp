/// Finds out who a Slipstream pool's gauge and position manager are, when nothing states it.
#pragma once

#include "rules/pool/pool_event.hpp"

#include <vector>

namespace sluice::io {

/// Fills in `terms.gauge` and `terms.position_manager` where they are zero. A stake moves liquidity
/// from the manager's position to the gauge's with no event of the pool, so the first owner that
/// burns more of a range than it has minted there is the gauge, if one other owner alone has the
/// rest: the manager. A stake that the stream reports is of the manager's position; a gauge that
/// never burns gets an address that nobody has. Counts liquidity L; no error.
void find_custodians(const std::vector<feed_block>& blocks, pool_terms& terms);

} // namespace sluice::io
