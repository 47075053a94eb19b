/// Writes a node's configuration as TOML or JSON.
#pragma once

#include "rules/node_config.hpp"

#include <string>

namespace sluice::io {

/// Every key with its value; parse_config gives the same configuration back (of an events feed
/// without fee and tick spacing, which the recording says).
std::string write_config(const node_config& config);

/// Without what a node opens to others: two configurations that judge alike have one such text.
std::string write_scoring_config(const node_config& config);

/// Everything as one JSON object, indented.
std::string write_config_json(const node_config& config);

} // namespace sluice::io
