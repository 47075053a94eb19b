/// Shares, and what they come from, out of a data folder.
#pragma once

#include "rules/audit_finding.hpp"
#include "rules/leads/config.hpp"
#include "rules/leads/shares.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"
#include "storage/leads/records.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace sluice::storage {

/// How many curation results are stored: the arrival of the next one.
result<uint64_t> stored_results(const data_dir& disk);

/// Who is K: of the settings, else whose sourced lead passed the checks last, else nobody.
result<hotkey> k_miner_of(const data_dir& disk, const leads_settings& settings);

/// Calculates the shares at `now_us` (microseconds since 1970) from the documents with an arrival
/// below `documents`. One pass over all of them, in memory that the largest request decides.
/// Faults: what the disk reports; they are never "no data".
result<share_report> calculate_shares(const data_dir& disk, const leads_settings& settings,
                                      int64_t now_us, uint64_t documents = UINT64_MAX);

/// A document in which a miner has a part, and what of it counts.
struct lead_evidence {
  lead_result_key key;
  uint64_t arrival = 0;
  std::vector<uint32_t> curated; // places in the document of leads that count for it as curator
  std::vector<uint32_t> sourced; // and as source
  lead_counts counts;            // what became of the leads in which it has a part
  stored_result row;
  SLUICE_FIELDS(key, arrival, curated, sourced, counts, row)
};

/// Calls `f` with every such document, by request; it may answer false to stop. Faults: what the
/// disk reports.
result<nothing> for_each_evidence(const data_dir& disk, const hotkey& of, const lead_window& window,
                                  const std::function<bool(const lead_evidence&)>& f);

/// Recomputes what is stored: that arrivals and counters of results and pool fit their rows, and
/// counts and shares of the newest 1000 publishes from the documents of their moment, by a second
/// way of counting. A finding for results, one for the pool, one that names older publishes where
/// there are such, one per publish. Faults: what the disk reports.
result<std::vector<audit_finding>> audit_leads(const data_dir& disk);

} // namespace sluice::storage
