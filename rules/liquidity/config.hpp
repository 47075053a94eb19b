/// The configuration of the liquidity mechanism as plain values.
#pragma once

#include "rules/config/node_config.hpp"
#include "rules/liquidity/liquidity_scores.hpp"
#include "rules/liquidity/name.hpp"
#include "rules/liquidity/plan.hpp"
#include "rules/liquidity/score.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "rules/pool/pool_event.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice {

enum class feed_kind : uint8_t {
  market = 0, // embedded, seeded
  events,     // a recorded event stream
  bars,       // minute bars
};

/// Where the blocks of a job come from. The ranges are those of a configuration.
struct feed_config {
  feed_kind kind = feed_kind::market;
  std::vector<std::string> files; // events: one; bars: one or more, in time order
  uint64_t seed = 1;              // market; any number
  uint64_t start_block = 0;       // first round is the one that contains it; 0: the feed decides
  double price = 3000; // market: token1 per token0 at block 0, whole tokens; 1e-30 to 1e30
  double volatility_per_day = 0.04; // market: standard deviation of relative change, 0 to 2
  double trades_per_block = 0.7;    // market: mean number of noise trades, 0 to 100
  double depth = 3'000'000; // worth of one side of the first liquidity, whole token1; 0 to 1e30
  SLUICE_FIELDS(kind, files, seed, start_block, price, volatility_per_day, trades_per_block, depth)
  bool operator==(const feed_config&) const = default;
};

/// Who plays a live round when its first candidate refuses it.
enum class live_fallback : uint8_t {
  skip = 0, // nobody (the original)
  next,     // the next one whose record counts
};

/// One liquidity job (facts/liquidity §1). The ranges are those of a configuration.
struct job_config {
  static constexpr size_t fields_in_schema_1 = 22;
  static constexpr size_t fields_in_schema_3 = 23;

  job_id id;
  std::string vault;
  std::string pair_address;
  uint64_t chain_id = 8453; // EIP-155, 1 to 2^63 - 1
  std::string target = "PoL";
  std::string symbol0 = "WETH";
  std::string symbol1 = "USDC";
  pool_terms terms;
  uint64_t round_seconds = 900;          // 1 to 604800, at least one block
  double block_seconds = 2;              // 0.01 to 86400; 60 with bars
  uint64_t checkpoint_blocks = 100;      // evaluation: blocks between two questions, 1 to 1'000'000
  uint64_t live_checkpoint_blocks = 150; // live: the same
  bool active = true;
  pool_model model = pool_model::observed;
  uint32_t positions_max = 10;        // per proposal, 1 to limits::positions_max
  uint64_t reply_timeout_ms = 60'000; // milliseconds, 1 to 3'600'000
  inventory start;                    // the vault's own, smallest units, 0 to 2^128 - 1 of each
  std::vector<start_position> start_positions;
  double token1_value = 1; // of one whole token1, in the emission's unit; 0 to 1e18
  score_terms scoring;
  scoreboard_terms board;
  feed_config feed;
  bool staked = false; // every plan is staked: rewards instead of fees, beside the score
  /// Block time in which the opening of a round may be refused, 0 to 604800; 0: one block.
  double opening_seconds = 0;
  live_fallback fallback = live_fallback::skip;
  SLUICE_FIELDS(id, vault, pair_address, chain_id, target, symbol0, symbol1, terms, round_seconds,
                block_seconds, checkpoint_blocks, live_checkpoint_blocks, active, model,
                positions_max, reply_timeout_ms, start, start_positions, token1_value, scoring,
                board, feed, staked, opening_seconds, fallback)
  bool operator==(const job_config&) const = default;
};

/// A job as a node plays it when its configuration states nothing: by the rules of
/// docs/decisions/0036, where a default job_config{} has the original ones.
inline job_config node_job() {
  job_config job;
  job.scoring.range = range_measure::value;
  job.board.active_share = 0.5;
  job.fallback = live_fallback::next;
  return job;
}

/// How the plans of a round are measured when it is over: what the job states, at the market's
/// price. No error.
inline evaluation_options round_options(const job_config& job) {
  return {job.scoring.range, valuing_price::market};
}

/// What decides how much of the emission is burned; both parts in one unit, the operator's.
struct emission_settings {
  double per_epoch = 1000;       // what the subnet pays miners in an epoch; 1e-12 to 1e18
  double profit_ratio = 1;       // no unit, 0 to 1
  uint64_t lookback_rounds = 96; // revenue: fees of so many last live rounds, 1 to 1'000'000
  SLUICE_FIELDS(per_epoch, profit_ratio, lookback_rounds)
  bool operator==(const emission_settings&) const = default;
};

/// Everything that a node runs this mechanism with.
struct liquidity_settings {
  score_policy policy = score_policy::winner_per_job;
  uint32_t simulators = 2; // actors that simulate at the same time, 1 to 256
  emission_settings emission;
  std::vector<job_config> jobs;
  SLUICE_FIELDS(policy, simulators, emission, jobs)
  bool operator==(const liquidity_settings&) const = default;
};

/// The mechanism's part of a configuration; null when it is not configured.
inline const liquidity_settings* find_liquidity(const node_config& config) {
  const auto at = config.mechanisms.find(std::string{liquidity_name});
  return at == config.mechanisms.end() ? nullptr : at->second.find<liquidity_settings>();
}

/// The same; defaults when it is not configured.
inline const liquidity_settings& liquidity_in(const node_config& config) {
  static const liquidity_settings none;
  const auto* own = find_liquidity(config);
  return own ? *own : none;
}

/// The same, to be read and changed; made when it is not there.
inline liquidity_settings& liquidity_in(node_config& config) {
  return config.mechanisms[std::string{liquidity_name}].edit<liquidity_settings>();
}

} // namespace sluice
