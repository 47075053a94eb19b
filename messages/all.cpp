#include "messages/all.hpp"

#include "messages/admin.hpp"
#include "messages/atoms.hpp"
#include "messages/chain.hpp"
#include "messages/events.hpp"
#include "messages/fleet.hpp"
#include "messages/mechanism.hpp"
#include "messages/miner.hpp"
#include "messages/miner_gateway.hpp"
#include "messages/node.hpp"
#include "messages/orders.hpp"
#include "messages/storage_care.hpp"
#include "messages/storage_writer.hpp"
#include "messages/tasks.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_all_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_atoms>();
  config.add_message_types<caf::id_block::sluice_storage_writer>();
  config.add_message_types<caf::id_block::sluice_mechanism>();
  config.add_message_types<caf::id_block::sluice_chain>();
  config.add_message_types<caf::id_block::sluice_miner>();
  config.add_message_types<caf::id_block::sluice_node>();
  config.add_message_types<caf::id_block::sluice_gateway>();
  config.add_message_types<caf::id_block::sluice_fleet>();
  config.add_message_types<caf::id_block::sluice_admin>();
  config.add_message_types<caf::id_block::sluice_orders>();
  config.add_message_types<caf::id_block::sluice_events>();
  config.add_message_types<caf::id_block::sluice_tasks>();
  config.add_message_types<caf::id_block::sluice_storage_care>();
}

} // namespace sluice

SLUICE_COMMON_MESSAGES()
INSTANTIATE(sluice::admin_request)
INSTANTIATE(sluice::admin_reply)
INSTANTIATE(sluice::hotkey)
INSTANTIATE(sluice::chain_head)
INSTANTIATE(sluice::chain_view)
INSTANTIATE(sluice::weight_order)
INSTANTIATE(sluice::weights_extrinsic)
INSTANTIATE(sluice::inclusion)
INSTANTIATE(sluice::publish_record)
INSTANTIATE(sluice::weight_part)
INSTANTIATE(sluice::gateway_answered)
INSTANTIATE(sluice::gateway_view)
INSTANTIATE(sluice::fleet_hello)
INSTANTIATE(sluice::fleet_frame)
INSTANTIATE(sluice::fleet_offence)
INSTANTIATE(sluice::fleet_peer)
INSTANTIATE(sluice::link_down)
INSTANTIATE(sluice::storage::batch)
INSTANTIATE(sluice::incarnation_batch)
INSTANTIATE(sluice::epoch_no)
INSTANTIATE(sluice::mechanism_scores)
INSTANTIATE(sluice::score_board)
INSTANTIATE(sluice::mechanism_command)
INSTANTIATE(sluice::miner_question)
INSTANTIATE(sluice::miner_answer)
INSTANTIATE(sluice::miner_notice)
INSTANTIATE(sluice::session_answer)
INSTANTIATE(sluice::ban_record)
INSTANTIATE(sluice::publish_once)
INSTANTIATE(sluice::allowed_miner)
INSTANTIATE(sluice::allowed_record)
INSTANTIATE(sluice::step_progress)
INSTANTIATE(sluice::run_over)
INSTANTIATE(sluice::event_query)
INSTANTIATE(sluice::events_drained)
INSTANTIATE(sluice::event_statistics)
INSTANTIATE(sluice::run_task)
INSTANTIATE(sluice::task_command)
INSTANTIATE(sluice::run_with_timeout)
INSTANTIATE(sluice::task_view)
INSTANTIATE(sluice::task_list)
INSTANTIATE(sluice::compaction_order)
INSTANTIATE(sluice::storage::compaction)
INSTANTIATE(sluice::care_order)
