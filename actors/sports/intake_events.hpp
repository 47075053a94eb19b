/// The events, and the answers, that follow from what the sports intake did.
#pragma once

#include "messages/sports/intake.hpp"
#include "rules/result.hpp"
#include "rules/sports/events.hpp"
#include "rules/sports/prediction.hpp"

#include <cstdint>
#include <vector>

namespace sluice {

/// `at_us`: microseconds since 1970-01-01 UTC. No errors.
prediction_received_event received_event_of(const prediction_arrival& x);
prediction_accepted_event accepted_event_of(const stored_prediction& x);
prediction_rejected_event
rejected_event_of(const prediction_answer& x, const hotkey& key, int64_t at_us);
prediction_settled_event settled_event_of(const stored_prediction& x);
game_updated_event game_event_of(const sports_game& x, bool is_added, int64_t at_us);
miner_connected_event connected_event_of(const sports_presence& x);
miner_disconnected_event disconnected_event_of(const sports_presence& x);

/// What predictions are answered that were judged so and could not be stored. No error.
std::vector<prediction_answer>
unstored_answers(std::vector<prediction_answer> judged, const fault& why);

} // namespace sluice
