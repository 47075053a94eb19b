#include "actors/leads/steps_done.hpp"

#include "rules/leads/no_shares.hpp"
#include "storage/leads/queues.hpp"
#include "storage/leads/recall.hpp"
#include "storage/leads/steps.hpp"
#include "storage/leads/tables.hpp"

namespace sluice {

namespace tables = storage::tables;

storage::schema_part leads_tables() {
  auto all = storage::leads_schema();
  for (const auto& more : {storage::queue_tables(), storage::step_tables()})
    all.tables.insert(all.tables.end(), more.begin(), more.end());
  return all;
}

result<std::optional<uint64_t>> lead_steps_done(const storage::data_dir& disk) {
  auto last = tables::lead_steps.last(disk);
  if (!last)
    return last.error();
  return *last ? std::optional{(*last)->first} : std::nullopt;
}

std::string why_no_lead_scores(const storage::data_dir& disk, const leads_settings& settings) {
  const auto last = tables::lead_publishes.last(disk);
  if (!last)
    return last.error().what;
  if (!*last)
    return "no step of leads was played yet";
  const auto& row = (*last)->second;
  if (!row.vector.empty())
    return row.reason;
  share_report report;
  report.counts = row.counts;
  return why_no_shares(report, {}, settings.window_days);
}

} // namespace sluice
