/// What the services of the sports mechanism state about themselves: `get_stats` of the original's
/// validator, from what is stored.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

namespace sluice {

/// Objects validator, tasks, events, predictions, scoring, weights, communication in the shape of
/// facts/mechanisms D3.13. Counts of predictions, scorings and attempts are those of the folder,
/// since it began; the others are what the services stated last, null when they never did. Times
/// are texts of ISO 8601, null: never. Faults: what the disk reports.
result<views::json> sports_stats(const storage::data_dir& disk);

} // namespace sluice
