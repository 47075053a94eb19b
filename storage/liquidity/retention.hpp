/// Which rounds of the liquidity mechanism may go, and what is kept of them.
#pragma once

#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"
#include "storage/retention.hpp"

#include <cstdint>

namespace sluice::storage {

/// Rounds of one portion: each has up to two rows of rounds, a prediction for every miner and kind.
inline constexpr uint64_t retention_rounds_max = 32;

/// The lowest round number that stays. `next`: the round to be played; `keep`: how many finished
/// ones are to stay, from 1; `needed`: the lowest that a start still reads (first_needed_round).
/// No error.
constexpr uint64_t first_kept_round(uint64_t next, uint64_t keep, uint64_t needed) {
  const auto wanted = next - (keep < next ? keep : next);
  return wanted < needed ? wanted : needed;
}

/// Removes the oldest rounds of a job that has begun, those before `kept` and of these at most
/// retention_rounds_max: as below, whatever a start needs. Nothing when they are gone already.
result<retention_portion>
plan_rounds_before(const data_dir& disk, const job_record& job, uint64_t kept, uint64_t now_ms);

/// The oldest rounds of the first job that has more than `settings.keep_rounds` (0: nothing goes)
/// and than the next start reads: their rows, answers, executions and blocks, as far as no kept
/// round is replayed from them. What the board was behind them goes into
/// tables::removed_rounds_of_jobs in the same commit, made from the rounds that go, so that scores
/// stay verifiable. `now_ms`: milliseconds since 1970-01-01 UTC. Pure but for reading the disk;
/// faults: what that reports.
result<retention_portion>
plan_round_retention(const data_dir& disk, const storage_settings& settings, uint64_t now_ms);

} // namespace sluice::storage
