/// The parts of a miner's daily score, each of its own formula. Source: facts/mechanisms D3.3.
#pragma once

#include "rules/sports/config.hpp"
#include "rules/sports/nano.hpp"

#include <cstdint>
#include <optional>
#include <span>

namespace sluice {

/// Decimal odds when predicted, and the last stored ones; none or not above 0: not counted.
struct odds_pair {
  double predicted = 0;
  std::optional<double> closing;
};

/// Mean of predicted / closing; 0 when nothing counts.
double clv_of(std::span<const odds_pair> all);

/// (payout - wager) / wager of one bet. `wager`: above 0 (not checked).
double roi_of_bet(double wager, double payout);

/// Return for the risk of one bet: p = 0.95 / odds, risk = min(1 - p, 1); won: roi / risk; lost:
/// max(roi / ((1 - risk) + 1e-5), -10). `odds`: above 0.95.
double risk_of_bet(double roi, double odds, bool won);

/// One bet; `won`: else lost. Amounts in virtual dollars.
struct settled_bet {
  double wager = 0;
  double odds = 0;
  bool won = false;
};

/// Mean of roi_of_bet, and of risk_of_bet; 0 without bets.
double roi_of(std::span<const settled_bet> all);
double risk_of(std::span<const settled_bet> all);

/// (payouts - wagers) / wagers; 0 without wagers. Amounts of one unit.
double lifetime_roi_of(double wagers, double payouts);

/// The weighted sum of the parts.
double
composite_of(const composite_terms& terms, double clv, double roi, double risk, double entropy);

/// What a bet pays, whole billionths, exact but for its last place: wager * odds when won, else 0.
/// ec::out_of_range: beyond nano_max.
result<nano> settled_payout(nano wager, nano odds, bool won);

} // namespace sluice
