#include "actors/consensus/report_messages.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_report_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_consensus_reports>();
}

} // namespace sluice

INSTANTIATE(sluice::report_sender_view)
INSTANTIATE(sluice::report_share_view)
