/// How far all parts of a step are, on one line of a terminal.
#pragma once

#include "io/text/bar.hpp"
#include "messages/node.hpp"

#include <map>
#include <string>

namespace sluice::report {

/// In blocks of the feed: how many of how many, both 0 when `to` is below `from`. Errors: none.
round_share share_of(const step_progress& x);

/// Name, bar, blocks and percent of every part, never wider than `width`: blocks, then bars, then
/// names make space; when even that is too much, the mean of all. `width`: columns, from 1. Errors:
/// none.
std::string
draw_progress(const std::map<std::string, step_progress>& parts, size_t width, charset letters);

} // namespace sluice::report
