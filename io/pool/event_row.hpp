/// One line of an event stream, in either of its two forms (io/pool/event_stream.hpp).
#pragma once

#include "io/text/json_fields.hpp"
#include "rules/pool/pool_event.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace sluice::io {

enum class row_form : uint8_t { mainnet = 0, indexer };

/// One decoded line. `events` has more than one entry where a line contains two things: a swap with
/// its fee, what a gauge does when it is notified of rewards.
struct event_row {
  uint64_t block = 0;           // number, 0 to 2^63 - 1
  std::optional<uint64_t> time; // unix seconds below 2^32
  bool placed = true;           // states its log index
  std::vector<pool_event> events;
  const pool_event& last() const { return events.back(); }
};

/// How the two forms name the same things.
struct row_names {
  std::string_view kind, block, time, log_index, minted;
};
const row_names& names_of(row_form form);

/// Does the line contain the pool's terms?
bool has_terms(row_form form, json_fields& fields);

/// The line {"event" or "table": "pool", ...}: fees in hundredths of a basis point, 0 to 999999 (of
/// Slipstream 0 to 100000, unstaked 0 to 1000000), spacing 1 to 16383, decimals 0 to 255. A
/// Slipstream pool's fee is by default the standard one of its tick spacing, its unstaked fee 10 %.
/// Mistakes stick in `fields`.
pool_terms read_terms(json_fields& fields);

/// Decodes any other line; ask `fields.failed()`. `unstaked_fee`: as reported so far, moved on by a
/// line that reports it. Its events have kind, line and log index. The values are in the units of
/// pool_event: ticks -887272 to 887272, amounts 0 to 2^255 - 1 (of a swap signed), liquidity L
/// below 2^128, prices as a pool can have; mistakes stick in `fields`.
event_row read_row(row_form form, json_fields& fields, uint32_t line, uint32_t& unstaked_fee);

} // namespace sluice::io
