/// Reads minute bars of a pool from CSV files.
///
/// Header: timestamp,netAmount0,netAmount1,closeTick,openTick,lowestTick,highestTick,inAmount0,
/// inAmount1,currentLiquidity. A bar is one minute: its block is unix time / 60. Minutes may be
/// missing; none may come twice or late, across all files in the order given.
#pragma once

#include "io/pool/recorded_blocks.hpp"
#include "io/text/lines.hpp"
#include "rules/result.hpp"

#include <string>
#include <vector>

namespace sluice::io {

/// All bars of the files, one per block, ascending; at least one. Errors are one sentence
/// "FILE:LINE: field: expected ..., got ...; what to do": `ec::unreachable` when a file cannot be
/// read, else `ec::bad_input`. Ticks are -887272 to 887271, amounts smallest units below 2^224,
/// liquidity L below 2^128, block numbers unix time / 60.
result<std::vector<feed_block>> read_bars(const std::vector<std::string>& paths);

/// The same in constant memory; the spool's errors as well. Each file is read once, from its
/// beginning to its end: a pipe is as good.
result<recorded_blocks> read_bar_recording(const std::vector<std::string>& paths);
/// The same when the first of them is open already, before its first line.
result<recorded_blocks>
read_bar_recording(line_reader first, const std::vector<std::string>& paths);

} // namespace sluice::io
