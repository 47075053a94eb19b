/// The table [storage] of a configuration file.
#pragma once

#include "io/config/config_table.hpp"
#include "io/config/toml_text.hpp"
#include "rules/config/storage_settings.hpp"

namespace sluice::io {

/// Mistakes go where the root's other mistakes go; ranges are those of storage_settings, a budget
/// is a text that parse_byte_size reads.
void read_storage(config_table& root, storage_settings& out);

/// Nothing when all is as by default, so that a configuration from before has the text it had.
void write_storage(toml_text& out, const storage_settings& x);

} // namespace sluice::io
