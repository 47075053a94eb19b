#include "messages/consensus/intake.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_consensus_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_consensus>();
  add_task_messages(config);
}

} // namespace sluice

INSTANTIATE(sluice::report_arrival)
INSTANTIATE(sluice::report_outcome)
INSTANTIATE(sluice::intake_moment)
INSTANTIATE(sluice::intake_status)
