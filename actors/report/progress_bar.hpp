/// How far the rounds of all jobs are, on one line of a terminal.
#pragma once

#include "messages/node.hpp"

#include <map>
#include <string>

namespace sluice::report {

/// Blocks of the round that are through, and all of them. Never more than all.
struct round_share {
  uint64_t done = 0;
  uint64_t all = 0;
  /// 0 to 100, rounded down: 100 only at the end.
  uint64_t percent() const;
};

round_share share_of(const round_progress& x);

/// `cells` wide, filled by percent.
std::string bar_of(const round_share& x, size_t cells);

/// Name, bar, blocks and percent of every job, never wider than `width`: blocks, then bars, then
/// names make room; when even that is too much, the mean of all.
std::string draw_progress(const std::map<job_id, round_progress>& jobs, size_t width);

} // namespace sluice::report
