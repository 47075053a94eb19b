#include "rules/sports/components.hpp"

#include <algorithm>
#include <cstddef>

namespace sluice {

namespace {

constexpr double fair_share = 0.95; // of the odds, without the bookmaker's margin
constexpr double risk_floor = -10;
constexpr double risk_epsilon = 1e-5;

} // namespace

double clv_of(std::span<const odds_pair> all) {
  double sum = 0;
  size_t counted = 0;
  for (const auto& x : all)
    if (x.closing && *x.closing > 0) {
      sum += x.predicted / *x.closing;
      ++counted;
    }
  return counted == 0 ? 0 : sum / static_cast<double>(counted);
}

double roi_of_bet(double wager, double payout) {
  return (payout - wager) / wager;
}

double risk_of_bet(double roi, double odds, bool won) {
  const auto risk = std::min(1 - fair_share / odds, 1.0);
  return won ? roi / risk : std::max(roi / ((1 - risk) + risk_epsilon), risk_floor);
}

double roi_of(std::span<const settled_bet> all) {
  double sum = 0;
  for (const auto& x : all)
    sum += roi_of_bet(x.wager, x.won ? x.wager * x.odds : 0);
  return all.empty() ? 0 : sum / static_cast<double>(all.size());
}

double risk_of(std::span<const settled_bet> all) {
  double sum = 0;
  for (const auto& x : all)
    sum += risk_of_bet(roi_of_bet(x.wager, x.won ? x.wager * x.odds : 0), x.odds, x.won);
  return all.empty() ? 0 : sum / static_cast<double>(all.size());
}

double lifetime_roi_of(double wagers, double payouts) {
  return wagers == 0 ? 0 : (payouts - wagers) / wagers;
}

double
composite_of(const composite_terms& terms, double clv, double roi, double risk, double entropy) {
  return terms.clv * clv + terms.roi * roi + terms.risk * risk + terms.entropy * entropy;
}

result<nano> settled_payout(nano wager, nano odds, bool won) {
  return won ? payout_of(wager, odds) : result<nano>{nano{0}};
}

} // namespace sluice
