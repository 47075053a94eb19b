/// A round for people: what happened, who won and why, and the ranked table.
#pragma once

#include "actors/liquidity/report/round_view.hpp"
#include "actors/report/page.hpp"

#include <string>

namespace sluice::report {

/// Header, winner and table of an evaluation round; a sentence for one that failed. Ends in '\n'.
std::string draw_evaluation(const round_view& round, const page& on);

/// One line for a live round: who, score, value against hold, executions. Ends in '\n'.
std::string draw_live(const round_view& round, const page& on);

/// All that one job did in a step: both rounds, or why there was none. "" when there is nothing.
std::string draw_job(const job_report& report, const strategy_labels& labels, const page& on);

} // namespace sluice::report
