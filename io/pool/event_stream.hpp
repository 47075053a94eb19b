/// Reads what happened on a pool from a file of events: mainnet JSON lines or an indexer's rows.
///
/// Mainnet lines: first {"event":"pool","fee","tick_spacing"[,"decimals0","decimals1"]}, then
/// {"event":"initialize","block","sqrt_price_x96"}, then mint, burn, collect and swap with
/// "block", "log_index" and "time" ("YYYY-MM-DD hh:mm:ss", UTC, or unix seconds).
///
/// Indexer rows: {"table":"swaps"|"mints"|"burns"|"collects","evt_block_number","evt_block_time",
/// "evt_index", ...}. They name neither the pool's terms nor its first price;
/// io/pool/pool_initialization finds both by re-execution. The price then is an initialize event at
/// the front of the first block.
///
/// Both: block and log index strictly ascend, time never goes back. Decimals are 18 when nothing
/// states otherwise. What the caller overrides wins.
#pragma once

#include "io/pool/pool_overrides.hpp"
#include "io/pool/recorded_blocks.hpp"
#include "io/text/lines.hpp"
#include "rules/pool/pool_event.hpp"
#include "rules/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace sluice::io {

struct event_stream {
  std::string name; // the file's name without folder and ending
  pool_terms terms;
  std::vector<feed_block> blocks;
};

/// The same in constant memory.
struct event_recording {
  std::string name;
  pool_terms terms;
  recorded_blocks blocks;
};

/// The whole file, checked before the first block is played, and read once: a pipe is as good.
/// Errors are those of read_event_stream, and the spool's. What is kept of an indexer's rows until
/// their end are those up to decisive_swaps; of a Slipstream pool, who holds which range.
result<event_recording>
read_event_recording(const std::string& path, const pool_overrides& overrides = {});
/// The same of a file that is open already, before its first line.
result<event_recording>
read_event_recording(line_reader lines, const pool_overrides& overrides = {});

/// The whole file, checked. Errors are one sentence "FILE:LINE: field: expected ..., got ...; what
/// to do": `ec::unreachable` when the file cannot be read, else `ec::bad_input`. Values are in the
/// units of pool_event and pool_terms.
result<event_stream>
read_event_stream(const std::string& path, const pool_overrides& overrides = {});

/// A file's name without folder and ending.
std::string stem_of(std::string_view path);

} // namespace sluice::io
