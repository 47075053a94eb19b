/// One round put together for whoever shows it: the ranking, what everybody earned, how they stand.
#pragma once

#include "messages/liquidity.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::report {

/// Hotkey -> strategy, as far as this process knows its miners.
using strategy_labels = std::map<std::string, std::string>;

/// The strategy of a hotkey, "-" for strangers.
std::string strategy_of(const strategy_labels& labels, const hotkey& key);

/// One miner's row. Text in it is plain: one line, nothing that moves the cursor. `rank` is from 1;
/// `score` and `standing` are in the range of the job's score_terms; `metrics` are in the units of
/// plan_metrics; `invalid` counts proposals. Errors: none.
struct miner_row {
  miner_uid uid;
  std::string key;
  std::string strategy;
  size_t rank = 0; // from 1; 0: not scored
  miner_verdict verdict = miner_verdict::scored;
  double score = 0;
  std::optional<plan_metrics> metrics;
  std::optional<miner_score> standing; // after the step
  uint32_t invalid = 0;
  std::string note;
};

/// Blocks are the feed's, both included; times are unix seconds, 0 when not known. Prices are
/// token1 per token0 in whole tokens, none when nothing was replayed; `swaps` counts those of the
/// window. `decimals1`: digits behind token1's point, 0 to 255. Errors: none.
struct round_view {
  round_id id;
  round_status status = round_status::pending;
  uint64_t start_block = 0;
  uint64_t end_block = 0;
  uint64_t start_time = 0;
  uint64_t end_time = 0;
  std::string symbol1;
  uint8_t decimals1 = 18;
  bool staked = false;               // plans earn rewards instead of fees
  std::optional<double> price_start; // whole tokens
  std::optional<double> price_end;
  std::optional<uint64_t> swaps;
  std::string note;
  std::vector<miner_row> rows; // best first; then who refused, then who failed, by uid

  /// Null when nobody was scored.
  const miner_row* winner() const;
};

round_view
view_of(const round_record& record, const job_report& report, const strategy_labels& labels);

/// "uid 3 (narrow)", without the brackets for strangers. `uid`: 0 to 65535. Errors: none.
std::string who(miner_uid uid, const std::string& strategy);

/// Why the winner is the winner: how far ahead, or how the tie was broken. "" without a winner.
std::string reason_of_winner(const round_view& round);

} // namespace sluice::report
