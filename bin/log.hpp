/// The log of this process, for people.
#pragma once

#include <cstdio>
#include <string>

namespace sluice::bin {

/// From now on spdlog writes to `to`, a line per record in our letters (tools/print.hpp), at once
/// and from any thread. `name` stands in every line unless it is empty.
void log_to(std::FILE* to, std::string name);

} // namespace sluice::bin
