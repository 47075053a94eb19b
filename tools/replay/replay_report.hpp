/// What a replay found, for people and for programs.
#pragma once

#include "io/text/json_fields.hpp"

#include <map>
#include <optional>
#include <string>

namespace sluice::tools {

/// The first thing that our engine answers otherwise. `line`: of the file, from 1. Errors: none.
struct replay_difference {
  uint32_t line = 0;
  std::string field; // "state.tick", "events[0].amount0"
  std::string expected;
  std::string got;
};

/// Counts are from 0, `agree` at most `operations`. Fees are in hundredths of a basis point; price
/// (Q64.96), tick and liquidity are the pool's at the end. Errors: none.
struct replay_report {
  std::string file;
  std::string name;
  bool corpus = false; // else an event stream
  bool compared = false;
  bool dumped = false;
  bool slipstream = false; // an event stream of such a pool
  uint32_t fee = 0;        // the first one
  int32_t tick_spacing = 0;

  uint64_t operations = 0; // of a corpus, or events of a stream
  uint64_t agree = 0;
  uint64_t checkpoints = 0;
  std::map<std::string, uint64_t> kinds;   // "swap" -> how many
  std::map<std::string, uint64_t> reverts; // "swap: SPL" -> how many

  uint64_t swaps = 0; // that happened
  uint64_t exact_input = 0;
  uint64_t exact_output = 0;
  uint64_t at_limit = 0;
  uint64_t fee_changes = 0; // swaps with another fee than the one before
  uint32_t last_fee = 0;

  u256 sqrt_price_x96; // at the end
  int32_t tick = 0;
  u128 liquidity = 0;

  std::optional<replay_difference> first;
};

/// One line, or with nothing compared a short table. Ends with a newline.
std::string as_text(const replay_report& report);
io::json as_json(const replay_report& report);

} // namespace sluice::tools
