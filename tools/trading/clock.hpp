/// The present, for commands that run without a node.
#pragma once

#include <cstdint>

namespace sluice::tools {

/// Microseconds since 1970-01-01 UTC. No errors.
int64_t clock_us();

} // namespace sluice::tools
