/// The liquidity mechanism's tables on one page: key, value, who writes it, how it is ordered.
#pragma once

#include "rules/liquidity/pace.hpp"
#include "storage/coded_rows.hpp"
#include "storage/liquidity/block_run.hpp"
#include "storage/liquidity/records.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage {

/// These tables, and how older versions become today's. Its migration is from version 1; a row that
/// cannot be read is corrupt_data.
schema_part liquidity_schema();

} // namespace sluice::storage

namespace sluice::storage::tables {

// ---- node ---------------------------------------------------------------------------------------

/// Jobs and how far they are.
///   key    : job_id
///   value  : job_record
///   writer : job; liquidity, when the job is new and when it is given up or resumed
///   order  : by name
inline constexpr table<job_id, job_record> jobs{node_store, "jobs"};

/// Rounds of both kinds, from their start on.
///   key    : round_key {job, kind, number}
///   value  : round_record
///   writer : job, at its start and at its end
///   order  : per job evaluation before live, oldest first
inline constexpr table<round_key, round_record> rounds{node_store, "rounds"};

/// What every miner did in a round.
///   key    : prediction_key {job, kind, number, uid}
///   value  : prediction
///   writer : job, in the batch that completes the round
///   order  : as rounds, then by uid
inline constexpr table<prediction_key, prediction> predictions{node_store, "predictions"};

/// A hotkey's record on a job.
///   key    : miner_key {job, hotkey}
///   value  : miner_score
///   writer : job, in the batch that completes the round
///   order  : by job, then hotkey
inline constexpr table<miner_key, miner_score> miner_scores{node_store, "miner_scores"};

/// One hotkey's rounds of one UTC day.
///   key    : day_key {job, hotkey, day}
///   value  : participation_day
///   writer : job, in the batch that completes the round
///   order  : by job, hotkey, oldest day first
inline constexpr table<day_key, participation_day> participation{node_store, "participation"};

/// Rebalances of the vault in live rounds.
///   key    : execution_key {job, round number, block}
///   value  : live_execution
///   writer : executor (intent first, then what came of it)
///   order  : by job, oldest first
inline constexpr table<execution_key, live_execution> live_executions{node_store,
                                                                      "live_executions"};

/// What the operator commanded about jobs while the node ran.
///   key    : job_id
///   value  : job_order
///   writer : liquidity
///   order  : by name
inline constexpr table<job_id, job_order> job_orders{node_store, "job_orders"};

/// How many rounds of a job are due with which step, where rounds are of different length, or a job
/// is younger than its node. A job without a row plays a round in every step that it has not
/// missed.
///   key    : job_id
///   value  : job_pace
///   writer : liquidity, before the step in which it holds
///   order  : by name
inline constexpr table<job_id, job_pace> job_paces{node_store, "job_paces"};
/// What retention has taken away of a job, and what its miners' records were then.
///   key    : job_id
///   value  : removed_rounds
///   writer : storage care, in the batch that removes
///   order  : by name
inline constexpr table<job_id, removed_rounds> removed_rounds_of_jobs{node_store, "removed_rounds"};

// ---- pool_events --------------------------------------------------------------------------------

/// The market as rounds saw it, many blocks a row; what an audit replays. No run goes over the end
/// of a round (market_history.hpp writes and reads them).
///   key    : block_key {job, first block}
///   value  : block_run
///   writer : job
///   order  : by job, oldest first
inline constexpr table<block_key, block_run> block_runs{pool_events_store, "block_runs"};

/// The same of versions up to 0.2.0, a block a row: read, not written any more.
///   key    : block_key {job, block}
///   value  : feed_block
///   writer : nobody
///   order  : by job, oldest first
inline constexpr table<block_key, feed_block> feed_blocks{pool_events_store, "feed_blocks"};

/// Where a feed can be taken up again.
///   key    : block_key {job, block}
///   value  : checkpoint
///   writer : job
///   order  : by job, oldest first
inline constexpr table<block_key, checkpoint> checkpoints{pool_events_store, "checkpoints"};

} // namespace sluice::storage::tables

namespace sluice::storage {

SLUICE_ROWS_CODED_ELSEWHERE(job_record)
SLUICE_ROWS_CODED_ELSEWHERE(round_record)
SLUICE_ROWS_CODED_ELSEWHERE(prediction)
SLUICE_ROWS_CODED_ELSEWHERE(miner_score)
SLUICE_ROWS_CODED_ELSEWHERE(participation_day)
SLUICE_ROWS_CODED_ELSEWHERE(live_execution)
SLUICE_ROWS_CODED_ELSEWHERE(job_order)
SLUICE_ROWS_CODED_ELSEWHERE(job_pace)
SLUICE_ROWS_CODED_ELSEWHERE(removed_rounds)
SLUICE_ROWS_CODED_ELSEWHERE(feed_block)
SLUICE_ROWS_CODED_ELSEWHERE(checkpoint)

} // namespace sluice::storage
