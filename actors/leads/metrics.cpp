#include "actors/leads/metrics.hpp"

#include "actors/leads/attempts.hpp"
#include "storage/leads/queues.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"

#include <array>
#include <cmath>
#include <map>
#include <string>

namespace sluice {

namespace {

namespace tables = storage::tables;

double counter_of(const storage::data_dir& disk, const std::string& name) {
  const auto found = tables::lead_counters.find(disk, name);
  return found && *found ? static_cast<double>(**found) : 0;
}

void add_intake(metric_list& out, const storage::data_dir& disk) {
  out.gauge("sluice_leads_results", "Curation results stored",
            counter_of(disk, tables::lead_results_key));
  out.gauge("sluice_leads_pool", "Sourced leads in the pool",
            counter_of(disk, tables::lead_pool_key));
  for (size_t i = 0; i < intake_verdicts; ++i) {
    const auto verdict = static_cast<intake_verdict>(i);
    out.counter("sluice_leads_intake_total", "Sourced leads checked, by verdict",
                counter_of(disk, tables::intake_key(verdict)),
                {{"verdict", std::string{name_of(verdict)}}});
  }
  const auto held = tables::lead_names.find(disk, storage::intake_held_key);
  out.gauge("sluice_leads_intake_held", "1 while an operator holds sourced leads back",
            held && *held ? 1 : 0);
}

void add_queue_lengths(metric_list& out, const storage::data_dir& disk) {
  constexpr std::array<const char*, 4> names{"prospects", "requests", "miner_requests",
                                             "miner_results"};
  std::array<double, 4> waiting{};
  (void)tables::lead_queue_items.for_each(disk, [&](const queue_key& key, const queued_item&) {
    ++waiting.at(static_cast<size_t>(key.queue));
  });
  for (size_t i = 0; i < names.size(); ++i)
    out.gauge("sluice_leads_queue_items", "Items that wait to be fetched or acknowledged",
              waiting.at(i), {{"queue", names.at(i)}});
}

void add_attempts(metric_list& out, const storage::data_dir& disk) {
  std::map<publish_end, double> ends;
  const auto ended = ended_attempt(disk);
  double last_done = 0;
  (void)tables::lead_publishes.for_each(disk, [&](uint64_t number, const lead_publish& x) {
    const bool now = ended && *ended && (*ended)->number == number;
    const auto result = now ? (*ended)->result : x.result;
    ++ends[result];
    if (result == publish_end::done)
      last_done = std::floor(static_cast<double>(x.time_us) / 1e6);
  });
  for (const auto& [end, count] : ends)
    out.gauge("sluice_leads_publishes", "Attempts to publish, by how they ended", count,
              {{"result", std::string{name_of(end)}}});
  out.gauge("sluice_leads_last_publish_seconds",
            "When the last attempt began that was published, unix time; 0: none", last_done);
  const auto flow = tables::lead_flow.find(disk, tables::lead_flow_key);
  const auto record = flow ? flow->value_or(flow_record{}) : flow_record{};
  out.gauge("sluice_leads_publish_failures", "Attempts that failed in a row",
            static_cast<double>(record.failures));
  out.gauge("sluice_leads_publish_pending", "1 while delivered leads wait for a publish",
            record.pending ? 1 : 0);
}

void add_last_shares(metric_list& out, const storage::data_dir& disk) {
  const auto last = tables::lead_publishes.last(disk);
  if (!last || !*last)
    return;
  const auto& row = (*last)->second;
  for (const auto& [key, share] : row.vector)
    out.gauge("sluice_leads_share", "Shares of the last attempt to publish", share,
              {{"hotkey", key.value}});
  out.gauge("sluice_leads_skipped_records", "Leads without a usable time at the last attempt",
            static_cast<double>(row.counts.skipped_bad_timestamp));
}

} // namespace

void add_lead_metrics(metric_list& out, const storage::data_dir& disk) {
  add_intake(out, disk);
  add_queue_lengths(out, disk);
  add_attempts(out, disk);
  add_last_shares(out, disk);
}

} // namespace sluice
