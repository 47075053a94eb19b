/// What `sluice score` prints: a plan's outcome as a table for people or as JSON for programs.
#pragma once

#include "io/pool/pool_overrides.hpp"
#include "sim/evaluate/window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// `from` and `to` are blocks, both included; with bars unix time / 60. A window that is not there
/// is a fault of make_score_report.
struct score_request {
  std::vector<std::string> events; // one event stream, or files of minute bars in time order
  std::string plan;                // a file
  std::optional<uint64_t> from;    // default: the block of the first swap
  std::optional<uint64_t> to;      // default: the last block
  pool_model model = pool_model::observed;
  io::pool_overrides pool;
  bool staked = false; // Slipstream only
};

/// How the score comes about: return (over the start's value) and penalty, times the range factor.
/// Ratios without a unit, with the default score_terms: `gain` from -10 to 10, `penalty` above 0 up
/// to 1, `range_factor` from 0.92 to 1, `score` from -100 to 10 (rules/liquidity/score.hpp).
/// Errors: none.
struct score_parts {
  double gain = 0; // clamped
  double penalty = 1;
  double range_factor = 1;
  double score = 0;
};

/// `from` and `to` are blocks, both included; `start`: token1 per token0 in smallest units, Q64.96.
/// Errors: none.
struct score_report {
  std::string market;
  pool_terms terms;
  pool_model model = pool_model::observed;
  bool staked = false;
  uint64_t from = 0;
  uint64_t to = 0;
  price_point start;
  plan_outcome outcome;
  score_parts parts;
  std::vector<std::string> notes; // what the user should know of the plan
};

/// Reads, replays, evaluates. Faults are sentences for the user: `ec::unreachable` for a file that
/// cannot be read, else the input is at fault.
result<score_report> make_score_report(const score_request& request);

/// One object: the metrics, then the details. Amounts and values are decimal strings.
std::string to_json(const score_report& report);

/// Aligned, in whole tokens.
std::string to_table(const score_report& report);

} // namespace sluice::tools
