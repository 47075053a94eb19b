/// Which rounds of jobs of different length are due in which step of the node.
#pragma once

#include "rules/fields.hpp"
#include "rules/liquidity/ids.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace sluice {

/// How many rounds of a job are due: a step is as long as the shortest round that is played, so
/// that n steps of S seconds are floor(n * S / R) rounds of R seconds. It holds from one change of
/// the jobs to the next; what a job had of its round by then is carried over. Steps count steps of
/// the node, rounds those of the job, both from 0; seconds are of block time. Stored; the ranges
/// are kept by pace_from, not checked here.
struct job_pace {
  uint64_t from_step = 0; // holds for the steps after this one
  uint64_t rounds = 0;    // that are due with that step
  uint64_t seconds = 0;   // of the next round that were over by then; below the round's length
  uint64_t unit = 1;      // seconds of a step, from 1; at most the round's length
  SLUICE_FIELDS(from_step, rounds, seconds, unit)
  bool operator==(const job_pace&) const = default;
};

/// A round in every step, as long as all rounds are equally long. `round_seconds`: from 1 (0 counts
/// as 1), here and below. `steps_missed`: the steps before its first one. No error.
job_pace one_round_per_step(uint64_t round_seconds, uint64_t steps_missed);

/// The rounds that are completed when this step is done; for steps up to `from_step` those that
/// were due with that one. No error; beyond 2^64 - 1 it stays there.
uint64_t rounds_due(const job_pace& pace, uint64_t round_seconds, uint64_t step);

/// Does a round of the job end in this step? No error.
bool is_due(const job_pace& pace, uint64_t round_seconds, uint64_t step);

/// The same job from a step on with steps of another length. `unit`: seconds, from 1 to
/// `round_seconds`. No error.
job_pace pace_from(const job_pace& pace, uint64_t round_seconds, uint64_t step, uint64_t unit);

/// The same job, which stood still after step `stood_at` and goes on after `step`. No error.
job_pace resumed(const job_pace& pace, uint64_t round_seconds, uint64_t stood_at, uint64_t step);

/// The first step with which so many rounds are due, the last one with which no more are. At least
/// `from_step`; the last one before it when more were due by then. No error; beyond 2^64 - 1 they
/// stay there.
uint64_t first_step_with(const job_pace& pace, uint64_t round_seconds, uint64_t rounds);
uint64_t last_step_with(const job_pace& pace, uint64_t round_seconds, uint64_t rounds);

/// A job as the disk has it. `round_seconds` from 1; counts from 0. Not checked.
struct job_progress {
  uint64_t round_seconds = 1;
  job_pace pace;
  uint64_t completed = 0; // rounds
  bool ended = false;     // nothing will come any more
  bool plays = true;      // neither paused nor removed nor switched off
  uint64_t stood_at = 0;  // if it does not play: the last step that it is part of
};

/// Is the job part of this step? One that is over is part of the step in which that is found, when
/// its next round is due. No error.
bool plays_in(const job_progress& job, uint64_t step);

/// Seconds of a step: of the shortest round of those who play in it; none: nobody does. No error.
std::optional<uint64_t> unit_of(std::span<const job_progress> jobs, uint64_t step);

/// The paces that change when this step begins, because it is longer or shorter than the last one.
/// The number is from 1 (0 counts as 1). A function of what is on disk when step - 1 is done; asked
/// again in the middle of the step it answers the same, or nothing when it is stored. No error.
std::map<job_id, job_pace>
paces_that_change(const std::map<job_id, job_progress>& jobs, uint64_t step);

/// How many steps are done for certain: what everybody who goes on has completed. A job whose round
/// is as long as a step counts steps exactly; where none is left, what had ended by then is
/// counted, which is one less at most. None without a job. No error.
std::optional<uint64_t> steps_done_of(std::span<const job_progress> jobs);

} // namespace sluice
