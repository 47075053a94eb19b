#include "rules/consensus/reputation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sluice {

namespace {

void compare_numbers(const std::optional<double>& a, const std::optional<double>& b,
                     double tolerance, agreement& out) {
  if (!a || !b)
    return;
  const bool same = std::abs(*a - *b) <= tolerance * std::max(std::abs(*a), std::abs(*b)) + 1e-12;
  ++(same ? out.agreed : out.differed);
}

void compare_texts(const std::string& a, const std::string& b, agreement& out) {
  if (!a.empty() && !b.empty())
    ++(a == b ? out.agreed : out.differed);
}

} // namespace

agreement agreement_with(const miner_status& x, const consensus_record& record, double tolerance) {
  agreement made;
  if (!record.has_quorum())
    return made;
  const auto& merged = record.status;
  compare_texts(x.hotkey, merged.hotkey, made);
  if (made.differed > 0)
    return made; // it is about another miner
  compare_numbers(x.stake, merged.stake, tolerance, made);
  compare_numbers(x.performance_score, merged.performance_score, tolerance, made);
  compare_numbers(x.current_load, merged.current_load, tolerance, made);
  compare_numbers(x.max_capacity, merged.max_capacity, tolerance, made);
  if (x.is_serving && merged.is_serving)
    ++(x.is_serving == merged.is_serving ? made.agreed : made.differed);
  compare_texts(x.ip, merged.ip, made);
  compare_texts(x.port, merged.port, made);
  compare_texts(x.external_ip, merged.external_ip, made);
  compare_texts(x.external_port, merged.external_port, made);
  compare_texts(x.specialization, merged.specialization, made);
  return made;
}

void count_agreement(validator_history& x, const agreement& of_report, const weight_terms& terms) {
  const uint64_t compared = uint64_t{of_report.agreed} + of_report.differed;
  x.agreed += of_report.agreed;
  x.differed += of_report.differed;
  if (compared == 0)
    return;
  const auto part = static_cast<double>(of_report.agreed) / static_cast<double>(compared);
  x.reputation = std::clamp(x.reputation + terms.rate * (part - x.reputation), terms.lowest, 1.0);
}

void count_contradiction(validator_history& x, const weight_terms& terms) {
  ++x.contradictions;
  x.reputation = std::clamp(x.reputation * terms.evidence, terms.lowest, 1.0);
}

consensus_thresholds thresholds_of(double mean_reputation, const consensus_settings& settings) {
  consensus_thresholds made{settings.vote_share, settings.max_conflict};
  if (!settings.weights.reputation)
    return made;
  const auto doubt = 1.0 - std::clamp(mean_reputation, 0.0, 1.0);
  made.vote_share += doubt * std::max(0.0, settings.weights.vote_highest - settings.vote_share);
  made.max_conflict
    -= doubt * std::max(0.0, settings.max_conflict - settings.weights.conflict_lowest);
  return made;
}

} // namespace sluice
