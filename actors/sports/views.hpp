/// The views of the sports mechanism: what is on the disk, as JSON documents.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "rules/admin/commands.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstddef>
#include <string>

namespace sluice {

/// Rows that a list has, at most.
inline constexpr size_t sports_rows_shown = 100;

/// The answer of one of the mechanism's commands whose source is the disk. Faults: what the disk
/// reports; no_such_key with the nearest name; invalid_argument for another command.
result<std::string> sports_view(const storage::data_dir& disk, const admin::call& what);

/// Games, predictions by what became of them, the last scoring, the last attempt to set weights.
result<views::json> sports_overview(const storage::data_dir& disk);

/// Where every miner stands after the last scoring, by weight.
result<views::json> sports_tiers_view(const storage::data_dir& disk);

/// Games: those that are open by their start, then those that ended, newest first; at most `max`.
result<views::json>
sports_games_view(const storage::data_dir& disk, size_t max = sports_rows_shown);

/// Attempts to set weights, newest first, at most `max`.
result<views::json>
sports_weights_view(const storage::data_dir& disk, size_t max = sports_rows_shown);

} // namespace sluice
