/// What a command states of itself and of the present.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::tools {

/// Microseconds since 1970-01-01 UTC. No errors.
int64_t clock_us();

/// The version of this program.
std::string program_version();

} // namespace sluice::tools
