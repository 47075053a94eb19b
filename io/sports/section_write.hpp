/// Writes the sports mechanism's part of a configuration file.
#pragma once

#include "io/config/toml_text.hpp"
#include "rules/sports/node_settings.hpp"

namespace sluice::io {

/// What `sports_section` reads back as the same settings. No error.
void write_sports_settings(toml_text& out, const sports_node_settings& x);

} // namespace sluice::io
