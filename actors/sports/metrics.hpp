/// What Prometheus reads of the sports mechanism's tables.
#pragma once

#include "actors/metrics/metric_list.hpp"
#include "storage/data_dir.hpp"

namespace sluice {

/// Adds them; what cannot be read is left out.
void add_sports_metrics(metric_list& out, const storage::data_dir& disk);

} // namespace sluice
