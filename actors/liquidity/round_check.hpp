/// Recomputes what a completed round found, from what its miners answered.
#pragma once

#include "actors/audit_check.hpp"
#include "rules/liquidity/scoreboard.hpp"
#include "sim/evaluate/window.hpp"
#include "storage/liquidity/records.hpp"

#include <vector>

namespace sluice {

/// Compares outcomes, scores, results, ranking and winner with what is stored, by the rules that
/// the round states. `stored`: its predictions, by uid; `before`: the board without this round.
/// Faults: those of evaluate(), with the miner's uid in front.
result<nothing> check_round(const round_record& row, const std::vector<prediction>& stored,
                            const window& market, const scoreboard& before, audit_check& check);

} // namespace sluice
