/// What the liquidity mechanism remembers, one plain struct per kind of row.
#pragma once

#include "rules/liquidity/answers.hpp"
#include "rules/liquidity/config.hpp"
#include "rules/liquidity/job_order.hpp"
#include "rules/liquidity/miner_cluster.hpp"
#include "storage/liquidity/known.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// A job and how far it has come. `first_round` and `next_round` are round numbers (block / blocks
/// per round, rules/liquidity/schedule), `completed` a count from 0. `vault` is in smallest units
/// of both tokens; `revenue` has at most emission_settings::lookback_rounds entries, each from 0:
/// whole token1 times job_config::token1_value. The job keeps these ranges; a row that cannot be
/// decoded is corrupt_data.
struct job_record {
  /// Of its field list (codec.hpp), 1 to 255; a row with another one is corrupt_data.
  static constexpr uint8_t stored_version = 3;
  static constexpr size_t fields_in_schema_3 = 11;

  job_config config;
  uint64_t first_round = 0;
  uint64_t next_round = 0; // everything before it is booked
  uint64_t completed = 0;  // rounds, of both kinds
  bool ended = false;      // nothing will come any more
  std::string status;      // for people
  bool begun = false;      // first_round is known
  inventory vault;         // what the vault has, at the end of the last round
  std::vector<start_position> vault_positions;
  std::vector<double> revenue; // of the last live rounds, in the emission's unit, oldest first
  bool failed = false;         // ended because it cannot go on; `status` states why
  hotkey incumbent;            // who played the last live round; "": nobody yet
  /// Whose live plan minted each of vault_positions; "": the vault's own. Empty: all are.
  std::vector<hotkey> vault_owners;
  std::vector<miner_cluster> clusters; // of who was registered, as of its last round; for people
  SLUICE_FIELDS(config, first_round, next_round, completed, ended, status, begun, vault,
                vault_positions, revenue, failed, incumbent, vault_owners, clusters)
  bool operator==(const job_record&) const = default;
};

enum class round_status : uint8_t {
  pending = 0,
  active,
  completed,
  failed, // given up: nothing was scored, `note` states why
};

constexpr bool known(round_status x) {
  switch (x) {
  case round_status::pending:
  case round_status::active:
  case round_status::completed:
  case round_status::failed:
    return true;
  }
  return false;
}

/// A round, with everything but the market that an audit needs to recompute it. Blocks are numbers
/// of the job's feed, times unix seconds of its blocks (0: not known, end_time also before the
/// end). `attempts` is from 1, without a bound: only failures of the job itself end a round
/// (limits::round_attempts_max). `start` is in smallest units; `price_at_start` is token1 per
/// token0 in smallest units, Q64.96 (Uniswap V3's sqrtPriceX96), 0 and tick 0 before a round has
/// started. A row that cannot be decoded is corrupt_data.
struct round_record {
  /// Of its field list, as above.
  static constexpr uint8_t stored_version = 3;
  static constexpr size_t fields_in_schema_3 = 16;

  round_id id;
  round_status status = round_status::pending;
  uint64_t start_block = 0;
  uint64_t end_block = 0;  // included
  uint64_t start_time = 0; // block time, unix seconds
  uint64_t end_time = 0;
  std::optional<miner_uid> winner;
  std::string note;
  uint32_t attempts = 0; // how often it was started
  job_config config;     // as it was when the round started
  inventory start;
  std::vector<miner_result> results;
  u256 price_at_start; // sqrt_price_x96 before the first event of start_block
  int32_t tick_at_start = 0;
  pool_terms terms;               // the feed's own
  std::vector<miner_uid> ranking; // who was scored, best first
  scoring_rules rules = scoring_rules::original;
  /// Whether its results changed anybody's record; by the original rules `note` states that.
  bool counted = true;
  hotkey incumbent;                 // as in job_record, at its start
  std::vector<hotkey> start_owners; // of config.start_positions, as in job_record
  SLUICE_FIELDS(id, status, start_block, end_block, start_time, end_time, winner, note, attempts,
                config, start, results, price_at_start, tick_at_start, terms, ranking, rules,
                counted, incumbent, start_owners)
  bool operator==(const round_record&) const = default;
};

/// How the plans of a stored round were measured, by the rules that it was scored by. No error.
inline evaluation_options options_of(const round_record& row) {
  if (row.rules == scoring_rules::original)
    return {row.config.scoring.range, valuing_price::own};
  return round_options(row.config);
}

/// A proposal that was not taken, and what the miner was sent. `block`: the block of the feed after
/// which the miner was asked. Not checked here.
struct answer_note {
  uint64_t block = 0;
  std::string reason;
  SLUICE_FIELDS(block, reason)
  bool operator==(const answer_note&) const = default;
};

/// What one miner did in one round and what came of it. `response_us`: microseconds that all of
/// its answers of the round took together, from 0; silence counts until it was noticed (rounds of
/// version 0.1.0 have the last answer's). `score`: score_terms::score_min to score_max of the job
/// (-100 to 10 unless configured), 0 unless `verdict` is scored. Amounts are in smallest units. The
/// round keeps these ranges; a row that cannot be decoded is corrupt_data.
struct prediction {
  /// Of its field list, as above.
  static constexpr uint8_t stored_version = 3;
  static constexpr size_t fields_in_schema_3 = 12;

  round_id round;
  miner_uid uid;
  hotkey key;
  bool accepted = false;
  std::string refusal;
  miner_verdict verdict = miner_verdict::scored;
  uint64_t response_us = 0; // of all answers
  plan what;                // the timeline of its answers
  std::optional<plan_outcome> outcome;
  double score = 0;
  std::string note;
  std::vector<answer_note> invalid;
  std::vector<asked_question> questions; // put to it, by block; none by the original rules
  std::optional<double> baseline;        // the score that its own is compared with
  std::optional<double> entered;         // as in miner_result
  SLUICE_FIELDS(round, uid, key, accepted, refusal, verdict, response_us, what, outcome, score,
                note, invalid, questions, baseline, entered)
  bool operator==(const prediction&) const = default;
};

enum class execution_status : uint8_t {
  pending = 0, // on its way
  mined,
  failed,
  replaced, // by a later one, or by a reorganisation
};

constexpr bool known(execution_status x) {
  switch (x) {
  case execution_status::pending:
  case execution_status::mined:
  case execution_status::failed:
  case execution_status::replaced:
    return true;
  }
  return false;
}

/// A rebalance of the vault in a live round. `block`: of the job's feed, after which it was asked.
/// `after` and the amounts of `achieved` are in smallest units; `gas` is in the chain's gas, 0 on
/// paper. A row that cannot be decoded is corrupt_data.
struct live_execution {
  static constexpr uint8_t stored_version = 2;
  static constexpr size_t fields_in_schema_3 = 11;

  std::string id;
  round_id round;
  miner_uid uid;
  uint64_t block = 0;
  execution_status status = execution_status::pending;
  std::vector<std::string> transactions; // hashes
  std::vector<desired_position> asked;
  std::vector<held_position> achieved;
  inventory after;
  uint64_t gas = 0;
  std::string error;
  bool chain_failed = false; // failed, and not by the plan's own doing: the chain did not take it
  SLUICE_FIELDS(id, round, uid, block, status, transactions, asked, achieved, after, gas, error,
                chain_failed)
  bool operator==(const live_execution&) const = default;
};

/// Where a feed can be taken up again without its whole past. `block`: number of the feed's last
/// block in it; `time`: its time in unix seconds, 0 when the feed knows none. Texts that cannot be
/// read: corrupt_data, by whoever takes the feed up (io/liquidity).
struct checkpoint {
  uint64_t block = 0; // the last one that is in it
  uint64_t time = 0;
  std::string replica; // bytes of the pool (sim)
  std::string cursor;  // bytes of the feed's place in its source
  SLUICE_FIELDS(block, time, replica, cursor)
  bool operator==(const checkpoint&) const = default;
};

/// A miner's day as it was when the rounds before it were removed. `day`: as in day_key.
struct removed_day {
  hotkey key;
  uint32_t day = 0;
  participation_day counts;
  SLUICE_FIELDS(key, day, counts)
  bool operator==(const removed_day&) const = default;
};

/// Rounds of a job that retention has removed: all numbers from `from` to before `until`, with
/// their market, answers and executions. `scores` and `days` are what booking them had made of the
/// records: what is kept is verified from there on. Of days those that still decide about
/// eligibility, from `days_from` on; no earlier one can be recomputed. `blocks_until`: number of
/// the first block that is kept. `time_ms`: milliseconds since 1970-01-01 UTC by the node's clock,
/// of the last removal. A row that cannot be decoded is corrupt_data.
struct removed_rounds {
  uint64_t from = 0;
  uint64_t until = 0;
  uint64_t completed = 0; // rounds of both kinds among them that were
  uint64_t blocks_until = 0;
  uint64_t last_time = 0; // block time of the last of them, unix seconds
  uint64_t time_ms = 0;
  uint32_t days_from = 0;
  std::vector<std::pair<hotkey, miner_score>> scores;
  std::vector<removed_day> days;
  SLUICE_FIELDS(from, until, completed, blocks_until, last_time, time_ms, days_from, scores, days)
  bool operator==(const removed_rounds&) const = default;
};

// Keys: parts in the order in which they sort.

/// Job, then kind, then number.
using round_key = round_id;

/// `uid`: 0 to 65535. Bytes that are no such key are corrupt_data (key.hpp), here and below.
struct prediction_key {
  round_id round;
  miner_uid uid;
  SLUICE_FIELDS(round, uid)
  friend auto operator<=>(const prediction_key&, const prediction_key&) = default;
};

struct miner_key {
  job_id job;
  hotkey key;
  SLUICE_FIELDS(job, key)
  friend auto operator<=>(const miner_key&, const miner_key&) = default;
};

/// `day`: whole days since 1970-01-01 UTC, of block time (unix seconds / 86400). Errors: as
/// prediction_key.
struct day_key {
  job_id job;
  hotkey key;
  uint32_t day = 0; // since 1970-01-01 UTC
  SLUICE_FIELDS(job, key, day)
  friend auto operator<=>(const day_key&, const day_key&) = default;
};

/// `number`: of the round, from 0; `block`: of the job's feed, after which the rebalance was asked.
/// Errors: as prediction_key.
struct execution_key {
  job_id job;
  round_no number;
  uint64_t block = 0;
  SLUICE_FIELDS(job, number, block)
  friend auto operator<=>(const execution_key&, const execution_key&) = default;
};

/// `block`: number of the job's feed; with bars unix time / 60. Errors: as prediction_key.
struct block_key {
  job_id job;
  uint64_t block = 0;
  SLUICE_FIELDS(job, block)
  friend auto operator<=>(const block_key&, const block_key&) = default;
};

} // namespace sluice
