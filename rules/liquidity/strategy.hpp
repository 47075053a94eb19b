/// In-process miners as pure functions: question in, answer out, memory explicit.
#pragma once

#include "rules/liquidity/query.hpp"
#include "rules/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// What a strategy does; the last four are there to be bad. Options are fractions of the price:
/// width is the half-width of the range (0.0001..0.99).
enum class strategy_kind : uint8_t {
  hold = 0,   // keeps what the vault has; deploys nothing
  wide,       // one wide range around the price, never moved: width (0.2)
  narrow,     // recentred when the price leaves the middle half of its range: width (0.02)
  volatility, // k (4) standard deviations of a checkpoint's price change in this round, at least
              // floor (0.01); chosen again when the price leaves the range
  refuser,    // accepted = false, with a reason
  silent,     // never answers
  garbage,    // invalid proposals of every kind
  crasher,    // throws
};

/// parse_strategy checks the options' ranges.
struct strategy {
  strategy_kind kind = strategy_kind::hold;
  std::map<std::string, double> options; // e.g. width=0.05
  SLUICE_FIELDS(kind, options)
  bool operator==(const strategy&) const = default;
};

/// Parses NAME[:key=value,...]; the fault (ec::bad_input) lists what exists. Options are within the
/// ranges above; k is 0 to 1000, floor 0.0001 to 0.99.
result<strategy> parse_strategy(std::string_view text);
std::string_view to_string(strategy_kind kind);

/// What a strategy remembers inside one round of one job; forgotten when the round changes or its
/// blocks go back (it started again), so that a restarted round gets the same answers.
struct strategy_memory {
  round_id round;
  uint32_t asked = 0;         // questions so far in this round
  uint64_t block = 0;         // number of the block of the last question
  std::vector<double> prices; // token1 per token0, whole tokens, one per question
};

enum class strategy_act : uint8_t { answer, stay_silent, crash };

struct strategy_move {
  strategy_act act = strategy_act::answer;
  rebalance_reply reply;
};

/// The answer to one question. Deterministic. What hold, wide, narrow and volatility ask for always
/// passes proposal_fault (for jobs that allow as many positions as the miner has).
strategy_move propose(const strategy& what, const rebalance_query& query, strategy_memory& memory);

} // namespace sluice
