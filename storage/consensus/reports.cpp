#include "storage/consensus/reports.hpp"

#include "storage/consensus/tables.hpp"

#include <algorithm>

namespace sluice::storage {

void add_report(batch& out, const report_book& book, const status_report& prepared,
                const book_put& outcome) {
  const auto& history = book.histories().at(outcome.history);
  for (const auto& key : outcome.forgotten)
    tables::consensus_validators.erase(out, key);
  tables::consensus_validators.put(out, outcome.history, history);
  if (outcome.evidence)
    tables::consensus_evidence.put(
      out, {outcome.history, (history.contradictions - 1) % report_evidence_max},
      *outcome.evidence);
  if (outcome.verdict != report_verdict::take)
    return;
  report_head head;
  head.number = prepared.number;
  head.validator_uid = prepared.validator_uid;
  head.hotkey = prepared.hotkey;
  head.epoch = prepared.epoch;
  head.received_ms = prepared.received_ms;
  head.proof = prepared.proof;
  head.items = outcome.miners_processed;
  head.updated = outcome.consensus_updated;
  head.skipped = prepared.skipped;
  tables::consensus_heads.put(out, prepared.number % report_heads_max, head);
  tables::consensus_counts.put(out, tables::consensus_counts_key,
                               {book.reports(), book.last_number()});
  const auto& released = outcome.released;
  if (std::find(released.begin(), released.end(), prepared.number) == released.end())
    tables::consensus_reports.put(out, prepared.number, prepared);
  for (const auto number : released)
    if (number != prepared.number)
      tables::consensus_reports.erase(out, number);
}

void add_expiry(batch& out, const book_expiry& outcome) {
  for (const auto number : outcome.released)
    tables::consensus_reports.erase(out, number);
}

} // namespace sluice::storage
