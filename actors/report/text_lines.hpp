/// A run as lines of key=value, one per event: for grep, and for a terminal that is none.
#pragma once

#include "actors/report/run_memory.hpp"

#include <string>

namespace sluice::report {

/// A value that needs it is quoted as JSON quotes, so that a line is a line.
std::string start_lines(const run_started& first);
std::string lap_lines(const lap_done& lap, const lap_news& news, const run_memory& memory);
std::string over_lines(const run_over& last, const run_memory& memory);

} // namespace sluice::report
