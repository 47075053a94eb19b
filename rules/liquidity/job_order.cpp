#include "rules/liquidity/job_order.hpp"

#include "rules/limits.hpp"

#include <algorithm>

namespace sluice {

namespace {

const job_config* find_job(const std::vector<job_config>& configured, const job_id& id) {
  const auto i = std::find_if(configured.begin(), configured.end(),
                              [&](const job_config& x) { return x.id == id; });
  return i == configured.end() ? nullptr : &*i;
}

/// What a job is now; nothing when it is not known.
std::optional<job_order> standing_order(const job_id& id, const std::vector<job_config>& configured,
                                        const std::map<job_id, job_order>& orders) {
  if (const auto order = orders.find(id); order != orders.end())
    return order->second;
  const auto* job = find_job(configured, id);
  if (job == nullptr)
    return std::nullopt;
  job_order as_configured;
  as_configured.what = job->active ? job_order_kind::run : job_order_kind::pause;
  return as_configured;
}

std::string
those_known(const std::vector<job_config>& configured, const std::map<job_id, job_order>& orders) {
  std::string names;
  for (const auto& [id, job] : current_jobs(configured, orders))
    names += (names.empty() ? "" : ", ") + id.value;
  return names.empty() ? "there are none" : "there are " + names;
}

fault no(const job_id& id, const std::string& why) {
  return {ec::refused, "job " + id.value + ' ' + why};
}

} // namespace

std::map<job_id, current_job>
current_jobs(const std::vector<job_config>& configured, const std::map<job_id, job_order>& orders) {
  std::map<job_id, current_job> jobs;
  for (const auto& job : configured)
    if (job.active || orders.contains(job.id))
      jobs[job.id] = {job, false, 0};
  for (const auto& [id, order] : orders) {
    if (order.added)
      jobs[id].config = *order.added;
    const auto found = jobs.find(id);
    if (found == jobs.end())
      continue; // the configuration has let it go
    if (order.what == job_order_kind::remove) {
      jobs.erase(found);
      continue;
    }
    found->second.config.active = true;
    found->second.paused = order.what == job_order_kind::pause;
    found->second.steps_missed = order.steps_missed;
  }
  return jobs;
}

result<job_order>
order_after(const job_command& command, const std::vector<job_config>& configured,
            const std::map<job_id, job_order>& orders, uint64_t step, bool failed) {
  const auto& id = command.job;
  const auto now = standing_order(id, configured, orders);
  const bool gone = !now || now->what == job_order_kind::remove;
  if (gone && command.act != job_act::add)
    return no(id, "is not played here; " + those_known(configured, orders));
  auto next = now.value_or(job_order{});
  next.who = command.who;
  next.time_ms = command.time_ms;
  switch (command.act) {
  case job_act::add:
    if (!gone)
      return no(id, failed ? "is here already and has failed; resume or remove it"
                           : "is here already; pause, resume or remove it");
    if (!command.added || command.added->id != id)
      return fault{ec::bad_input, "job " + id.value + ": expected its configuration"};
    if (current_jobs(configured, orders).size() >= limits::jobs_max)
      return no(id, "is one too many: at most " + std::to_string(limits::jobs_max));
    next.added = command.added;
    break;
  case job_act::resume:
    if (now->what == job_order_kind::run && !failed)
      return no(id, "is not paused");
    if (now->what == job_order_kind::run)
      next.stood_at = step; // it missed nothing: its pace says how far it is
    break;
  case job_act::pause:
    if (now->what == job_order_kind::pause)
      return no(id, "is paused already");
    next.what = job_order_kind::pause;
    next.stood_at = step;
    return next;
  case job_act::remove:
    if (now->what == job_order_kind::run)
      next.stood_at = step;
    next.what = job_order_kind::remove;
    return next;
  }
  next.what = job_order_kind::run;
  next.steps_missed += step - std::min(step, next.stood_at);
  next.stood_at = 0;
  return next;
}

} // namespace sluice
