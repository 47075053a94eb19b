/// The [door], [fleet] and [metrics] of a configuration file.
#pragma once

#include "net/files/config_table.hpp"
#include "rules/node_config.hpp"

namespace sluice::net {

/// Reads the three of them; mistakes go where the root's other mistakes go. Files are as written.
void read_network(config_table& root, node_config& out);

} // namespace sluice::net
