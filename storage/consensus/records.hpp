/// What storage remembers of reports besides the reports themselves.
#pragma once

#include "rules/consensus/report.hpp"
#include "rules/fields.hpp"

#include <compare>
#include <cstdint>
#include <string>

namespace sluice {

/// A report that was taken, without its items. Times: milliseconds since 1970-01-01 UTC.
struct report_head {
  uint64_t number = 0; // of the report, from 1
  uint16_t validator_uid = 0;
  std::string hotkey; // of the validator; "": not known
  uint64_t epoch = 0;
  uint64_t received_ms = 0;
  report_proof proof = report_proof::key;
  uint32_t items = 0;   // that were taken
  uint32_t updated = 0; // after which the miner had a quorum
  uint32_t skipped = 0; // without a uid
  SLUICE_FIELDS(number, validator_uid, hotkey, epoch, received_ms, proof, items, updated, skipped)
  bool operator==(const report_head&) const = default;
};

/// How many reports were taken, and the number of the last one.
struct report_counts {
  uint64_t reports = 0;
  uint64_t last_number = 0;
  SLUICE_FIELDS(reports, last_number)
  bool operator==(const report_counts&) const = default;
};

/// Place of evidence: of each validator the last report_evidence_max are kept, in turn.
struct evidence_key {
  std::string validator; // history_key
  uint64_t place = 0;    // 0 to report_evidence_max - 1
  SLUICE_FIELDS(validator, place)
  friend auto operator<=>(const evidence_key&, const evidence_key&) = default;
};

inline constexpr uint64_t report_evidence_max = 64;
inline constexpr uint64_t report_heads_max = 65'536;

} // namespace sluice
