/// A row of a game feed. Source: facts/mechanisms D1.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/game.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// What is wrong with a row: which member, and what was expected of it.
struct feed_row_fault {
  std::string member;   // "": the row itself
  std::string expected; // "a time like 2025-01-06T10:30:00Z"
  std::string got;      // as it stands, shortened
  std::string sentence() const;
};

/// Reads the object of a row: externalId (text or whole number), teamA, teamB, date; sport, league,
/// outcome, teamAOdds, teamBOdds, drawOdds, canDraw may be missing or null. Odds that are missing
/// are 0, others are above 1; numbers may be texts. `at` (ISO 8601), when the feed gave it, wins
/// over `at_us`. Members that nobody asks for are passed over. `object`: any JSON text, bounded by
/// who received it.
struct read_feed_row {
  std::optional<game_update> game;
  feed_row_fault wrong; // when there is no game
};
read_feed_row game_of_feed_row(std::string_view object, int64_t at_us);

/// The object of such a row, canonical; as a feed of this program's own would send it.
std::string feed_row_of(const game_update& x);

} // namespace sluice
