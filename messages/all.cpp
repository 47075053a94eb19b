#define SLUICE_SPELLING // everything, here
#include "messages/all.hpp"

#include "messages/admin.hpp"
#include "messages/atoms.hpp"
#include "messages/chain.hpp"
#include "messages/door.hpp"
#include "messages/fleet.hpp"
#include "messages/keeper.hpp"
#include "messages/liquidity.hpp"
#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "messages/node.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

// The one translation unit that pays for all the serializers.
void add_all_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_atoms>();
  config.add_message_types<caf::id_block::sluice_keeper>();
  config.add_message_types<caf::id_block::sluice_mechanism>();
  config.add_message_types<caf::id_block::sluice_liquidity>();
  config.add_message_types<caf::id_block::sluice_chain>();
  config.add_message_types<caf::id_block::sluice_miner>();
  config.add_message_types<caf::id_block::sluice_node>();
  config.add_message_types<caf::id_block::sluice_door>();
  config.add_message_types<caf::id_block::sluice_fleet>();
  config.add_message_types<caf::id_block::sluice_admin>();
}

} // namespace sluice
