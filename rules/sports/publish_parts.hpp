/// Parts of what scoring and publishing are decided from: blocks that have passed, who takes part.
#pragma once

#include "rules/ids.hpp"
#include "rules/sports/book.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/scores.hpp"
#include "rules/sports/scoring.hpp"
#include "rules/sports/tiers.hpp"

#include <cstdint>
#include <map>
#include <vector>

namespace sluice {

/// The block of a moment `ago_us` microseconds before the one of block `now`, 1 at the least.
/// `block_seconds`: from 1. Below 0 microseconds: `now`.
uint64_t block_before(uint64_t now, int64_t ago_us, uint64_t block_seconds);

/// Is a scoring due at `now_us`, when the last one was at `last_us` (microseconds of one clock)?
/// Source: facts/mechanisms D3.6.
bool scoring_is_due(int64_t last_us, int64_t now_us, uint64_t block_seconds,
                    const sports_settings& rules);

/// The weights of a scoring by uid, those above 0, of sum 1. Without any: empty. No error.
std::map<miner_uid, double> published_weights(const sports_scores& scores);

/// Who takes part: whoever is registered and has a prediction in `records` is valid; who is
/// registered and has only a tier is not, and loses it. By uid.
std::vector<sports_member>
members_of(const std::map<hotkey, miner_uid>& registered, const sports_records& records,
           const std::map<hotkey, uint8_t>& tiers);

/// Accepted wagers of the UTC day of `now_us` (microseconds since 1970-01-01 UTC) that came before
/// that moment: what a step of a world starts from, also when it was cut off and is played again.
std::map<hotkey, nano> wagered_before(const sports_book& book, int64_t now_us);

} // namespace sluice
