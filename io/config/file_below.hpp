/// Files that somebody names from elsewhere are read only where the operator keeps such files.
#pragma once

#include "rules/result.hpp"

#include <string>

namespace sluice::io {

/// The real name of a regular file at or below `folder`, all links followed; a relative `name` is
/// one in `folder`. Opens nothing, and never waits. ec::refused when it is elsewhere or no regular
/// file, also when `folder` is ""; ec::unreachable when there is no such file.
result<std::string> file_below(const std::string& folder, const std::string& name);

} // namespace sluice::io
