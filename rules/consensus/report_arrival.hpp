/// A report as it arrives at a node, whom it is proved to be of, and what its sender is answered.
#pragma once

#include "rules/chain/dev_chain.hpp"
#include "rules/consensus/report.hpp"
#include "rules/consensus/signed_report.hpp"
#include "rules/fields.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace sluice {

/// What the API key of a request shows. Without a key everything is empty.
struct report_sender {
  std::string key_id;                     // public id of the key
  hotkey validator;                       // whose key it is; "": it is of a uid
  std::optional<miner_uid> validator_uid; // whose key it is; none: it is of a hotkey
  SLUICE_FIELDS(key_id, validator, validator_uid)
  bool operator==(const report_sender&) const = default;
};

/// A report on its way into the book. Where `report.hotkey` is not "" it is signed; `is_verified`:
/// whoever made this has checked signature and age. `now_ms`: milliseconds since 1970-01-01 UTC of
/// a step in stepped time; 0: the node's clock.
struct report_arrival {
  signed_report report;
  report_sender sender;
  bool is_verified = false;
  uint64_t now_ms = 0;
  SLUICE_FIELDS(report, sender, is_verified, now_ms)
};

/// What became of it. Counts from 0.
struct report_outcome {
  bool is_list = true;            // false: `miner_statuses` was no list, and nothing is stored
  bool is_repeated = false;       // the same signed report was there before
  std::string error;              // a sentence where it is no list
  uint64_t miners_processed = 0;  // items that were taken
  uint64_t consensus_updated = 0; // of those, after which the miner had a quorum
  SLUICE_FIELDS(is_list, is_repeated, error, miners_processed, consensus_updated)
  bool operator==(const report_outcome&) const = default;
};

/// Whose report it is, and how that is known.
struct proved_report {
  std::string hotkey; // of the validator; "": the metagraph does not know the uid
  report_proof proof = report_proof::key;
  std::string proof_text; // id of the key; signature
  bool operator==(const proved_report&) const = default;
};

/// A report counts only for the validator that its key or signature proves (issue 13). A signature:
/// the hotkey is the validator of that uid, with a permit. A key of a uid: that uid. A key of a
/// hotkey: the metagraph has it at that uid. Any other key, an admin's too, is of no validator: as
/// without one, the report is taken where `unproved` is set only. Faults: ec::refused, with what
/// the key or the metagraph shows.
result<proved_report>
prove_report(const report_arrival& x, std::span<const neuron> metagraph, bool unproved);

/// The sentence for a verdict that refuses a report. `epoch`: of the report.
fault fault_of_verdict(std::string_view verdict, uint16_t validator_uid, uint64_t epoch);

} // namespace sluice
