/// Reads a file that a person hands in as a report of miner statuses.
#pragma once

#include "rules/result.hpp"

#include <cstddef>
#include <string>

namespace sluice::tools {

/// Bytes of such a file, at most: as many reports as are merged at once.
inline constexpr size_t report_file_bytes_max = size_t{4} << 20;

/// `path`: "-" is the standard input. Faults: ec::unreachable when it cannot be read, ec::bad_input
/// beyond report_file_bytes_max.
result<std::string> read_report_file(const std::string& path);

} // namespace sluice::tools
