/// What a node's operator watches of the jobs.
#pragma once

#include "actors/metrics/metric_list.hpp"
#include "storage/data_dir.hpp"

namespace sluice {

/// Of every job that is on the disk; labelled by job.
void add_job_metrics(metric_list& out, const storage::data_dir& disk);

} // namespace sluice
