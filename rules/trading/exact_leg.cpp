#include "rules/trading/exact_leg.hpp"

namespace sluice {

namespace {

/// whole * part / of with the bits of a long double: 64, more than a double has.
long double exact_share(int64_t whole, int64_t part, int64_t of) {
  const i128 product = static_cast<i128>(whole) * part;
  const i128 rao = product / of;
  return static_cast<long double>(rao)
         + static_cast<long double>(product % of) / static_cast<long double>(of);
}

} // namespace

exact_leg exact_leg_of(const trading_lot& lot, const trading_trade& trade, const trading_leg& leg) {
  const auto tao = exact_share(trade.tao - trade.fee, leg.alpha, trade.alpha);
  const auto cost = exact_share(lot.cost(), leg.alpha, lot.alpha);
  exact_leg out;
  out.tao = static_cast<double>(tao);
  out.cost = static_cast<double>(cost);
  out.pnl = static_cast<double>(tao - cost);
  out.roi_percent = cost == 0 ? 0 : static_cast<double>(100 * (tao - cost) / cost);
  return out;
}

} // namespace sluice
