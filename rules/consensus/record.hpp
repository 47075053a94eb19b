/// What all reports about one miner amount to, and why.
#pragma once

#include "rules/consensus/miner_status.hpp"
#include "rules/fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// State of a record. Numbers are stored and travel. Source: facts/mechanisms C3c.
enum class consensus_state : uint8_t {
  none = 0,   // nobody reported on it
  pending,    // fewer validators than a consensus needs
  agreed,     // a consensus
  conflicted, // a consensus whose conflict ratio is too high: never selected
  stale,      // every report is older than the window
};
constexpr bool known(consensus_state x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(consensus_state::stale);
}
/// "none", "pending", "agreed", "conflicted", "stale"
std::string_view name_of(consensus_state x);

/// By which rule a field was merged. Numbers travel.
enum class merge_rule : uint8_t {
  mean = 0, // weighted mean
  vote,     // 60 % of the weight
  newest,   // the most recent of high confidence
  median,   // by stake, exactly in the middle
  majority, // more than half of the stake
  single,   // of the only report
};
constexpr bool known(merge_rule x) {
  return static_cast<uint8_t>(x) <= static_cast<uint8_t>(merge_rule::single);
}
/// "mean", "vote", "newest", "median", "majority", "single"
std::string_view name_of(merge_rule x);

/// About one uid. With a quorum (agreed, conflicted) `status` is the merged one; pending and stale:
/// the newest single report's, which serves until it is fallback_s old. Beyond that
/// it is stale without a fallback. Times: milliseconds since 1970-01-01 UTC.
struct consensus_record {
  miner_uid uid;
  consensus_state state = consensus_state::none;
  std::string hotkey; // of the group of reports that is served; "": no report has one
  miner_status status;
  std::vector<uint16_t> validators;   // uids of the group, ascending
  uint32_t reports_used = 0;          // one of each of them
  std::vector<std::string> conflicts; // names of fields, ascending
  uint32_t compared_fields = 0;       // that two or more report
  double conflict_ratio = 0;          // 0 to 1
  double confidence = 0;              // of the consensus, 0 to 1; without a quorum 0
  bool fallback = false;              // `status` is a single report's that still serves
  uint64_t newest_ms = 0;             // when the newest report in it was received
  uint64_t changed_ms = 0;            // when it was merged
  uint64_t version = 0;               // rises by one with each change, from 1
  SLUICE_FIELDS(uid, state, hotkey, status, validators, reports_used, conflicts, compared_fields,
                conflict_ratio, confidence, fallback, newest_ms, changed_ms, version)
  bool operator==(const consensus_record&) const = default;

  /// Is there a merged status?
  bool has_quorum() const {
    return state == consensus_state::agreed || state == consensus_state::conflicted;
  }
};

/// What one report said about a field.
struct field_report {
  uint64_t report = 0;        // number of the report
  uint16_t validator_uid = 0; // whose it is
  uint64_t received_ms = 0;
  double weight = 0;   // its part in the field: by confidence, or rao of stake
  std::string json;    // the value
  bool counts = false; // its value, or a part of it, is the merged one
  SLUICE_FIELDS(report, validator_uid, received_ms, weight, json, counts)
  bool operator==(const field_report&) const = default;
};

/// How a field came to be what it is.
struct field_explanation {
  std::string field;
  merge_rule rule = merge_rule::single;
  bool conflict = false;
  std::string json;                  // merged; "": no value
  std::vector<field_report> reports; // by validator uid
  SLUICE_FIELDS(field, rule, conflict, json, reports)
  bool operator==(const field_explanation&) const = default;
};

/// One report about one miner, with its validator as the rules see it; the numbers of the status
/// are here too, since they are read a hundred times as often. Made by `weigh`.
struct weighed_report {
  uint32_t fields = 0;    // mask_of the status
  uint32_t hotkey_id = 0; // the same exactly when the hotkeys are; 0: none
  bool is_serving = false;
  uint16_t validator_uid = 0;
  double stake = 0; // of the miner, TAO
  double performance = 0;
  double load = 0;
  double confidence = 0; // of the report
  uint64_t received_ms = 0;
  uint64_t stake_rao = 0;               // of the validator; 0: not known
  double reputation = 1;                // of the validator, 0 to 1
  uint64_t report = 0;                  // number of the report
  const miner_status* status = nullptr; // outlives this
};

/// Of one status; the caller adds the number of the report and what is known of the validator.
weighed_report
weigh(const miner_status& x, uint32_t hotkey_id, uint16_t validator_uid, uint64_t received_ms);

/// A validator as the metagraph shows it. `stake_rao`: rao.
struct consensus_validator {
  uint16_t uid = 0;
  std::string hotkey;
  uint64_t stake_rao = 0;
  SLUICE_FIELDS(uid, hotkey, stake_rao)
  bool operator==(const consensus_validator&) const = default;
};

} // namespace sluice
