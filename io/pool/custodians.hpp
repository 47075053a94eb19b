/// Finds out who a Slipstream pool's gauge and position manager are, when nothing states it.
#pragma once

#include "rules/pool/pool_event.hpp"

#include <memory>
#include <vector>

namespace sluice::io {

/// find_custodians for blocks that come one by one. What it remembers grows with the ranges and
/// their owners, not with the events. No function here fails.
class custodian_search {
public:
  explicit custodian_search(const pool_terms& terms);
  custodian_search(custodian_search&&) noexcept;
  custodian_search& operator=(custodian_search&&) noexcept;
  ~custodian_search();

  /// The next block of the recording.
  void take(const feed_block& block);
  /// Both addresses, behind the last block.
  void finish(pool_terms& terms) const;

private:
  class ledger;
  std::unique_ptr<ledger> seen_;
};

/// Fills in `terms.gauge` and `terms.position_manager` where they are zero. A stake moves liquidity
/// from the manager's position to the gauge's with no event of the pool, so the first owner that
/// burns more of a range than it has minted there is the gauge, if one other owner alone has the
/// rest: the manager. A stake that the stream reports is of the manager's position; a gauge that
/// never burns gets an address that nobody has. Counts liquidity L; no error.
void find_custodians(const std::vector<feed_block>& blocks, pool_terms& terms);

} // namespace sluice::io
