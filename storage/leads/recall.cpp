#include "storage/leads/recall.hpp"

#include "storage/leads/tables.hpp"

namespace sluice::storage {

result<uint64_t> stored_results(const data_dir& disk) {
  const auto found = tables::lead_counters.find(disk, tables::lead_results_key);
  if (!found)
    return found.error();
  return found->value_or(0);
}

result<hotkey> k_miner_of(const data_dir& disk, const leads_settings& settings) {
  if (!settings.k_miner.empty())
    return hotkey{settings.k_miner};
  const auto found = tables::lead_names.find(disk, tables::lead_k_miner_key);
  if (!found)
    return found.error();
  return hotkey{found->value_or("")};
}

result<share_report> calculate_shares(const data_dir& disk, const leads_settings& settings,
                                      int64_t now_us, uint64_t documents) {
  const auto k_miner = k_miner_of(disk, settings);
  if (!k_miner)
    return k_miner.error();
  const auto window = window_of(now_us, static_cast<double>(settings.window_days));
  lead_counter counter{window, true}; // keys ascend by request
  auto walked
    = tables::lead_results.for_each(disk, [&](const lead_result_key&, const stored_result& row) {
        if (row.arrival < documents)
          counter.add(row.document);
      });
  if (!walked)
    return walked.error();
  return report_of(counter, window, settings, *k_miner);
}

result<nothing> for_each_evidence(const data_dir& disk, const hotkey& of, const lead_window& window,
                                  const std::function<bool(const lead_evidence&)>& f) {
  lead_counter counter{window, true};
  return tables::lead_results.for_each(disk, [&](const lead_result_key& key, stored_result row) {
    lead_evidence found;
    bool has_part = false;
    counter.begin(row.document);
    ++found.counts.documents;
    for (uint32_t i = 0; i < row.document.leads.size(); ++i) {
      const auto& each = row.document.leads[i];
      const auto fate = counter.take(each, row.document.timestamp);
      const bool curated = each.curated_by == of.value;
      const bool sourced = each.source == of.value;
      if (!curated && !sourced)
        continue;
      has_part = true;
      ++found.counts.leads;
      found.counts.skipped_bad_timestamp += fate == lead_fate::bad_timestamp ? 1 : 0;
      found.counts.out_of_window += fate == lead_fate::out_of_window ? 1 : 0;
      found.counts.duplicates += fate == lead_fate::duplicate ? 1 : 0;
      if (fate != lead_fate::used)
        continue;
      ++found.counts.used;
      found.counts.incomplete += each.source.empty() || each.curated_by.empty() ? 1 : 0;
      if (curated)
        found.curated.push_back(i);
      if (sourced)
        found.sourced.push_back(i);
    }
    if (!has_part)
      return true;
    found.key = key;
    found.arrival = row.arrival;
    found.row = std::move(row);
    return f(found);
  });
}

} // namespace sluice::storage
