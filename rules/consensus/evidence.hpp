/// Two different signed reports of one validator for one epoch, and reports that come again.
#pragma once

#include "rules/consensus/report.hpp"
#include "rules/fields.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// What was signed for an epoch: enough to show it to others. Times: milliseconds since 1970.
struct signed_trace {
  std::string digest; // report_digest
  std::string signature;
  uint64_t issued_ms = 0;
  uint64_t received_ms = 0;
  SLUICE_FIELDS(digest, signature, issued_ms, received_ms)
  bool operator==(const signed_trace&) const = default;
};

/// A contradiction: two traces that differ.
struct report_evidence {
  std::string hotkey; // of the validator
  uint16_t validator_uid = 0;
  uint64_t epoch = 0;
  signed_trace first;
  signed_trace second;
  SLUICE_FIELDS(hotkey, validator_uid, epoch, first, second)
  bool operator==(const report_evidence&) const = default;
};

/// What outlives the process of one validator, by hotkey (by uid where the key has none).
struct validator_history {
  std::string hotkey;
  uint16_t uid = 0;
  uint64_t reports = 0;            // taken
  uint64_t items = 0;              // in these
  uint64_t last_ms = 0;            // when the last was received; 0: never
  uint64_t last_epoch = 0;         // of the last
  bool has_signed = false;         // then the next two are known
  uint64_t signed_epoch = 0;       // the highest epoch that was signed
  signed_trace last_signed;        // of that epoch
  std::vector<std::string> others; // digests that contradict it, at most contradictions_max
  uint64_t contradictions = 0;     // of all epochs
  uint64_t agreed = 0;             // compared values that agreed with the merged record
  uint64_t differed = 0;           // that did not
  double reputation = 1;           // 0 to 1
  SLUICE_FIELDS(hotkey, uid, reports, items, last_ms, last_epoch, has_signed, signed_epoch,
                last_signed, others, contradictions, agreed, differed, reputation)
  bool operator==(const validator_history&) const = default;

  static constexpr size_t contradictions_max = 16; // kept of one epoch; more change nothing
};

/// May this report be taken?
enum class report_verdict : uint8_t {
  take = 0,
  repeated,      // the same was signed and seen before
  outdated,      // signed for an epoch below one that was taken, or one of too many for its epoch
  contradiction, // another was signed and taken for this epoch: evidence
};
constexpr bool known(report_verdict x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(report_verdict::contradiction);
}
/// "take", "repeated", "outdated", "contradiction"
std::string_view name_of(report_verdict x);

/// Only signed reports are judged by their epoch: what a key proves is taken in any order.
report_verdict judge_report(const status_report& x, const validator_history& before);

/// The evidence of a contradiction.
report_evidence evidence_of(const status_report& x, const validator_history& before);

} // namespace sluice
