/// How the consensus mechanism's part of a configuration file is written.
#pragma once

#include "io/config/toml_text.hpp"
#include "rules/consensus/node_settings.hpp"

namespace sluice::io {

/// Every key, so that what is read back equals `x`.
void write_consensus_settings(toml_text& out, const consensus_node_settings& x);

} // namespace sluice::io
