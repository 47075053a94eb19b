/// The market that a score is asked for: read from files, cut to a window.
#pragma once

#include "io/pool/pool_overrides.hpp"
#include "sim/evaluate/window.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sluice::tools {

/// Blocks are the feed's numbers, with bars unix time / 60; kept by read_market.
struct score_market {
  std::string name;  // of the file, for people
  std::string path;  // the first file, for errors
  bool bars = false; // minute bars, else pool events
  pool_terms terms;
  std::vector<feed_block> blocks; // ascending, at least one
};

/// One event stream, or one or more files of minute bars; the first line shows which. Bars are of a
/// pool with fee 500, tick spacing 10, 6 and 18 decimals unless overridden. Faults: ec::unreachable
/// for a file that cannot be read, ec::bad_input for what is in it.
result<score_market>
read_market(const std::vector<std::string>& paths, const io::pool_overrides& overrides);

/// Replays up to `to` (default: the last block) and keeps the blocks from `from` on (default: the
/// block of the first swap). The start is the pool after the last event before `from`, or right
/// after its initialization when `from` is the block of its initialization; with bars the first
/// bar's open tick. Blocks are the market's numbers, both included. The prices of the window are
/// Q64.96 in smallest units. Faults: ec::bad_input when there is no swap, no block or no pool in
/// it, or the pool cannot replay it.
result<window>
cut_window(const score_market& market, std::optional<uint64_t> from, std::optional<uint64_t> to);

/// Is there a gauge to stake in? The fault names the flag --staked.
result<nothing> check_staked(const score_market& market);

/// What the recording leaves open about its gauge, for whoever stakes.
std::vector<std::string> staking_notes(const score_market& market);

} // namespace sluice::tools
