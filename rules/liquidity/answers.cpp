#include "rules/liquidity/answers.hpp"

#include <algorithm>

namespace sluice {

bool refuses_round(bool opening, uint64_t took, double opening_seconds, double speed) {
  constexpr double second = 1e6;
  const double limit = speed > 0 ? opening_seconds / speed * second : 0;
  return opening && static_cast<double>(took) <= std::max(limit, second);
}

miner_verdict verdict_of(bool refused_round, const std::vector<asked_question>& questions) {
  if (refused_round)
    return miner_verdict::refused;
  const bool answered
    = std::ranges::find(questions, answer_result::accepted, &asked_question::answer)
      != questions.end();
  return answered ? miner_verdict::scored : miner_verdict::failed;
}

} // namespace sluice
