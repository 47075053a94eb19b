#include "messages/trading.hpp"

#include <caf/actor_system_config.hpp>

namespace sluice {

void add_trading_messages(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::sluice_trading>();
}

} // namespace sluice

INSTANTIATE(sluice::source_view)
INSTANTIATE(sluice::source_command)
INSTANTIATE(sluice::source_reply)
INSTANTIATE(sluice::feed_command)
INSTANTIATE(sluice::performance_request)
INSTANTIATE(sluice::performance_answer)
