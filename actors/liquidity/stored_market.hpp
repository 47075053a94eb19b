/// The market of a stored round, replayed from its recorded start.
#pragma once

#include "sim/evaluate/window.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"
#include "storage/records.hpp"

namespace sluice {

/// What the round's miners were judged by: from the checkpoint at its start and its stored blocks.
result<window> stored_market(const storage::data_dir& disk, const round_record& row);

} // namespace sluice
