/// What a command of leads asks its machine: what this program is, what time it is.
#pragma once

#include <cstdint>
#include <string>

namespace sluice::tools {

/// Of this program.
std::string program_version();

/// Milliseconds since 1970-01-01 UTC.
uint64_t unix_ms_now();

} // namespace sluice::tools
