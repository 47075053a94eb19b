#include "messages/liquidity.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_liquidity_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_liquidity>();
}

} // namespace sluice

INSTANTIATE(sluice::job_standing)
INSTANTIATE(sluice::live_execution)
INSTANTIATE(sluice::job_report)
INSTANTIATE(sluice::job_command)
INSTANTIATE(sluice::worker_row)
