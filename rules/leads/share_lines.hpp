/// Lines about shares and publishing: of the log, in the order and wording of the original, and of
/// the table.
#pragma once

#include "rules/leads/config.hpp"
#include "rules/leads/shares.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// " 1. HOTKEY 1.0000 (100.00%)"; `rank` from 1, `share` 0 to 1.
std::string ranked_line(size_t rank, std::string_view hotkey, double share);

/// One per listed miner, by rank; at most `most`.
std::vector<std::string>
ranked_lines(const std::map<hotkey, double>& weights, size_t most = SIZE_MAX);

/// What is logged of a calculation, at the level INFO, from its start to its five best miners
/// (facts/mechanisms B3b). `seconds`: how long it took.
std::vector<std::string>
calculation_lines(const share_report& report, const leads_settings& settings, double seconds);

/// "Skipped 3 records without a usable time"; nothing when there was none: for the level WARN.
std::vector<std::string> skipped_lines(const lead_counts& counts);

/// After a publish: success, one line per miner, their number, the sum of the shares.
std::vector<std::string> published_lines(const std::map<hotkey, double>& weights);

/// Before and after the publish that a curated lead asks for.
std::string trigger_line();
std::string resume_line(bool published);

/// The timer's lines.
std::string timer_starting_line();
std::string timer_completed_line();
/// After a failure: why, and when it is tried again, in whole minutes where it is such.
std::vector<std::string> timer_retrying_lines(std::string_view why, uint64_t delay_s);

/// The table of `leads shares`: success line, number of miners, total, the ten best, least,
/// greatest, mean, zero-share miners.
std::vector<std::string> summary_lines(const share_report& report);

} // namespace sluice
