/// What of a backtest programs and the page get, as JSON.
#pragma once

#include "net/files/json_fields.hpp"
#include "net/tools/backtest.hpp"

namespace sluice::net {

/// What was run: files, window, rounds, model, pool.
json head_of(const backtest_report& report);

/// One player's sums; amounts are decimal strings in smallest units. Rewards only if `staked`.
json sum_of(const backtest_player_sum& player, bool staked);

std::string_view word_of(miner_verdict verdict);

/// On one line or indented; bytes that are not UTF-8 are replaced.
std::string text_of(const json& x, int indent);

} // namespace sluice::net
