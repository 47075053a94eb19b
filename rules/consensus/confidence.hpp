/// What a report of one miner is worth by what it has in it.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/miner_status.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// Which of the fields that confidence looks at are there.
struct present_fields {
  bool uid = true;
  bool hotkey = false;
  bool stake = false;
  bool is_serving = false;
  bool performance_score = false;
  bool current_load = false;
  bool specialization = false;
};

/// 0 to 1. `age_ms`: since last_seen, negative when that is ahead; none: not stated, or no time.
/// Source: facts/mechanisms C3.2.
double confidence_of(const present_fields& fields, std::optional<int64_t> age_ms,
                     const confidence_terms& terms = {});

/// Of a cleaned status that is received at `received_ms` (milliseconds since 1970).
double
confidence_of(const miner_status& x, uint64_t received_ms, const confidence_terms& terms = {});

/// "high" (0.9 and above), "medium" (0.7), "low" (0.5), "very low": the bands of the design note.
std::string_view confidence_band(double x);

} // namespace sluice
