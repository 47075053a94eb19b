/// The market of a stored round, replayed from its recorded start.
#pragma once

#include "sim/evaluate/window.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"
#include "storage/records.hpp"

namespace sluice {

/// What the round's miners were judged by: from the last full checkpoint and the stored blocks.
/// Faults: no_such_key without the checkpoint at its start, corrupt_data or bad_input for blocks
/// that cannot be replayed; what the disk reports.
result<window> stored_market(const storage::data_dir& disk, const round_record& row);

} // namespace sluice
