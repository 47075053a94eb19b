/// What of a backtest programs and the page get, as JSON.
#pragma once

#include "io/text/json_fields.hpp"
#include "tools/liquidity/backtest.hpp"

namespace sluice::tools {

/// What was run: files, window, rounds, model, pool.
io::json head_of(const backtest_report& report);

/// One player's sums; amounts are decimal strings in smallest units. Rewards only if `staked`.
io::json sum_of(const backtest_player_sum& player, bool staked);

std::string_view name_of(miner_verdict verdict);

/// On one line or indented; bytes that are not UTF-8 are replaced. `indent`: spaces per level, -1
/// for one line. Errors: none.
std::string text_of(const io::json& x, int indent);

} // namespace sluice::tools
