#include "storage/leads/pool_writer.hpp"

#include "storage/leads/tables.hpp"

namespace sluice::storage {

result<uint64_t*> pool_writer::counter(const std::string& name) {
  auto at = counters_.find(name);
  if (at == counters_.end()) {
    const auto stored = tables::lead_counters.find(disk_, name);
    if (!stored)
      return stored.error();
    at = counters_.emplace(name, stored->value_or(0)).first;
  }
  return &at->second;
}

result<intake_verdict>
pool_writer::add(const lead& x, const hotkey& submitted_by, uint64_t stored_ms) {
  auto made = normalised(x);
  const auto ident = pool_ident_of(made);
  bool is_known = new_ones_.contains(ident);
  if (!is_known && !ident.empty() && ident.size() <= leads_limits::ident_bytes_max) {
    const auto stored = tables::lead_pool.find(disk_, ident);
    if (!stored)
      return stored.error();
    is_known = stored->has_value();
  }
  const auto verdict = check_sourced(made, submitted_by, disposable_, is_known);
  const auto of_verdict = counter(tables::intake_key(verdict));
  if (!of_verdict)
    return of_verdict.error();
  const auto arrivals = counter(tables::lead_pool_key);
  if (!arrivals)
    return arrivals.error();
  ++**of_verdict;
  changed_.insert(tables::intake_key(verdict));
  counts_.count(verdict);
  if (verdict != intake_verdict::accepted)
    return verdict;
  made.source = submitted_by.value;
  k_miner_ = made.source;
  tables::lead_pool.put(planned_, ident,
                        {(**arrivals)++, stored_ms, submitted_by.value, std::move(made)});
  changed_.insert(tables::lead_pool_key);
  new_ones_.insert(ident);
  return verdict;
}

batch pool_writer::take() {
  batch all;
  all.writes.swap(planned_.writes);
  for (const auto& name : changed_)
    tables::lead_counters.put(all, name, counters_.at(name));
  changed_.clear();
  if (k_miner_)
    tables::lead_names.put(all, tables::lead_k_miner_key, *k_miner_);
  k_miner_.reset();
  return all;
}

} // namespace sluice::storage
