#include "rules/liquidity/pace.hpp"

#include "rules/math/u256.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace sluice {

namespace {

constexpr u128 step_max = std::numeric_limits<uint64_t>::max();

uint64_t at_most_64_bits(u128 x) {
  return static_cast<uint64_t>(std::min(x, step_max));
}

u128 at_least_1(uint64_t x) {
  return std::max<uint64_t>(x, 1);
}

/// Seconds since the round began that is open at `from_step`.
u128 seconds_at(const job_pace& pace, uint64_t step) {
  const u128 steps = step - std::min(step, pace.from_step);
  return pace.seconds + steps * pace.unit;
}

} // namespace

job_pace one_round_per_step(uint64_t round_seconds, uint64_t steps_missed) {
  return {steps_missed, 0, 0, std::max<uint64_t>(round_seconds, 1)};
}

uint64_t rounds_due(const job_pace& pace, uint64_t round_seconds, uint64_t step) {
  return at_most_64_bits(pace.rounds + seconds_at(pace, step) / at_least_1(round_seconds));
}

bool is_due(const job_pace& pace, uint64_t round_seconds, uint64_t step) {
  return step > pace.from_step
         && rounds_due(pace, round_seconds, step) > rounds_due(pace, round_seconds, step - 1);
}

job_pace pace_from(const job_pace& pace, uint64_t round_seconds, uint64_t step, uint64_t unit) {
  return {step, rounds_due(pace, round_seconds, step),
          at_most_64_bits(seconds_at(pace, step) % at_least_1(round_seconds)), unit};
}

job_pace resumed(const job_pace& pace, uint64_t round_seconds, uint64_t stood_at, uint64_t step) {
  auto next = pace_from(pace, round_seconds, stood_at, pace.unit);
  next.from_step = step;
  return next;
}

uint64_t first_step_with(const job_pace& pace, uint64_t round_seconds, uint64_t rounds) {
  if (rounds <= pace.rounds)
    return pace.from_step;
  const u128 wanted = (u128{rounds} - pace.rounds) * at_least_1(round_seconds);
  const u128 left = wanted - std::min<u128>(wanted, pace.seconds);
  const u128 unit = at_least_1(pace.unit);
  return at_most_64_bits(pace.from_step + left / unit + (left % unit == 0 ? 0 : 1));
}

uint64_t last_step_with(const job_pace& pace, uint64_t round_seconds, uint64_t rounds) {
  if (rounds == std::numeric_limits<uint64_t>::max())
    return rounds;
  const auto next = first_step_with(pace, round_seconds, rounds + 1);
  return next - std::min<uint64_t>(next, 1);
}

bool plays_in(const job_progress& job, uint64_t step) {
  if (!job.plays)
    return false;
  return !job.ended || last_step_with(job.pace, job.round_seconds, job.completed) + 1 >= step;
}

std::optional<uint64_t> unit_of(std::span<const job_progress> jobs, uint64_t step) {
  std::optional<uint64_t> shortest;
  for (const auto& x : jobs)
    if (plays_in(x, step))
      shortest = std::min(shortest.value_or(x.round_seconds), x.round_seconds);
  return shortest;
}

std::map<job_id, job_pace>
paces_that_change(const std::map<job_id, job_progress>& jobs, uint64_t step) {
  std::vector<job_progress> all;
  all.reserve(jobs.size());
  for (const auto& row : jobs)
    all.push_back(row.second);
  const auto unit = unit_of(all, step);
  std::map<job_id, job_pace> changed;
  for (const auto& [id, x] : jobs)
    if (unit && x.pace.unit != *unit && plays_in(x, step))
      changed[id] = pace_from(x.pace, x.round_seconds, step - std::min<uint64_t>(step, 1), *unit);
  return changed;
}

std::optional<uint64_t> steps_done_of(std::span<const job_progress> jobs) {
  std::optional<uint64_t> going;
  std::optional<uint64_t> longest;
  bool counted = false;
  for (const auto& x : jobs) {
    auto seen = first_step_with(x.pace, x.round_seconds, x.completed);
    if (!x.plays)
      seen = std::max(seen, x.stood_at);
    longest = std::max(longest.value_or(0), seen);
    if (!x.plays || x.ended)
      continue;
    const auto done = last_step_with(x.pace, x.round_seconds, x.completed);
    going = std::min(going.value_or(done), done);
    counted = counted || x.pace.unit == x.round_seconds;
  }
  return counted ? going : longest;
}

} // namespace sluice
