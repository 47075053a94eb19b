/// What a node needs of its process, by its configuration.
#pragma once

#include "io/process_limits.hpp"
#include "rules/config/node_config.hpp"

namespace sluice::bin {

/// Threads are counted from what a node with this configuration makes, with some to spare; the
/// other numbers are measured (docs/operations.md). Errors: none.
io::process_needs needs_of(const node_config& config);

} // namespace sluice::bin
