/// What is stored of all jobs together, and what follows from it for steps and orders.
#pragma once

#include "rules/liquidity/job_order.hpp"
#include "rules/liquidity/pace.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"

#include <map>

namespace sluice {

/// Records, orders and paces by job, as they are on the disk; a job may lack any of them.
struct stored_jobs {
  std::map<job_id, job_record> records;
  std::map<job_id, job_order> orders;
  std::map<job_id, job_pace> paces;

  /// How far a job is that has `round_seconds` (from 1) and misses so many steps where no pace is
  /// stored. No error.
  job_progress progress_of(const job_id& id, uint64_t round_seconds, uint64_t steps_missed) const;
};

/// Faults: what the disk reports.
result<stored_jobs> read_stored_jobs(const storage::data_dir& disk);

/// The record of a job that has played nothing yet. No error.
job_record new_record(const job_config& config);

/// One job's part of a step.
struct job_turn {
  /// Rounds, from 1: that are completed when the step is done, or (not due) that the round which it
  /// is in makes.
  uint64_t rounds = 0;
  bool due = false; // a round ends in this step, or it is over and states that
};

/// What happens in a step: who plays what, and what is written before anybody is asked.
struct step_plan {
  std::map<job_id, job_turn> turns; // of everybody who is not paused
  storage::batch writes;
};

/// From what is on the disk when the step before is done; the same again in the middle of the step.
/// Jobs that are new get their record and begin with this step, those that the configuration no
/// longer has are switched off. `now`: everybody who is part of the run. The number is from 1.
step_plan
plan_step(const stored_jobs& stored, const std::map<job_id, current_job>& now, uint64_t number);

/// The rows of an order that lets a job play: a record if it has none, no failure any more, and the
/// pace with which it goes on. `before`: the order so far; `step`: the last one that was begun.
storage::batch rows_of_going_on(const stored_jobs& stored, const job_config& config,
                                const std::optional<job_order>& before, uint64_t step);

/// May a job that is added take up what is stored under its id? ec::refused names the settings that
/// differ from those that its rounds were played with.
result<nothing> may_take_up(const job_record& stored, const job_config& added);

} // namespace sluice
