/// The flags by which a program comes into a node's fleet.
#pragma once

#include "rules/network_config.hpp"

#include <CLI/CLI.hpp>

namespace sluice::tools {

/// --ca, --certificate, --key, --insecure, --timeout.
void add_fleet_flags(CLI::App& command, fleet_settings& into);

} // namespace sluice::tools
