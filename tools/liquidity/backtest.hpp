/// `sluice backtest` without its flags: strategies and plans over a long recording, round by round.
#pragma once

#include "io/text/charset.hpp"
#include "tools/liquidity/backtest_rounds.hpp"
#include "tools/liquidity/backtest_terms.hpp"
#include "tools/liquidity/backtest_traces.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// Lengths and moments are read by backtest_terms.hpp: `round` and `checkpoint` from 1 block to
/// 10,000,000 seconds or blocks, `start` in whole tokens. `from` is included, as `to` is. What
/// cannot be read is a fault of make_backtest_report, below.
struct backtest_request {
  std::vector<std::string> events;     // one event stream, or files of minute bars in time order
  std::vector<std::string> strategies; // NAME[:key=value,...]
  std::vector<std::string> plans;      // files
  std::string from;                    // a block or a time; "": the first swap
  std::string to;                      // "": the last block
  std::string round = "900s";
  std::string checkpoint; // "": 2/9 of a round, a job's 100 of 450 blocks
  std::string start;      // of the strategies' vaults; "": that of the first plan, else a default
  std::string tokens;     // names; "": token0, token1
  pool_model model = pool_model::observed;
  io::pool_overrides pool;
  bool staked = false;     // Slipstream only: everybody
  bool keep_rounds = true; // false: only the sums are asked for, as the table does
};

/// How far it is, and whether to go on; each may be empty. `progress`: blocks of the window that
/// are played, 0 to `all`. Errors: none.
struct backtest_watch {
  std::function<void(uint64_t done, uint64_t all)> progress; // blocks
  std::function<bool()> stop;
  std::function<result<nothing>()>
    ready; // once, when all files are read and before the first block
};

/// One player over all rounds. `start` is in smallest units; `rank` is from 1, the best first.
/// Counts are rounds, `invalid` counts proposals. Scores are means, lowest and highest of single
/// rounds, -100 to 10 by the default score_terms, all 0 when no round was scored or failed. Errors:
/// none.
struct backtest_player_sum {
  std::string name;
  bool is_plan = false;
  inventory start; // tokens at the beginning, with those in start positions
  uint32_t rank = 0;
  uint64_t scored = 0;
  uint64_t refused = 0;
  uint64_t failed = 0;
  uint64_t wins = 0; // rounds ranked first
  uint64_t invalid = 0;
  double score_mean = 0; // over scored and failed rounds, a failed one being 0
  double score_min = 0;
  double score_max = 0;
  backtest_total total;
  std::vector<range_band> bands;
};

/// `round_blocks` and `checkpoint_blocks`: blocks, from 1. `start`: the price before the first
/// round, token1 per token0 in smallest units, Q64.96; `prices`: the same in whole tokens. Errors:
/// none.
struct backtest_report {
  std::string market;
  std::vector<std::string> files;
  pool_terms terms;
  token_names names;
  pool_model model = pool_model::observed;
  bool staked = false;
  feed_pace pace;
  uint64_t round_blocks = 0;
  uint64_t checkpoint_blocks = 0;
  price_point start;
  backtest_rounds rounds;                   // at least one; with cells if they are kept
  std::vector<backtest_player_sum> players; // as asked for
  std::vector<price_trace::slice> prices;
  std::vector<std::string> notes; // what the user should know

  const backtest_round& first() const { return rounds.first(); } // no cells, as the last one
  const backtest_round& last() const { return rounds.last(); }
  /// Players by rank.
  std::vector<const backtest_player_sum*> ranked() const;
};

/// Reads, replays, plays. Faults are sentences for the user: `ec::unreachable` for a file that
/// cannot be read, `ec::refused` when `stop` returned true, else the input is at fault.
result<backtest_report>
make_backtest_report(const backtest_request& request, const backtest_watch& watch = {});

/// Aligned, in whole tokens, at most `columns` wide. `columns`: from 1; what does not fit is cut or
/// left out. Errors: none.
std::string
to_table(const backtest_report& report, size_t columns, bool color, report::charset letters);

/// Where a text goes, part by part; a fault ends it.
using text_sink = std::function<result<nothing>(std::string_view)>;

/// One object: what was run, every player's sums by rank, every round. Amounts and values are
/// decimal strings in smallest units. Written round by round; the errors are the sink's, and those
/// of reading the rounds again.
result<nothing> write_json(const backtest_report& report, const text_sink& to);
std::string to_json(const backtest_report& report);

/// A header and one line per round and player; as write_json.
result<nothing> write_csv(const backtest_report& report, const text_sink& to);
std::string to_csv(const backtest_report& report);

/// One page that needs nothing else.
std::string to_html(const backtest_report& report, std::string_view version);

} // namespace sluice::tools
