/// The flags of `sluice node` that open it to others.
#pragma once

#include "rules/network_arguments.hpp"

#include <CLI/CLI.hpp>

namespace sluice::bin {

void add_network_flags(CLI::App& node, network_arguments& arguments);

} // namespace sluice::bin
