/// The time-weighted score of a miner and how scores become weights (facts/mechanisms A3.8, A3.9).
#pragma once

#include "rules/math/u256.hpp"
#include "rules/trading/config.hpp"
#include "rules/trading/ledger.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// Scores at most this count as none.
inline constexpr double score_epsilon = 1e-6;

/// exp(ln 20 / 14), about 1.2386.
double return_decay();
/// exp(-0.25 * return_decay() * days): 1 for today.
double day_weight(double days);

/// One date of a score: what was closed on it, and what it adds.
struct score_day {
  int32_t day = 0;   // days since 1970-01-01, UTC
  uint32_t age = 0;  // days before today; a date in the future has age 0
  uint64_t lots = 0; // closed on it
  i128 pnl = 0;      // rao, scored
  i128 cost = 0;     // rao, of the same legs
  double value = 0;  // TAO, or percent with score_value::roi
  double weight = 0; // day_weight(age)
};

/// A miner's score with everything it is made of.
struct trading_score {
  std::vector<score_day> days; // ascending; only those that count
  double score = 0;            // sum of value * weight over days / number of days; 0 without any
  std::string withheld;        // why a score that would be there is 0: a threshold; "" else
};

/// `days`: of all books of a miner, in any order, a date may come several times. `trades` and
/// `volume_rao` for the thresholds of `terms`.
trading_score score_of(const trading_score_terms& terms, int64_t now_us,
                       std::span<const closing_day> days, uint64_t trades, i128 volume_rao);

/// The plain form of A3.8: daily values by age in days; those above `lookback_days` are left out.
/// A negative age counts as 0.
double daily_score(std::span<const std::pair<int64_t, double>> by_age,
                   std::optional<uint64_t> lookback_days);

/// Shares of scores above score_epsilon, which sum to 1; 0 for the others. Nobody: all 0.
std::vector<double> weights_proportional(std::span<const double> scores);
/// The original: minimum to maximum among scores above score_epsilon become 0 to 1; one alone, or
/// all equal: 1.
std::vector<double> weights_minmax_legacy(std::span<const double> scores);
std::vector<double> weights_of(weight_policy policy, std::span<const double> scores);

/// 0.1 * reward + 0.9 * score, absent rewards are 0 (A3.9, for completeness). `alpha`: 0 to 1.
std::vector<double>
ema_update(double alpha, std::span<const double> scores, const std::map<size_t, double>& rewards);
/// Scores by uid after a metagraph changed: of a replaced hotkey 0, new uids 0 (A3.11).
std::vector<double>
resynced_scores(std::span<const std::string> old_hotkeys, std::span<const std::string> new_hotkeys,
                std::span<const double> scores);

} // namespace sluice
