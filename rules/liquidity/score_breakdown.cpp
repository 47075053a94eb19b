#include "rules/liquidity/score_breakdown.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace sluice {

namespace {

/// The shortest decimal that reads back as the same number.
std::string text(double x) {
  std::array<char, 32> buffer{};
  return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), x).ptr};
}

/// How the factor for being in range comes about.
score_step range_step(const plan_metrics& m, double capped_gain, const score_terms& terms) {
  const auto begin = text(terms.range_floor) + " + " + text(terms.range_share) + " * ";
  const double factor = range_factor(capped_gain, m.in_range_ratio, terms);
  if (terms.range == range_measure::count)
    return {"range factor", "floor + share * swaps in range / swaps",
            begin + std::to_string(m.swaps_in_range) + " / " + std::to_string(m.swaps), factor};
  if (capped_gain < 0)
    return {"range factor", "floor + share * (1 - value in range)",
            begin + "(1 - " + text(m.in_range_ratio) + ")", factor};
  return {"range factor", "floor + share * value in range", begin + text(m.in_range_ratio), factor};
}

std::string range_of(double low, double high) {
  return text(low) + ", " + text(high);
}

} // namespace

std::vector<score_step> score_breakdown(const plan_metrics& m, const score_terms& terms) {
  if (m.initial_value.is_zero())
    return {{"score", "score_min where there was nothing to begin with", text(terms.score_min),
             terms.score_min}};
  std::vector<score_step> steps;
  const auto start = to_string(m.initial_value);
  const auto end = to_string(m.final_value);
  const auto& [a, b] = std::tie(m.final_value, m.initial_value);
  const double gain = a >= b ? ratio(a - b, b) : -ratio(b - a, b);
  steps.push_back(
    {"gain", "(final - initial) / initial", "(" + end + " - " + start + ") / " + start, gain});
  const double capped = std::clamp(gain, -terms.return_cap, terms.return_cap);
  steps.push_back(
    {"capped gain", "clamp(gain, -cap, cap)",
     "clamp(" + text(gain) + ", " + range_of(-terms.return_cap, terms.return_cap) + ")", capped});
  const auto hodl = to_string(m.hodl_value);
  const double loss = impermanent_loss(m.hodl_value, m.final_value, m.fees_value);
  steps.push_back(
    {"impermanent loss", "max(0, (hodl - (final - fees)) / hodl)",
     "max(0, (" + hodl + " - (" + end + " - " + to_string(m.fees_value) + ")) / " + hodl + ")",
     loss});
  const double penalty = std::exp(-terms.penalty_rate * loss);
  steps.push_back({"penalty", "exp(-rate * impermanent loss)",
                   "exp(-" + text(terms.penalty_rate) + " * " + text(loss) + ")", penalty});
  steps.push_back(range_step(m, capped, terms));
  const double factor = steps.back().value;
  const bool won = capped >= 0;
  steps.push_back({"score",
                   won ? "clamp(capped gain * penalty * range factor, min, max)"
                       : "clamp(capped gain / penalty * range factor, min, max)",
                   "clamp(" + text(capped) + (won ? " * " : " / ") + text(penalty) + " * "
                     + text(factor) + ", " + range_of(terms.score_min, terms.score_max) + ")",
                   score(m, terms)});
  return steps;
}

} // namespace sluice
