/// How far the rounds of all jobs are, on one line of a terminal.
#pragma once

#include "messages/node.hpp"
#include "net/report/bar.hpp"

#include <map>
#include <string>

namespace sluice::report {

round_share share_of(const round_progress& x);

/// Name, bar, blocks and percent of every job, never wider than `width`: blocks, then bars, then
/// names make room; when even that is too much, the mean of all.
std::string
draw_progress(const std::map<job_id, round_progress>& jobs, size_t width, charset letters);

} // namespace sluice::report
