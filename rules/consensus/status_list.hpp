/// `miner_statuses` as a validator sends it, read and cleaned item by item.
#pragma once

#include "rules/consensus/miner_status.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace sluice {

/// Of one report.
struct status_list {
  bool is_list = true;                // false: some other JSON value; nothing was read
  uint32_t skipped = 0;               // no object, without an integer uid from 0 to 65535, or with
                                      // a field that is there twice
  std::vector<miner_status> statuses; // in the order of the list; confidence is 0
};

/// Cleaned by README of the cases, consensus, rule 2; what is longer than status_limits allows is
/// removed too, and of fields that this program does not know the first status_limits::extra_max
/// are kept. Faults, ec::bad_input, of which the text before counts for nothing: no JSON text, with
/// the byte; more items, bytes or brackets inside each other than status_limits allow.
result<status_list> read_status_list(std::string_view json);

} // namespace sluice
