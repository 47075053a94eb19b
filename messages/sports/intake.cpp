#include "messages/sports/intake.hpp"

#include "messages/sports/feed.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_sports_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_sports>();
  config.add_message_types<caf::id_block::sluice_sports_games>();
  add_sports_feed_messages(config);
}

} // namespace sluice

INSTANTIATE(sluice::sports_presence)
INSTANTIATE(sluice::sports_submission)
INSTANTIATE(sluice::sports_settle_call)
INSTANTIATE(sluice::sports_settled)
INSTANTIATE(sluice::sports_offer_query)
INSTANTIATE(sluice::sports_offer)
INSTANTIATE(sluice::sports_parts_query)
INSTANTIATE(sluice::sports_intake_status)
INSTANTIATE(sluice::sports_score_call)
INSTANTIATE(sluice::sports_scoring)
INSTANTIATE(sluice::sports_survey_call)
INSTANTIATE(sluice::sports_surveyed)
INSTANTIATE(sluice::sports_game_batch)
INSTANTIATE(sluice::sports_games_taken)
