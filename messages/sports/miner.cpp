#include "messages/sports/miner.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_sports_miner_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_sports_miner>();
}

} // namespace sluice

INSTANTIATE(sluice::own_uid)
