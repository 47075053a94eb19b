#include "actors/liquidity/job_changes.hpp"

#include "actors/liquidity/stored_jobs.hpp"
#include "rules/liquidity/job_change.hpp"
#include "rules/liquidity/name.hpp"

#include <string>
#include <string_view>

namespace sluice {

namespace {

std::string table_of_job(const job_id& id) {
  return std::string{liquidity_name} + ".jobs[" + id.value + ']';
}

void refuse_frozen(const std::string& table, const frozen_change& x,
                   std::vector<io::config_change>& all) {
  const auto key = table + '.' + x.key;
  if (!io::find_change(all, key))
    all.push_back({key, x.was, x.is, {}, true, {}});
  auto& change = *io::find_change(all, key);
  change.allowed = false;
  change.why = why_frozen(x.key);
  change.meaning = meaning_of_job_key(x.key);
}

} // namespace

result<nothing> judge_job_changes(const storage::data_dir& disk, const std::vector<job_config>& now,
                                  std::vector<io::config_change>& all) {
  const auto stored = read_stored_jobs(disk);
  if (!stored)
    return stored.error();
  for (const auto& job : now) {
    const auto record = stored->records.find(job.id);
    if (record == stored->records.end() || !record->second.begun)
      continue;
    const auto table = table_of_job(job.id);
    for (auto& x : all)
      if (io::is_inside(x.key, table) && x.key.size() > table.size() && x.meaning.empty())
        x.meaning = meaning_of_job_key(std::string_view{x.key}.substr(table.size() + 1));
    for (const auto& x : frozen_changes(record->second.config, job))
      refuse_frozen(table, x, all);
  }
  return nothing{};
}

} // namespace sluice
