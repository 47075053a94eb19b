#include "messages/sports/feed.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_sports_feed_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_sports_feed>();
}

} // namespace sluice

INSTANTIATE(sluice::game_feed_reply)
INSTANTIATE(sluice::game_feed_view)
