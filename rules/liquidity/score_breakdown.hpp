/// A score step by step: every formula with its numbers filled in.
#pragma once

#include "rules/liquidity/score.hpp"

#include <string>
#include <vector>

namespace sluice {

struct score_step {
  std::string name;
  std::string formula;
  std::string filled; // the formula with its numbers; values in token1's smallest unit
  double value = 0;   // no unit; that of the last step is the score
  SLUICE_FIELDS(name, formula, filled, value)
  bool operator==(const score_step&) const = default;
};

/// From the metrics to the score, in the order of the calculation; the last is score() itself.
/// The impermanent loss is recomputed from the three values it comes from.
std::vector<score_step> score_breakdown(const plan_metrics& metrics, const score_terms& terms);

} // namespace sluice
