#include "rules/consensus/tracker.hpp"

#include <algorithm>

namespace sluice {

namespace {

// The parts of facts/mechanisms C3.9.
constexpr double success_part = 0.4;
constexpr double speed_part = 0.3;
constexpr double recent_part = 0.2;
constexpr double type_part = 0.1;
constexpr double load_penalty = 0.1;
constexpr double slowest_s = 30;
constexpr uint64_t type_samples_of_performance = 5;
constexpr double performance_of_new = 0.5;
constexpr double stake_share = 0.3;
constexpr double performance_share = 0.4;
constexpr double free_share = 0.2;
constexpr double type_share = 0.1;
constexpr uint64_t type_samples_of_rank = 3;

double rate_of(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

uint64_t ones_in(uint64_t bits, uint64_t count) {
  uint64_t ones = 0;
  for (uint64_t i = 0; i < count; ++i)
    ones += bits >> i & 1;
  return ones;
}

} // namespace

miner_work with_outcome(miner_work x, const work_outcome& one) {
  const uint64_t success = one.success ? 1 : 0;
  x.uid = one.uid;
  x.updated_ms = one.now_ms;
  ++x.all.total;
  x.all.successes += success;
  auto& of_type = x.by_type[one.type];
  ++of_type.total;
  of_type.successes += success;
  if (one.answered) {
    ++x.answered;
    x.processing_ms += one.processing_ms;
    x.last_seen_ms = std::max(x.last_seen_ms, one.now_ms);
  }
  constexpr uint64_t mask = (uint64_t{1} << miner_work::recent_max) - 1;
  x.recent = (x.recent << 1 | success) & mask;
  x.recent_count = std::min(x.recent_count + 1, miner_work::recent_max);
  return x;
}

double tracker_performance(const performance_basis& x) {
  if (x.total == 0)
    return performance_of_new;
  double sum = success_part * rate_of(x.successes, x.total)
               + speed_part * std::max(0.0, 1 - x.avg_s / slowest_s) + recent_part * x.recent_rate;
  if (x.type_total >= type_samples_of_performance)
    sum += type_part * x.type_rate;
  if (x.capacity > 0)
    sum -= load_penalty * (x.load / x.capacity);
  return std::clamp(sum, 0.0, 1.0);
}

double tracker_performance(const miner_work& x, task_type type, double load, double capacity) {
  performance_basis basis;
  basis.total = x.all.total;
  basis.successes = x.all.successes;
  constexpr double ms_per_s = 1000;
  // Who never answered has no time: as slow as can be.
  basis.avg_s = x.answered == 0 ? slowest_s
                                : static_cast<double>(x.processing_ms)
                                    / static_cast<double>(x.answered) / ms_per_s;
  basis.recent_rate = rate_of(ones_in(x.recent, x.recent_count), x.recent_count);
  if (const auto at = x.by_type.find(type); at != x.by_type.end()) {
    basis.type_total = at->second.total;
    basis.type_rate = rate_of(at->second.successes, at->second.total);
  }
  basis.load = load;
  basis.capacity = capacity;
  return tracker_performance(basis);
}

double tracker_composite(const ranking_basis& x) {
  double sum = performance_share * x.performance;
  if (x.max_stake > 0)
    sum += stake_share * (x.stake / x.max_stake);
  if (x.capacity > 0)
    sum += free_share * (1 - x.load / x.capacity);
  if (x.type_total >= type_samples_of_rank)
    sum += type_share * x.type_rate;
  return sum;
}

task_type main_type(const miner_work& x) {
  task_type best = task_type::transcription;
  uint64_t most = 0;
  for (const auto& [type, tally] : x.by_type)
    if (tally.total > most) {
      best = type;
      most = tally.total;
    }
  return best;
}

} // namespace sluice
