/// The market that a score is asked for: read from files, cut to a window.
#pragma once

#include "io/pool/pool_overrides.hpp"
#include "io/pool/recorded_blocks.hpp"
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
  io::recorded_blocks blocks; // ascending, at least one
};

/// One event stream, or one or more files of minute bars; the first line shows which. Bars are of a
/// pool with fee 500, tick spacing 10, 6 and 18 decimals unless overridden. Faults: ec::unreachable
/// for a file that cannot be read, ec::bad_input for what is in it, those of io/text/spool. Every
/// file is read once; what is in it is checked before anything is played.
result<score_market>
read_market(const std::vector<std::string>& paths, const io::pool_overrides& overrides);

/// The window `from` to `to` of a market, its blocks one after the other as they are replayed.
class window_blocks {
public:
  /// Replays up to `from` (default: the block of the first swap). The start is the pool after the
  /// last event before `from`, or right after its initialization when `from` is the block of its
  /// initialization; with bars the first bar's open tick. Blocks are the market's numbers, both
  /// included; `to` is by default the last one. Prices are Q64.96 in smallest units. `market` must
  /// live on. Faults: ec::bad_input when there is no swap, no block or no pool in it, or the pool
  /// cannot replay it; those of io/text/spool.
  static result<window_blocks>
  open(const score_market& market, std::optional<uint64_t> from, std::optional<uint64_t> to);

  /// The window before its first block: it has none.
  const window& opening() const { return opening_; }
  /// Up to `count` more of its blocks, replayed; none at its end. Faults as above.
  result<std::vector<std::shared_ptr<const block_record>>> next(size_t count);

private:
  explicit window_blocks(const score_market& market);
  result<nothing> begin();
  result<nothing> read();

  const score_market* market_;
  io::recorded_blocks::reader from_;
  replica feed_;
  window opening_;
  std::optional<feed_block> ahead_; // read, not replayed
};

/// The whole window in memory, with the faults of window_blocks.
result<window>
cut_window(const score_market& market, std::optional<uint64_t> from, std::optional<uint64_t> to);

/// Is there a gauge to stake in? The fault names the flag --staked.
result<nothing> check_staked(const score_market& market);

/// What the recording leaves open about its gauge, for whoever stakes.
std::vector<std::string> staking_notes(const score_market& market);

} // namespace sluice::tools
