/// What the HTTP routes of consensus call their backend with, as checked values, and its answers.
#pragma once

#include "net/http/caller.hpp"
#include "rules/consensus/signed_report.hpp"
#include "rules/ids.hpp"

#include <cstdint>
#include <string>

namespace sluice::net {

/// A validator's report as it came. `report.miner_statuses` is the JSON text of the list and was
/// not read. Where `report.hotkey` is not "", its signature was verified, and it is fresh; whether
/// that hotkey, or the key of `caller`, is the validator of `report.validator_uid` is for the
/// backend to check. With neither it is a report that nothing proves, which the routes take only
/// where consensus_routes_terms says so.
struct consensus_report_call {
  signed_report report{};
  http_caller caller{};
};

/// What became of a report.
struct consensus_report_answer {
  bool success = true;            // false: `miner_statuses` was no list, and nothing is stored
  std::string error{};            // a sentence when it was no success
  uint64_t miners_processed = 0;  // items that were taken
  uint64_t consensus_updated = 0; // of those, after which the miner had a quorum
};

/// Who a miner is on the subnet.
struct registered_miner {
  miner_uid uid{};
  hotkey key{};
};

} // namespace sluice::net
