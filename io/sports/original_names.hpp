/// The names that settings of the sports mechanism had in the program that it comes from.
#pragma once

#include "io/config/mechanism_section.hpp"

#include <vector>

namespace sluice::io {

/// Flags and variables of the original's validator and miner, in the order in which
/// docs/sports-settings.md lists them. No errors.
std::vector<original_name> sports_original_names();

} // namespace sluice::io
