/// Where one miner's weight comes from, as a JSON document: its tier, its days, its predictions.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstddef>
#include <string_view>

namespace sluice {

/// Predictions that are shown one by one; the counts are of all.
inline constexpr size_t explained_bets_max = 200;

/// Of whoever the last scoring names so, by uid or hotkey; no_such_key with the nearest hotkey that
/// it names. Other faults: what the disk reports.
result<views::json> explain_sports(const storage::data_dir& disk, std::string_view who);

/// "2026-01-31" of a day since 1970-01-01 UTC. Before 1970: as that day.
std::string sports_day_text(int64_t day);

} // namespace sluice
