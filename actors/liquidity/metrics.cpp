#include "actors/liquidity/metrics.hpp"

#include "storage/liquidity/tables.hpp"

namespace sluice {

namespace tables = storage::tables;

void add_job_metrics(metric_list& out, const storage::data_dir& disk) {
  (void)tables::jobs.for_each(disk, [&](const job_id& id, const job_record& x) {
    const metric_list::labels who{{"job", id.value}};
    out.counter("sluice_job_rounds_total", "Rounds completed, over all runs on the data folder",
                static_cast<double>(x.completed), who);
    out.gauge("sluice_job_ended", "1 when nothing will come any more", x.ended, who);
    out.gauge("sluice_job_failed", "1 when it ended because it cannot go on", x.failed, who);
  });
}

} // namespace sluice
