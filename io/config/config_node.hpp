/// The [node] of a configuration file: how the process behaves.
#pragma once

#include "io/config/config_table.hpp"
#include "io/config/toml_text.hpp"
#include "rules/config/node_config.hpp"

namespace sluice::io {

/// Reads the table, where there is one; mistakes go where the root's other mistakes go. Seconds
/// outside their bounds are such mistakes, ec::bad_input.
void read_node(config_table& root, node_config& out);

/// Writes it where it is not as it is without the table.
void write_node(toml_text& out, const node_config& config);

} // namespace sluice::io
