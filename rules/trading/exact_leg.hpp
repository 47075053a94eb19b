/// The exact shares of a leg as doubles, for reports: what the ledger holds in whole rao.
#pragma once

#include "rules/trading/ledger.hpp"

namespace sluice {

/// In rao, not rounded but to the nearest double.
struct exact_leg {
  double tao = 0;
  double cost = 0;
  double pnl = 0;
  double roi_percent = 0; // 100 * pnl / cost; 0 where cost is 0
};

/// tao = proceeds * alpha / alpha of the trade, cost = cost of the lot * alpha / alpha of the lot;
/// the P/L is that of the exact fractions. The leg must be one of the trade, from the lot.
exact_leg exact_leg_of(const trading_lot& lot, const trading_trade& trade, const trading_leg& leg);

} // namespace sluice
