/// The [miner_gateway], [fleet], [metrics] and [api] of a configuration file.
#pragma once

#include "io/config/config_table.hpp"
#include "rules/config/node_config.hpp"

#include <string>
#include <vector>

namespace sluice::io {

/// Reads the three of them; mistakes go where the root's other mistakes go. Files are as written.
/// [door] is read as [miner_gateway], with a note. Milliseconds and uids outside their bounds are
/// such mistakes, ec::bad_input.
void read_network(config_table& root, node_config& out, std::vector<std::string>& notes);

} // namespace sluice::io
