/// What the sports intake and scoring are asked: by miners outside, by sources of games, by the
/// mechanism.
#pragma once

#include "messages/mechanism.hpp"
#include "messages/sports/games.hpp"
#include "rules/sports/nonce_book.hpp"
#include "rules/sports/prediction.hpp"
#include "rules/sports/scores.hpp"
#include "rules/sports/scoring.hpp"
#include "rules/sports/tier_weights.hpp"
#include "storage/sports/records.hpp"

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// A call of a miner outside, with the way back, which is used once and from any thread. Stays in
/// this process.
template <class Call, class Answer>
struct outside_sports_call {
  Call what;
  std::function<void(result<Answer>)> reply;
};

/// Predictions of one miner, whose signature was verified by whoever made this; 1 to
/// sports_limits::batch_max. `received_us`: microseconds since 1970-01-01 UTC by the node's clock,
/// or of the step; 0: when the intake takes it.
struct sports_submission {
  hotkey key;
  prediction_way way = prediction_way::gateway;
  int64_t received_us = 0;
  std::vector<prediction_claim> claims;
  SLUICE_FIELDS(key, way, received_us, claims)
  bool operator==(const sports_submission&) const = default;
};

using submit_predictions_message
  = outside_sports_call<sports_submission, std::vector<prediction_answer>>;
using keep_sports_nonces_message = outside_sports_call<std::vector<sports_nonce>, nothing>;

/// A miner's connection changed. `what`: "connected", "disconnected" or "reconnected"; `at_us` as
/// above.
struct sports_presence {
  std::string what;
  hotkey key;
  miner_uid uid;
  uint64_t connection = 0; // its number, from 1
  std::string why;         // of the end
  int64_t at_us = 0;
  SLUICE_FIELDS(what, key, uid, connection, why, at_us)
  bool operator==(const sports_presence&) const = default;
};

/// Settles everything that is due at this moment, and forgets what is not kept any longer. `now_us`
/// as above.
struct sports_settle_call {
  int64_t now_us = 0;
  SLUICE_FIELDS(now_us)
};

/// What was settled. Counts from 0.
struct sports_settled {
  uint64_t won = 0;
  uint64_t lost = 0;
  uint64_t voided = 0;
  uint64_t forgotten = 0;
  SLUICE_FIELDS(won, lost, voided, forgotten)
  bool operator==(const sports_settled&) const = default;
};

/// What miners may be asked now. `now_us` as above.
struct sports_offer_query {
  int64_t now_us = 0;
  SLUICE_FIELDS(now_us)
};

/// `wagered_today`: by hotkey, accepted wagers of the UTC day (nano); who has none is not in it.
struct sports_offer {
  std::vector<sports_game> games; // open for prediction, those that begin first in front
  std::map<hotkey, nano> wagered_today;
  SLUICE_FIELDS(games, wagered_today)
};

/// What scoring is computed from, at one moment. Stays in this process, never changes.
struct sports_day_parts {
  sports_records records;
  std::map<hotkey, lifetime_before> lifetimes; // of what is not in the book any more
  std::optional<int64_t> first_day;            // of the first prediction in the book
  uint64_t games_left = 0;                     // open ones
  uint64_t settled = 0;                        // predictions, after since_us
};
struct sports_parts {
  std::shared_ptr<const sports_day_parts> parts;
};
struct sports_parts_query {
  int64_t now_us = 0;   // as above
  int64_t since_us = 0; // of the scoring before
  SLUICE_FIELDS(now_us, since_us)
};

/// Counts since the first start of this data folder, by the names of storage/sports/tables.hpp
/// (sports_numbers), and what waits now.
struct sports_intake_status {
  std::map<std::string, int64_t> numbers;
  uint64_t waiting = 0; // batches
  uint64_t games = 0;
  uint64_t predictions = 0; // in the book
  SLUICE_FIELDS(numbers, waiting, games, predictions)
};

/// SPORTS INTAKE: the only one who changes the book of games and predictions. What it has answered
/// is durable. Faults: ec::bad_input; ec::busy, too much waits. A storage fault is the answer
/// `storage_error` of every prediction of the batch, and nothing of it is in the book.
using sports_intake_actor = caf::typed_actor<
  // Of miners outside.
  caf::reacts_to<submit_predictions_message>, caf::reacts_to<keep_sports_nonces_message>,
  caf::reacts_to<sports_presence>,
  // Of the node's own: of a survey, of a world.
  caf::replies_to<sports_submission>::with<std::vector<prediction_answer>>,
  // Of whoever reads a feed.
  caf::replies_to<sports_game_batch>::with<sports_games_taken>,
  // Of the mechanism.
  caf::replies_to<sports_settle_call>::with<sports_settled>,
  caf::replies_to<sports_offer_query>::with<sports_offer>,
  caf::replies_to<sports_parts_query>::with<sports_parts>,
  // How it goes.
  caf::replies_to<atom::view>::with<sports_intake_status>,
  // Its own: tries again to write.
  caf::reacts_to<atom::flush>>;

/// Computes the scores of this moment, after everything that is due was settled. `now_us` as above.
struct sports_score_call {
  int64_t now_us = 0;
  SLUICE_FIELDS(now_us)
};

/// SPORTS SCORING: daily parts, tiers, standings and weights; durable when it answers. Asked twice
/// with one moment it answers the same scoring.
using sports_scoring_actor
  = caf::typed_actor<caf::replies_to<sports_score_call>::with<sports_scoring>,
                     // The last one; `number` 0: none yet.
                     caf::replies_to<atom::view>::with<sports_scoring>>;

/// SPORTS SURVEY: asks every miner that is connected through the roster for predictions, hands them
/// to the intake and sends the answers back. A second one while one is under way joins it.
struct sports_survey_call {
  int64_t now_us = 0; // as above
  SLUICE_FIELDS(now_us)
};
/// Counts from 0.
struct sports_surveyed {
  uint64_t asked = 0;    // miners
  uint64_t answered = 0; // of these
  uint64_t predictions = 0;
  uint64_t accepted = 0;
  uint64_t confirmed_again = 0;            // duplicates that were identical
  std::map<std::string, uint64_t> refused; // by name of the code
  SLUICE_FIELDS(asked, answered, predictions, accepted, confirmed_again, refused)
  bool operator==(const sports_surveyed&) const = default;
};
using sports_survey_actor
  = caf::typed_actor<caf::replies_to<sports_survey_call>::with<sports_surveyed>>;

/// What a step adds to the report of a run. Stays in this process.
struct sports_detail final : step_detail {
  sports_detail(sports_step x, std::shared_ptr<const sports_scoring> y)
    : step(std::move(x)), scoring(std::move(y)) {}
  sports_step step;
  std::shared_ptr<const sports_scoring> scoring; // the last one; null: none yet
};

/// Registers these and those of games. Called by the module, before the actor system is made.
void add_sports_messages(caf::actor_system_config& config);

} // namespace sluice

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::submit_predictions_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::keep_sports_nonces_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sluice::sports_parts)

CAF_BEGIN_TYPE_ID_BLOCK(sluice_sports, 1500)

  CAF_ADD_TYPE_ID(sluice_sports, (sluice::submit_predictions_message))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::keep_sports_nonces_message))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_presence))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_submission))
  CAF_ADD_TYPE_ID(sluice_sports, (std::vector<sluice::prediction_answer>))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_settle_call))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_settled))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_offer_query))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_offer))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_parts_query))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_parts))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_intake_status))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_intake_actor))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_score_call))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_scoring))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_scoring_actor))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_survey_call))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_surveyed))
  CAF_ADD_TYPE_ID(sluice_sports, (sluice::sports_survey_actor))

CAF_END_TYPE_ID_BLOCK(sluice_sports)

EXTERN_INSTANTIATE(sluice::sports_presence)
EXTERN_INSTANTIATE(sluice::sports_submission)
EXTERN_INSTANTIATE(sluice::sports_settle_call)
EXTERN_INSTANTIATE(sluice::sports_settled)
EXTERN_INSTANTIATE(sluice::sports_offer_query)
EXTERN_INSTANTIATE(sluice::sports_offer)
EXTERN_INSTANTIATE(sluice::sports_parts_query)
EXTERN_INSTANTIATE(sluice::sports_intake_status)
EXTERN_INSTANTIATE(sluice::sports_score_call)
EXTERN_INSTANTIATE(sluice::sports_scoring)
EXTERN_INSTANTIATE(sluice::sports_survey_call)
EXTERN_INSTANTIATE(sluice::sports_surveyed)
