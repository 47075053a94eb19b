/// One line of an event stream, in either of its two forms (io/pool/event_stream.hpp).
#pragma once

#include "io/text/json_fields.hpp"
#include "rules/pool/pool_event.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace sluice::io {

enum class row_form : uint8_t { mainnet = 0, indexer };

/// One decoded line. `events` has more than one entry where a line says two things: a swap with its
/// fee, what a gauge does when it is told of rewards.
struct event_row {
  uint64_t block = 0;
  std::optional<uint64_t> time;
  bool placed = true; // says its log index
  std::vector<pool_event> events;
  const pool_event& last() const { return events.back(); }
};

/// How the two forms name the same things.
struct row_names {
  std::string_view kind, block, time, log_index, minted;
};
const row_names& names_of(row_form form);

/// Does the line tell the pool's terms?
bool tells_terms(row_form form, json_fields& fields);

/// The line {"event" or "table": "pool", ...}. A Slipstream pool's fee is by default the standard
/// one of its tick spacing, its unstaked fee 10 %.
pool_terms read_terms(json_fields& fields);

/// Decodes any other line; ask `fields.failed()`. `unstaked_fee`: as told so far, moved on by a
/// line that tells it. Its events have kind, line and log index.
event_row read_row(row_form form, json_fields& fields, uint32_t line, uint32_t& unstaked_fee);

} // namespace sluice::io
