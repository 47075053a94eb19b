/// The [log] of a configuration file.
#pragma once

#include "io/config/config_table.hpp"
#include "rules/config/log_settings.hpp"

namespace sluice::io {

/// Reads it; mistakes go where the table's other mistakes go. The file's name is as written. Sizes
/// are bytes, ages seconds; what is outside the bounds of log_settings is such a mistake.
void read_log(config_table& table, log_settings& out);

} // namespace sluice::io
