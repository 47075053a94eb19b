/// The metrics of the trading mechanism: rows, events, positions, miners, feeds, limits.
#pragma once

#include "actors/metrics/metric_list.hpp"
#include "storage/data_dir.hpp"

namespace sluice {

/// Of what is on the disk, and of this process where a limit is about it. What cannot be read is
/// left out.
void add_trading_metrics(metric_list& out, const storage::data_dir& disk);

} // namespace sluice
