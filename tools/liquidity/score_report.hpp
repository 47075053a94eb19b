/// What `sluice score` says: a plan's outcome as a table for people or as JSON for programs.
#pragma once

#include "io/pool/pool_overrides.hpp"
#include "sim/evaluate/window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

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
struct score_parts {
  double gain = 0; // clamped
  double penalty = 1;
  double range_factor = 1;
  double score = 0;
};

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
