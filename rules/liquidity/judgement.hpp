/// From what plans came to at the end of a round to what enters the averages
/// (docs/decisions/0036-honest-scoring.md).
#pragma once

#include "rules/liquidity/answers.hpp"
#include "rules/liquidity/plan.hpp"
#include "rules/liquidity/score.hpp"

#include <optional>

namespace sluice {

/// What a miner's round is worth. Scores have no unit.
struct judgement {
  double score = 0; // of its plan; 0 unless it was scored
  std::optional<double>
    baseline; // what `entered` is the difference from; none: score_baseline::none
  std::optional<double> entered; // none: a refusal
  bool operator==(const judgement&) const = default;
};

/// The metrics that a round is judged by: of the vault's own plan, and of the miner's baseline (the
/// vault without what the miner's own live plans minted), which counts with score_baseline::kept.
struct yardstick {
  plan_metrics kept;
  plan_metrics baseline;
};

/// `plan`: of the miner's own plan; read only when it was scored. No error.
judgement judge_round(miner_verdict verdict, const plan_metrics& plan, const yardstick& by,
                      const score_terms& terms);

/// What a refused live round costs: min(0, what entered for who played it), or min(0, score of the
/// vault's own plan) when nobody did. No error.
double refusal_price(std::optional<double> entered_by_player, const plan_metrics& kept,
                     const score_terms& terms);

} // namespace sluice
