#include "actors/sports/intake_events.hpp"

#include "rules/sports/check.hpp"

namespace sluice {

prediction_received_event received_event_of(const prediction_arrival& x) {
  return {read_claim_ids(x.claim).prediction_id, x.key.value, std::string{name_of(x.way)},
          event_time(x.received_us)};
}

prediction_accepted_event accepted_event_of(const stored_prediction& x) {
  return {x.prediction_id,
          x.number,
          x.game_id,
          x.key.value,
          x.uid.value,
          static_cast<uint8_t>(x.outcome),
          text_of_nano(x.odds),
          text_of_nano(x.wager),
          event_time(x.received_us)};
}

prediction_rejected_event
rejected_event_of(const prediction_answer& x, const hotkey& key, int64_t at_us) {
  return {x.prediction_id, key.value, std::string{name_of(x.code)}, x.message, event_time(at_us)};
}

prediction_settled_event settled_event_of(const stored_prediction& x) {
  return {x.prediction_id,
          x.game_id,
          x.key.value,
          x.uid.value,
          std::string{name_of(x.state)},
          text_of_nano(x.wager),
          text_of_nano(x.payout),
          event_time(x.settled_us)};
}

game_updated_event game_event_of(const sports_game& x, bool is_added, int64_t at_us) {
  return {x.external_id, is_added, std::string{name_of(x.state)}, static_cast<uint8_t>(x.outcome),
          event_time(at_us)};
}

miner_connected_event connected_event_of(const sports_presence& x) {
  return {x.key.value, x.uid.value, x.connection, event_time(x.at_us)};
}

miner_disconnected_event disconnected_event_of(const sports_presence& x) {
  return {x.key.value, x.uid.value, x.connection, x.why, event_time(x.at_us)};
}

std::vector<prediction_answer>
unstored_answers(std::vector<prediction_answer> judged, const fault& why) {
  for (auto& x : judged)
    x = {x.prediction_id, prediction_code::storage_error, false,
         "nothing was stored, send it again: " + why.what, game_outcome::undecided};
  return judged;
}

} // namespace sluice
