/// What stands in `data` of an envelope of the sports mechanism, written and read by either side.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/prediction.hpp"
#include "rules/sports/scores.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::net {

// Texts that are written are canonical JSON, those that are read must be (sports_envelope::data).
// Moments are microseconds since 1970-01-01 UTC. Faults of reading: ec::bad_input with the member.

/// One prediction, or {"predictions": [...]} of 1 to sports_limits::batch_max. Nothing of a claim
/// is judged here but that it is an object.
result<std::vector<prediction_claim>> claims_of_data(std::string_view data);
/// Its prediction_id where that is a text, else "".
std::string id_of_claim(const prediction_claim& x);
/// {"predictions": [...]} of objects that are canonical JSON.
std::string predictions_data(std::span<const std::string> predictions);

/// The `status` of a confirmation is "success" when the prediction is stored, now or before. `code`
/// is the name of the answer's, `standing` becomes `miner_stats`.
std::string confirmation_data(const prediction_answer& x, int64_t now_us,
                              const std::optional<sports_standing>& standing = {});
/// {"results": [...], "timestamp"} of the same objects.
std::string results_data(std::span<const prediction_answer> all, int64_t now_us,
                         const std::optional<sports_standing>& standing = {});
/// One answer, or the list of `results`. Of the original's servers, which state no code, an error
/// is `other_errors`.
result<std::vector<prediction_answer>> answers_of_data(std::string_view data);

/// One answer per id: those of the backend, or its fault for each.
std::vector<prediction_answer>
answers_of(const result<std::vector<prediction_answer>>& got, std::span<const std::string> ids);

/// {"games": [...], "timestamp"}.
std::string games_data(std::span<const sports_game> games, int64_t now_us);
/// What is the same for the same games, whatever the moment; 64 hexadecimal digits.
std::string digest_of_games(std::span<const sports_game> games);

/// `since_us`, `after_id`: what to ask with next, where the server stated it. `more`: there are
/// more behind these.
struct sports_games_page {
  std::vector<sports_game> games;
  std::optional<int64_t> since_us;
  std::string after_id;
  bool more = false;
};
/// A page as data; its moment is `now_us`.
std::string games_page_data(const sports_games_page& x, int64_t now_us);
result<sports_games_page> games_of_data(std::string_view data);

/// {"prediction_ids": [...]} of 1 to sports_limits::batch_max.
std::string ids_data(std::span<const std::string> ids);
result<std::vector<std::string>> ids_of_data(std::string_view data);

/// One prediction that was asked for. What is behind `stored` means something only when it is.
struct sports_confirmed {
  std::string prediction_id;
  bool stored = false;
  prediction_state state = prediction_state::stored;
  game_outcome outcome = game_outcome::undecided; // that was chosen
  nano wager = 0;
  nano payout = 0;
  int64_t received_us = 0;
  int64_t settled_us = 0; // 0: not yet
  bool operator==(const sports_confirmed&) const = default;
};
sports_confirmed confirmed_of(std::string id, const std::optional<stored_prediction>& x);
/// {"predictions": [...], "timestamp"}.
std::string confirmed_data(std::span<const sports_confirmed> all, int64_t now_us);
result<std::vector<sports_confirmed>> confirmed_of_data(std::string_view data);

} // namespace sluice::net
