/// Games and claims for tests of the sports rules.
#pragma once

#include "rules/sports/book.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace sluice::test {

inline constexpr int64_t sports_hour_us = 3'600'000'000;
inline constexpr int64_t sports_day_us = 24 * sports_hour_us;
/// 2026-01-01T00:00:00Z.
inline constexpr int64_t sports_midnight_us = 1'767'225'600'000'000;

inline game_update update_of(const std::string& id, int64_t start_us) {
  game_update made;
  made.at_us = sports_midnight_us;
  made.external_id = id;
  made.team_a = "Mill Town";
  made.team_b = "Harbour";
  made.sport = "soccer";
  made.league = "League";
  made.start_us = start_us;
  made.team_a_odds = 1'900'000'000;
  made.team_b_odds = 2'050'000'000;
  return made;
}

inline game_update with_ties(game_update x) {
  x.can_tie = true;
  x.tie_odds = 3'160'000'000;
  return x;
}

inline game_update decided(game_update x, game_outcome outcome, int64_t at_us) {
  x.outcome = outcome;
  x.at_us = at_us;
  return x;
}

inline claim_value number_claim(const std::string& digits) {
  return {claim_kind::number, digits};
}
inline claim_value text_claim(const std::string& text) {
  return {claim_kind::text, text};
}

/// What passes every check on this game.
inline prediction_claim
good_claim(const std::string& id, const game_update& game, const std::string& outcome = "0",
           const std::string& wager = "10") {
  prediction_claim x;
  x.prediction_id = text_claim(id);
  x.game_id = text_claim(game.external_id);
  x.miner_uid = number_claim("1");
  x.predicted_outcome = number_claim(outcome);
  const auto odds = outcome == "0"   ? game.team_a_odds
                    : outcome == "1" ? game.team_b_odds
                                     : game.tie_odds.value_or(0);
  x.predicted_odds = number_claim(text_of_nano(odds));
  x.team_a = text_claim(game.team_a);
  x.team_b = text_claim(game.team_b);
  x.wager = number_claim(wager);
  x.team_a_odds = number_claim(text_of_nano(game.team_a_odds));
  x.team_b_odds = number_claim(text_of_nano(game.team_b_odds));
  if (game.tie_odds)
    x.tie_odds = number_claim(text_of_nano(*game.tie_odds));
  return x;
}

inline prediction_arrival
arrival_of(prediction_claim claim, int64_t received_us, const std::string& key = "miner") {
  return {received_us, hotkey{key}, prediction_way::websocket, std::move(claim)};
}

/// Judged and, where accepted, applied.
inline prediction_answer
take(sports_book& book, const prediction_arrival& x, std::optional<miner_uid> uid = miner_uid{1}) {
  auto judged = book.judge(x, uid, std::nullopt);
  if (judged.accepted) {
    const auto applied = book.apply(*judged.accepted);
    EXPECT_TRUE(applied) << applied.error().what;
  }
  return judged.answer;
}

inline void feed(sports_book& book, const game_update& x) {
  book.put(book.after(x));
}

} // namespace sluice::test
