/// A run as JSON, one object per line, for machines: keys in a fixed order, nothing that differs
/// between two runs with the same seed unless asked for.
#pragma once

#include "actors/report/run_memory.hpp"

#include <optional>
#include <string>

namespace sluice::report {

/// What may differ between two runs.
struct json_extras {
  std::optional<uint64_t> time; // unix milliseconds
  bool data = false;            // the folder of the state
};

std::string start_json(const run_started& first, const json_extras& extras);
std::string lap_json(const lap_done& lap, const lap_news& news, const run_memory& memory,
                     const json_extras& extras);
std::string over_json(const run_over& last, const run_memory& memory, const json_extras& extras);

} // namespace sluice::report
