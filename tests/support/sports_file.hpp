/// A file of `sluice sports import` whose figures were worked out by hand.
#pragma once

#include <string>

namespace sluice::test {

inline std::string sports_game_line(const std::string& at, const std::string& outcome,
                                    const std::string& odds_a, const std::string& odds_b) {
  return R"({"kind":"game","at":"2026-01-05T)" + at
         + R"(:00Z","externalId":"g1","teamA":"Reds","teamB":"Blues","sport":"soccer",)"
         + R"("league":"L","date":"2026-01-05T12:00:00Z","canDraw":false,"outcome":")" + outcome
         + R"(","teamAOdds":)" + odds_a + R"(,"teamBOdds":)" + odds_b + "}\n";
}

inline std::string
sports_pick_line(const std::string& at, const std::string& id, const std::string& key,
                 const std::string& uid, const std::string& outcome, const std::string& wager) {
  return R"({"kind":"prediction","received_at":"2026-01-05T)" + at + R"(:00Z","hotkey":")" + key
         + R"(","prediction":{"prediction_id":")" + id + R"(","game_id":"g1","miner_uid":)" + uid
         + R"(,"predicted_outcome":)" + outcome + R"(,"predicted_odds":2.0,"wager":)" + wager
         + R"(,"team_a":"Reds","team_b":"Blues","team_a_odds":2.0,"team_b_odds":2.0}})" + "\n";
}

/// Miner a (uid 60) wins 20 at 2.0, miner b (uid 61) loses 10 at 2.0; the closing odds are 1.6 and
/// 2.4. A third prediction comes when the game starts. Line 6 is no record.
inline const std::string sports_file_text = sports_game_line("08:00", "Unfinished", "2.0", "2.0")
                                            + sports_pick_line("09:00", "p1", "a", "60", "0", "20")
                                            + sports_pick_line("10:00", "p2", "b", "61", "1", "10")
                                            + sports_game_line("11:00", "Unfinished", "1.6", "2.4")
                                            + sports_pick_line("12:00", "p3", "b", "61", "1", "10")
                                            + "{\"kind\":\"nothing\"}\n"
                                            + sports_game_line("14:00", "TeamAWin", "1.6", "2.4");

} // namespace sluice::test
