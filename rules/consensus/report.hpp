/// One validator's report on miners, as it counts.
#pragma once

#include "rules/consensus/miner_status.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// How a report is known to be its validator's. Numbers are stored and travel.
enum class report_proof : uint8_t {
  key = 0,   // an API key of this validator
  signature, // signed by its hotkey
  local,     // made in this process
};
constexpr bool known(report_proof x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(report_proof::local);
}
/// "key", "signature", "local"
constexpr std::string_view name_of(report_proof x) {
  switch (x) {
  case report_proof::key:
    return "key";
  case report_proof::signature:
    return "signature";
  case report_proof::local:
    break;
  }
  return "local";
}

/// Times: milliseconds since 1970-01-01 UTC.
struct status_report {
  uint64_t number = 0;        // among all reports of this node, from 1; 0: not taken yet
  uint16_t validator_uid = 0; // slot of the validator
  std::string hotkey;         // of the validator; "": not known
  uint64_t epoch = 0;         // as the validator counts
  uint64_t received_ms = 0;   // by this node's clock
  report_proof proof = report_proof::key;
  std::string proof_text;             // id of the key; signature, base64
  std::string digest;                 // of a signed report: report_digest; else ""
  uint64_t issued_ms = 0;             // of a signed report
  uint32_t skipped = 0;               // items without a uid
  std::vector<miner_status> statuses; // in the order of the list
  SLUICE_FIELDS(number, validator_uid, hotkey, epoch, received_ms, proof, proof_text, digest,
                issued_ms, skipped, statuses)
  bool operator==(const status_report&) const = default;
};

} // namespace sluice
