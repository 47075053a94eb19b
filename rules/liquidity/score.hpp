/// From the outcome of a plan to a score, and from scores to a ranking (facts/liquidity §4).
#pragma once

#include "rules/ids.hpp"
#include "rules/liquidity/plan.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sluice {

/// What a score is compared with before it enters an average.
enum class score_baseline : uint8_t {
  none = 0, // nothing (the original)
  kept,     // the score of the vault left as it was
};

/// The constants of the target "PoL" (facts/liquidity §4); none has a unit. The ranges are those of
/// a configuration.
struct score_terms {
  static constexpr size_t fields_in_schema_3 = 6;

  double return_cap = 10;    // return is clamped to +-this; 1e-9 to 1e9
  double penalty_rate = 10;  // penalty = exp(-rate * impermanent_loss); 0 to 1000
  double range_floor = 0.92; // score *= range_factor; each 0 to 1
  double range_share = 0.08;
  double score_min = -100;                    // -1e9 to 0
  double score_max = 10;                      // 0 to 1e9
  range_measure range = range_measure::count; // that the metrics are evaluated with
  score_baseline baseline = score_baseline::none;
  double excess_min = 1e-7; // with a baseline: a smaller difference counts as 0; 0 to 1
  SLUICE_FIELDS(return_cap, penalty_rate, range_floor, range_share, score_min, score_max, range,
                baseline, excess_min)
  bool operator==(const score_terms&) const = default;
};

/// num / den, correctly rounded (what Python's int / int gives): 0, or 2^-256 to 2^256; 0 when den
/// is 0. No error.
double ratio(const u256& num, const u256& den);

/// floor + share * r, r being `in_range_ratio`; measured by value, a loss (`capped_gain` < 0) gets
/// floor + share * (1 - r): who has little in range loses no less for it. No unit, no error.
double range_factor(double capped_gain, double in_range_ratio, const score_terms& terms);

/// Score of one round, score_min to score_max, without a unit: score_min when the initial value is
/// 0 or a term makes it NaN. No error.
double score(const plan_metrics& metrics, const score_terms& terms = {});

/// What enters an average: the score, or its difference from the `baseline` score, 0 when that is
/// below excess_min. score_min - score_max to score_max - score_min, without a unit. No error.
double entered_value(double score, std::optional<double> baseline, const score_terms& terms);

/// What enters for who never gave a valid answer: min(0, `entered_value` of the vault's own plan).
/// No error.
double failed_value(double kept, std::optional<double> baseline, const score_terms& terms);

/// Value of an inventory in token1's smallest units: floor(a0 * P^2 / 2^192) + a1 for any price P =
/// sqrtPriceX96; above 2^256 - 1 it is that. No error.
u256 value_in_token1(const u256& amount0, const u256& amount1, const u256& sqrt_price_x96);

/// max(0, (hodl - (final - fees)) / hodl), 0 when hodl is 0. Values are token1's smallest units; a
/// share without a unit comes out, at most 1 unless fees are worth more than all there is. No
/// error.
double impermanent_loss(const u256& hodl_value, const u256& final_value, const u256& fees_value);

/// Scores have no unit; NaN ranks last.
struct contender {
  miner_uid uid;
  double score = 0;
  double combined_before = 0;
  bool invalid = false;   // sent an invalid proposal: behind everybody who did not
  bool incumbent = false; // played the last live round: before others of the same score
};

/// Uids: who sent nothing invalid first, then by score descending; ties: the incumbent, the higher
/// combined score before the round, the lower uid. No error.
std::vector<miner_uid> rank(std::vector<contender> contenders);

} // namespace sluice
