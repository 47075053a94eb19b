#include "actors/liquidity/steps_done.hpp"

#include "storage/liquidity/tables.hpp"

#include <algorithm>
#include <map>

namespace sluice {

namespace tables = storage::tables;

result<std::optional<uint64_t>> jobs_steps_done(const storage::data_dir& disk) {
  std::map<job_id, job_order> orders;
  auto read = tables::job_orders.for_each(
    disk, [&](const job_id& id, job_order x) { orders[id] = std::move(x); });
  if (!read)
    return read.error();
  std::optional<uint64_t> going;
  std::optional<uint64_t> longest;
  read = tables::jobs.for_each(disk, [&](const job_id& id, const job_record& job) {
    const auto order = orders.find(id);
    const bool ordered = order != orders.end();
    const auto steps = job.completed + (ordered ? order->second.steps_missed : 0);
    longest
      = std::max({longest.value_or(0), steps, ordered ? order->second.stood_at : uint64_t{0}});
    const bool plays = ordered ? order->second.what == job_order_kind::run : job.config.active;
    if (!job.ended && plays)
      going = std::min(going.value_or(steps), steps);
  });
  if (!read)
    return read.error();
  return going ? going : longest;
}

} // namespace sluice
