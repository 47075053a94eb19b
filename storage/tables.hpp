/// Every table on one page: key, value, who writes it, how it is ordered.
#pragma once

#include "storage/records.hpp"
#include "storage/schema.hpp"
#include "storage/table.hpp"

namespace sluice::storage::tables {

/// Raise when a value below changes shape, with a migration in schema.cpp.
inline constexpr uint32_t schema_version = 3;

// ---- node ---------------------------------------------------------------------------------------

/// Jobs and how far they are.
///   key    : job_id
///   value  : job_record
///   writer : job
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

/// Last sheet of each mechanism.
///   key    : mechanism name
///   value  : score_sheet
///   writer : mechanisms
///   order  : by name
inline constexpr table<std::string, score_sheet> score_sheets{node_store, "score_sheets"};

/// What became of the weights of each epoch.
///   key    : epoch_no
///   value  : publish_record
///   writer : chain_writer (intent first, then each step)
///   order  : oldest first
inline constexpr table<epoch_no, publish_record> published{node_store, "published"};

/// How often the door has begun: what protects against replays (rules/door/nonces.hpp).
///   key    : "door"
///   value  : door_life
///   writer : door, before its first challenge
///   order  : one row
inline constexpr table<std::string, door_life> door_lives{node_store, "door_lives"};

/// Hotkeys that were sent away.
///   key    : hotkey
///   value  : ban_record
///   writer : roster
///   order  : by hotkey
inline constexpr table<hotkey, ban_record> bans{node_store, "bans"};

/// What the operator said about jobs while the node ran.
///   key    : job_id
///   value  : job_order
///   writer : liquidity
///   order  : by name
inline constexpr table<job_id, job_order> job_orders{node_store, "job_orders"};

/// What operators did, through the shell.
///   key    : number from 0
///   value  : admin_action
///   writer : admin
///   order  : oldest first
inline constexpr table<uint64_t, admin_action> admin_actions{node_store, "admin_actions"};

/// Numbers about the folder itself: "schema" is the version of these tables.
///   key    : name
///   value  : uint32
///   writer : data_dir
///   order  : by name
inline constexpr table<std::string, uint32_t> meta{node_store, "meta"};

/// The other stores' part of the last batch that touched several.
///   key    : "last"
///   value  : journal_entry
///   writer : data_dir
///   order  : one row
inline constexpr table<std::string, journal_entry> journal{node_store, "journal"};

// ---- pool_events --------------------------------------------------------------------------------

/// The market as rounds saw it; what an audit replays.
///   key    : block_key {job, block}
///   value  : feed_block
///   writer : job
///   order  : by job, oldest first
inline constexpr table<block_key, feed_block> feed_blocks{pool_events_store, "feed_blocks"};

/// Where a feed can be taken up again.
///   key    : block_key {job, block}
///   value  : checkpoint
///   writer : job
///   order  : by job, oldest first
inline constexpr table<block_key, checkpoint> checkpoints{pool_events_store, "checkpoints"};

// ---- devchain -----------------------------------------------------------------------------------

/// The embedded chain.
///   key    : "chain"
///   value  : dev_chain
///   writer : the dev chain behind chain_reader and chain_writer
///   order  : one row
inline constexpr table<std::string, dev_chain> chain_state{devchain_store, "state"};

/// Extrinsics that the chain took.
///   key    : sequence number from 0
///   value  : inclusion
///   writer : the dev chain
///   order  : oldest first
inline constexpr table<uint64_t, inclusion> extrinsics{devchain_store, "extrinsics"};

// ---- pool_events and devchain -------------------------------------------------------------------

/// The number of the journal entry that this store has last taken over.
///   key    : "journal"
///   value  : uint64
///   writer : data_dir
///   order  : one row
constexpr table<std::string, uint64_t> applied_in(std::string_view store) {
  return {store, "applied"};
}

/// The one key of `chain_state`, `door_lives`, `journal`, `applied_in` and the schema's row in
/// `meta`.
inline const std::string chain_key = "chain";
inline const std::string door_key = "door";
inline const std::string journal_key = "last";
inline const std::string applied_key = "journal";
inline const std::string schema_key = "schema";

} // namespace sluice::storage::tables

// ---- codecs -------------------------------------------------------------------------------------

/// Whoever reads a table would compile the reading of all that is in its rows: tables.cpp does it
/// once for everybody.
#define SLUICE_ROWS_CODED(HOW)                                                                     \
  HOW(job_record)                                                                                  \
  HOW(round_record)                                                                                \
  HOW(prediction)                                                                                  \
  HOW(miner_score)                                                                                 \
  HOW(participation_day)                                                                           \
  HOW(live_execution)                                                                              \
  HOW(score_sheet)                                                                                 \
  HOW(publish_record)                                                                              \
  HOW(door_life)                                                                                   \
  HOW(ban_record)                                                                                  \
  HOW(job_order)                                                                                   \
  HOW(admin_action)                                                                                \
  HOW(journal_entry)                                                                               \
  HOW(feed_block)                                                                                  \
  HOW(checkpoint)                                                                                  \
  HOW(dev_chain)                                                                                   \
  HOW(inclusion)

namespace sluice::storage {

#define SLUICE_CODED_ELSEWHERE(T)                                                                  \
  extern template std::string encode(const T&);                                                    \
  extern template result<T> decode(std::string_view);
SLUICE_ROWS_CODED(SLUICE_CODED_ELSEWHERE)
#undef SLUICE_CODED_ELSEWHERE

} // namespace sluice::storage
