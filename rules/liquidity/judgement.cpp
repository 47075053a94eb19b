#include "rules/liquidity/judgement.hpp"

#include <algorithm>

namespace sluice {

judgement judge_round(miner_verdict verdict, const plan_metrics& plan, const yardstick& by,
                      const score_terms& terms) {
  judgement found;
  if (verdict == miner_verdict::refused)
    return found;
  if (terms.baseline == score_baseline::kept)
    found.baseline = score(by.baseline, terms);
  if (verdict == miner_verdict::failed) {
    found.entered = failed_value(score(by.kept, terms), found.baseline, terms);
    return found;
  }
  found.score = score(plan, terms);
  found.entered = entered_value(found.score, found.baseline, terms);
  return found;
}

double refusal_price(std::optional<double> entered_by_player, const plan_metrics& kept,
                     const score_terms& terms) {
  return std::min(0.0, entered_by_player ? *entered_by_player : score(kept, terms));
}

} // namespace sluice
