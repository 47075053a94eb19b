/// The one order in which boards and rounds list miners: nobody who failed above who took part.
#pragma once

#include "rules/liquidity/scoreboard.hpp"

#include <cstdint>

namespace sluice {

/// First those who took part, then those who refused, then those who failed.
enum class board_part : uint8_t { scored = 0, refused, failed };

/// Of one round. No error.
board_part part_of(miner_verdict verdict);

/// Of a record: scored in at least half of its rounds; else what it did more often, of equals
/// refused. No error.
board_part part_of(const miner_score& record);

/// Whether record `a` stands above record `b`: by part; the eligible first; by combined score, what
/// is no number last; by uid; by hotkey. A strict weak order; no error.
bool stands_above(const hotkey& a_key, const miner_score& a, const hotkey& b_key,
                  const miner_score& b);

} // namespace sluice
