#include "actors/consensus/metrics.hpp"

#include "rules/consensus/stats.hpp"
#include "storage/consensus/steps.hpp"
#include "storage/consensus/tables.hpp"
#include "storage/consensus/task_tables.hpp"

#include <array>
#include <string>
#include <tuple>

namespace sluice {

namespace {

namespace tables = storage::tables;

void add_records(metric_list& out, const consensus_statistics& s) {
  const std::array<std::pair<const char*, uint64_t>, 4> states{{{"agreed", s.agreed},
                                                                {"conflicted", s.conflicted},
                                                                {"pending", s.pending},
                                                                {"stale", s.stale}}};
  for (const auto& [state, count] : states)
    out.gauge("sluice_consensus_miners", "Miners that validators report, by state of the record",
              static_cast<double>(count), {{"state", state}});
  out.gauge("sluice_consensus_coverage", "Miners with an agreed status of those reported, 0 to 1",
            s.coverage);
  out.gauge("sluice_consensus_active_validators", "Validators that reported in the last hour",
            static_cast<double>(s.active_validators));
  out.gauge("sluice_consensus_conflict_rate", "Conflicted of agreed and conflicted, 0 to 1",
            s.conflict_rate);
  out.gauge("sluice_consensus_mean_confidence", "Of agreed and conflicted miners, 0 to 1",
            s.mean_confidence);
}

void add_intake_of_reports(metric_list& out, const intake_status& x) {
  out.counter("sluice_consensus_reports_total", "Reports taken", static_cast<double>(x.reports));
  out.counter("sluice_consensus_items_total", "Statuses of miners in these",
              static_cast<double>(x.items));
  out.counter("sluice_consensus_skipped_items_total", "Items without a uid that can be read",
              static_cast<double>(x.skipped));
  out.counter("sluice_consensus_contradictions_total",
              "Two different signed reports of one validator for one epoch",
              static_cast<double>(x.contradictions));
  for (const auto& [reason, count] : x.refused)
    out.counter("sluice_consensus_refused_reports_total", "Reports refused, by reason",
                static_cast<double>(count), {{"reason", reason}});
}

/// From a report's arrival to what readers see.
void add_latency(metric_list& out, const latency_counts& x) {
  constexpr double us_in_a_second = 1e6;
  auto& metric = out.of("sluice_consensus_latency_seconds", net::metric_kind::histogram,
                        "From the arrival of a report until its effect can be read");
  net::metric_point point;
  uint64_t so_far = 0;
  for (size_t i = 0; i < latency_ends_us.size(); ++i) {
    so_far += i < x.counts.size() ? x.counts[i] : 0;
    point.at_most.emplace_back(static_cast<double>(latency_ends_us.at(i)) / us_in_a_second, so_far);
  }
  point.count = x.total();
  point.value = static_cast<double>(x.sum_us) / us_in_a_second;
  metric.points.push_back(std::move(point));
}

void add_checks(metric_list& out, const intake_status& x) {
  for (const auto& one : check_health(x.statistics, x.rules.health)) {
    out.gauge("sluice_consensus_healthy", "1 while a figure is within its limit",
              one.healthy ? 1 : 0, {{"check", one.name}});
    out.gauge("sluice_consensus_limit", "Limit of a figure, as configured", one.limit,
              {{"check", one.name}});
  }
}

void add_validators(metric_list& out, const storage::data_dir& disk) {
  (void)tables::consensus_validators.for_each(
    disk, [&](const std::string& key, const validator_history& x) {
      const metric_list::labels who{{"hotkey", key}, {"uid", std::to_string(x.uid)}};
      out.gauge("sluice_consensus_validator_reputation",
                "From agreement and contradictions, 0 to 1", x.reputation, who);
      constexpr double ms_in_a_second = 1000;
      out.gauge("sluice_consensus_validator_last_report_seconds",
                "When a validator last reported, unix time",
                static_cast<double>(x.last_ms) / ms_in_a_second, who);
    });
}

void add_tasks(metric_list& out, const storage::data_dir& disk) {
  std::array<double, task_state_names.size()> counts{};
  (void)tables::consensus_task_places.for_each(disk,
                                               [&](const task_place& place, const task_summary&) {
                                                 ++counts.at(static_cast<size_t>(place.state));
                                               });
  for (size_t i = 0; i < counts.size(); ++i)
    out.gauge("sluice_consensus_tasks", "Tasks on the board, by state", counts.at(i),
              {{"state", std::string{task_state_names.at(i)}}});
}

} // namespace

void add_consensus_metrics(metric_list& out, const storage::data_dir& disk) {
  const auto found = tables::consensus_status.find(disk, tables::consensus_status_key);
  const auto status = found ? found->value_or(intake_status{}) : intake_status{};
  add_records(out, status.statistics);
  add_intake_of_reports(out, status);
  add_latency(out, status.latency);
  add_checks(out, status);
  add_validators(out, disk);
  add_tasks(out, disk);
}

} // namespace sluice
