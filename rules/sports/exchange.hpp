/// What a validator asks miners of the sports mechanism over the miner gateway, what they answer,
/// and what they are sent.
#pragma once

#include "rules/fields.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/nano.hpp"
#include "rules/sports/prediction.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// Games in one question, and in one notice; at most.
inline constexpr size_t offered_games_max = 256;

/// Games that can be predicted now. `now_us`: microseconds since 1970-01-01 UTC by the validator's
/// clock. `deadline_ms`: to answer; of the message, not of its body.
struct sports_question {
  int64_t now_us = 0;
  std::optional<nano> daily_left; // of this miner's limit of today; none: not stated
  std::vector<sports_game> games; // that begin first
  uint64_t deadline_ms = 0;
  SLUICE_FIELDS(now_us, daily_left, games, deadline_ms)
  bool operator==(const sports_question&) const = default;
};

/// At most sports_limits::batch_max; none: this miner predicts nothing now.
struct sports_predictions {
  std::vector<prediction_claim> predictions;
  SLUICE_FIELDS(predictions)
  bool operator==(const sports_predictions&) const = default;
};

/// What became of predictions, and games that changed. At most sports_limits::batch_max and
/// offered_games_max.
struct sports_notice {
  int64_t now_us = 0; // as above
  std::vector<prediction_answer> answers;
  std::vector<sports_game> games;
  SLUICE_FIELDS(now_us, answers, games)
  bool operator==(const sports_notice&) const = default;
};

/// What a miner decides about one game.
struct sports_pick {
  std::string prediction_id;                   // unique; a UUID
  game_outcome outcome = game_outcome::team_a; // team_a, team_b, draw
  nano wager = 0;
  std::string model_name;         // "": none
  std::optional<nano> confidence; // 0 to 1
};

/// The claim of a pick, at the odds that the game has now: what a validator that knows the same
/// game accepts. `now_us` as above. No error: a draw of a game without tie odds has no odds.
prediction_claim
claim_of_pick(const sports_pick& pick, const sports_game& game, miner_uid uid, int64_t now_us);

/// The JSON object of a claim, without members that are missing; other sorts of values than those
/// of JSON's scalars are null. No error.
std::string json_of_claim(const prediction_claim& x);

/// Can a prediction on it be taken at `now_us`?
constexpr bool is_offered(const sports_game& x, int64_t now_us) {
  return x.state == game_state::open && x.outcome == game_outcome::undecided && now_us < x.start_us;
}

} // namespace sluice
