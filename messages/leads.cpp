#include "messages/leads.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_leads_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_leads>();
}

} // namespace sluice

INSTANTIATE(sluice::own_fetch)
INSTANTIATE(sluice::own_acknowledge)
INSTANTIATE(sluice::own_request)
INSTANTIATE(sluice::own_result)
INSTANTIATE(sluice::lead_question)
INSTANTIATE(sluice::lead_answers)
INSTANTIATE(sluice::intake_gate)
INSTANTIATE(sluice::intake_turn)
INSTANTIATE(sluice::intake_report)
INSTANTIATE(sluice::lead_request)
INSTANTIATE(sluice::found_leads)
INSTANTIATE(sluice::step_requests)
INSTANTIATE(sluice::attempt_ended)
INSTANTIATE(sluice::publish_query)
INSTANTIATE(sluice::publish_order)
INSTANTIATE(sluice::ranking)
