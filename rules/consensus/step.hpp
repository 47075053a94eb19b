/// What one step of the consensus mechanism did, and how the intake of reports stands.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/latency.hpp"
#include "rules/consensus/record.hpp"
#include "rules/consensus/stats.hpp"
#include "rules/consensus/task_turn.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice {

/// A step that was played: stored, and answered again from the disk. Counts from 0.
struct consensus_step {
  uint64_t now_ms = 0;             // its moment, milliseconds since 1970-01-01 UTC
  uint64_t reports = 0;            // of the world's validators
  uint64_t items = 0;              // in these
  uint64_t silent = 0;             // validators of the world that sent nothing
  consensus_statistics statistics; // at its end
  task_turn_report tasks;          // of the world's client; else empty
  SLUICE_FIELDS(now_ms, reports, items, silent, statistics, tasks)
  bool operator==(const consensus_step&) const = default;
};

/// What the intake has done on this data folder, and what it has. Counts from 0.
struct intake_status {
  uint64_t now_ms = 0;                     // when this was so, milliseconds since 1970-01-01 UTC
  uint64_t reports = 0;                    // taken
  uint64_t items = 0;                      // in these
  uint64_t skipped = 0;                    // items without a uid
  uint64_t changed = 0;                    // records, each time that they changed
  uint64_t contradictions = 0;             // kept as evidence
  std::map<std::string, uint64_t> refused; // reports, by reason
  latency_counts latency;                  // from arrival to what readers see
  consensus_statistics statistics;
  consensus_settings rules;                    // by which it was merged
  std::vector<consensus_validator> validators; // who was one then
  SLUICE_FIELDS(now_ms, reports, items, skipped, changed, contradictions, refused, latency,
                statistics, rules, validators)
  bool operator==(const intake_status&) const = default;
};

} // namespace sluice
