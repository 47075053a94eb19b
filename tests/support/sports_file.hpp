/// A file of `sluice sports import` whose figures were worked out by hand.
#pragma once

namespace sluice::test {

/// Miner a (uid 60) wins 20 at 2.0, miner b (uid 61) loses 10 at 2.0; the closing odds are 1.6 and
/// 2.4. A third prediction comes after the start. A line is no record.
inline const char* const sports_file_text
  = R"({"kind":"game","at":"2026-01-05T08:00:00Z","externalId":"g1","teamA":"Reds","teamB":"Blues","sport":"soccer","league":"L","date":"2026-01-05T12:00:00Z","outcome":"Unfinished","teamAOdds":2.0,"teamBOdds":2.0,"canDraw":false}
{"kind":"prediction","received_at":"2026-01-05T09:00:00Z","hotkey":"a","prediction":{"prediction_id":"p1","game_id":"g1","miner_uid":60,"predicted_outcome":0,"predicted_odds":2.0,"team_a":"Reds","team_b":"Blues","wager":20,"team_a_odds":2.0,"team_b_odds":2.0}}
{"kind":"prediction","received_at":"2026-01-05T10:00:00Z","hotkey":"b","prediction":{"prediction_id":"p2","game_id":"g1","miner_uid":61,"predicted_outcome":1,"predicted_odds":2.0,"team_a":"Reds","team_b":"Blues","wager":10,"team_a_odds":2.0,"team_b_odds":2.0}}
{"kind":"game","at":"2026-01-05T11:00:00Z","externalId":"g1","teamA":"Reds","teamB":"Blues","sport":"soccer","league":"L","date":"2026-01-05T12:00:00Z","outcome":"Unfinished","teamAOdds":1.6,"teamBOdds":2.4,"canDraw":false}
{"kind":"prediction","received_at":"2026-01-05T12:00:00Z","hotkey":"b","prediction":{"prediction_id":"p3","game_id":"g1","miner_uid":61,"predicted_outcome":1,"predicted_odds":2.4,"team_a":"Reds","team_b":"Blues","wager":10,"team_a_odds":1.6,"team_b_odds":2.4}}
{"kind":"nothing"}
{"kind":"game","at":"2026-01-05T14:00:00Z","externalId":"g1","teamA":"Reds","teamB":"Blues","sport":"soccer","league":"L","date":"2026-01-05T12:00:00Z","outcome":"TeamAWin","teamAOdds":1.6,"teamBOdds":2.4,"canDraw":false}
)";

} // namespace sluice::test
