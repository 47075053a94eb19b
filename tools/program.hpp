/// What a command states of this program and of the present.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::tools {

/// The version of this program: "0.2.0".
std::string program_version();

/// Microseconds since 1970-01-01 UTC. No errors.
int64_t clock_us();

/// The same in milliseconds.
uint64_t unix_ms_now();

} // namespace sluice::tools
