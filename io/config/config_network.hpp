/// The [door], [fleet] and [metrics] of a configuration file.
#pragma once

#include "io/config/config_table.hpp"
#include "rules/node_config.hpp"

namespace sluice::io {

/// Reads the three of them; mistakes go where the root's other mistakes go. Files are as written.
void read_network(config_table& root, node_config& out);

} // namespace sluice::io
