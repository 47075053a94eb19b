/// Whether one prediction can be taken: the checks of facts/mechanisms D3.1 in the order of
/// mechanisms-large/README, sports 2.
#pragma once

#include "rules/ids.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/nano.hpp"
#include "rules/sports/prediction.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sluice {

/// Of a number, or of a text that is one, held within ±nano_max. None: neither.
std::optional<nano> number_of(const claim_value& x);

/// The text of a text, the digits of a whole number ("5005" of 5005 and of 5005.0); "" otherwise.
std::string name_in(const claim_value& x);

/// What a claim states, where that could be read.
struct read_claim {
  std::string prediction_id;
  std::string game_id;
  std::optional<nano> wager;
};

/// The fields by which a prediction is found; no error.
read_claim read_claim_ids(const prediction_claim& x);

/// What one prediction is checked against. Times: microseconds since 1970-01-01 UTC.
struct check_context {
  std::optional<miner_uid> uid;              // of whoever signed; none: not registered
  const stored_prediction* stored = nullptr; // with the same id; null: there is none
  const sports_game* stored_game = nullptr;  // of that one; null: not kept any more
  const sports_game* game = nullptr;         // of the claim; null: not known
  nano wagered_today = 0;                    // accepted wagers of the UTC day of received_us
  std::optional<int64_t> feed_us;            // last word of the feed; none: there is no feed
};

/// An answer, and when it is `accepted` what is to be stored: everything but number and entropy.
struct checked_prediction {
  prediction_answer answer;
  std::optional<stored_prediction> accepted;
};

/// No error: every fault is an answer with its code and a sentence.
checked_prediction check_prediction(const prediction_arrival& x, const check_context& context,
                                    const sports_settings& rules);

/// From the team odds on, for callers without identities: the checks of the claim against its game.
/// `chosen` and `odds` are set when the answer is `accepted`.
struct checked_terms {
  prediction_code code = prediction_code::accepted;
  std::string message;
  game_outcome chosen = game_outcome::undecided;
  nano odds = 0;
  std::optional<nano> confidence;
};
/// `with_teams`: the names of the teams are compared as well.
checked_terms check_terms(const prediction_claim& x, const sports_game& game,
                          const sports_settings& rules, bool with_teams);

/// Is the wager within what is left of the day? Amounts of nano, from 0.
constexpr bool within_daily_limit(nano wagered, nano wager, nano limit) {
  return wager > 0 && wagered + wager <= limit;
}

} // namespace sluice
