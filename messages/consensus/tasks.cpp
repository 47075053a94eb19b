#include "messages/consensus/tasks.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_task_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_consensus_tasks>();
}

} // namespace sluice

INSTANTIATE(sluice::selectable_miners_query)
INSTANTIATE(sluice::selectable_miners)
INSTANTIATE(sluice::task_turn)
INSTANTIATE(sluice::task_turn_report)
INSTANTIATE(sluice::task_ranking_query)
INSTANTIATE(sluice::task_ranking)
