#include "rules/consensus/availability.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

double free_part(double load, double capacity) {
  return capacity > 0 ? 1.0 - load / capacity : 0.0;
}

} // namespace

double boosted_availability(double performance, double load, double capacity, double confidence,
                            const consensus_settings& settings) {
  const auto x = performance * free_part(load, capacity) + settings.boost * confidence;
  return std::clamp(capacity > 0 ? x : 0.0, settings.availability_min, 1.0);
}

double full_availability(double performance, double load, double capacity, double stake,
                         double age_s, const consensus_settings& settings) {
  const auto x = 0.4 * performance + 0.3 * std::max(0.0, free_part(load, capacity))
                 + 0.2 * std::min(1.0, stake / settings.stake_full)
                 + 0.1 * std::max(0.0, 1.0 - age_s / static_cast<double>(settings.fallback_s));
  return std::clamp(x, 0.0, 1.0);
}

double availability_of(const available_miner& x, const consensus_settings& settings) {
  const auto exact
    = settings.availability == availability_formula::full
        ? full_availability(x.performance, x.load, x.capacity, x.stake, x.age_s, settings)
        : boosted_availability(x.performance, x.load, x.capacity, x.confidence, settings);
  return std::round(exact * 1e12) / 1e12;
}

std::optional<available_miner>
selectable(const consensus_record& x, uint64_t now_ms, const consensus_settings& settings) {
  const bool by_consensus
    = x.state == consensus_state::agreed && x.confidence >= settings.eligible_confidence - 1e-12;
  const bool by_report
    = x.fallback && x.newest_ms + settings.fallback_s * 1000 >= now_ms && !x.has_quorum();
  const auto& status = x.status;
  if ((!by_consensus && !by_report) || !status.is_serving.value_or(false)
      || status.stake.value_or(0) <= 0)
    return std::nullopt;
  available_miner made;
  made.uid = x.uid;
  made.hotkey = status.hotkey;
  made.is_fallback = by_report;
  made.performance = status.performance_score.value_or(settings.default_performance);
  made.load = status.current_load.value_or(settings.default_load);
  made.capacity = status.max_capacity.value_or(settings.default_capacity);
  made.confidence = by_consensus ? x.confidence : 0;
  made.stake = *status.stake;
  made.age_s = static_cast<double>(now_ms - std::min(now_ms, x.newest_ms)) / 1000.0;
  made.task_types = status.task_types;
  if (!(made.capacity > 0))
    return std::nullopt;
  return made;
}

} // namespace sluice
