/// Writes a node's configuration as TOML or JSON.
#pragma once

#include "io/config/mechanism_section.hpp"
#include "rules/config/node_config.hpp"

#include <string>

namespace sluice::io {

/// Every key with its value; parse_config gives the same configuration back (of an events feed
/// without fee and tick spacing, which the recording states).
std::string write_config(const node_config& config, mechanism_sections sections);

/// Without what a node opens to others: two configurations that judge alike have one such text, in
/// every version of this program.
std::string write_scoring_config(const node_config& config, mechanism_sections sections);

/// Everything as one JSON object, indented.
std::string write_config_json(const node_config& config, mechanism_sections sections);

} // namespace sluice::io
