/// Which reports about a miner are merged: those in the window about the hotkey that is served.
#pragma once

#include "rules/consensus/config.hpp"
#include "rules/consensus/record.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sluice {

/// Places are those of the list of latest reports.
struct report_group {
  std::vector<uint32_t> in_window; // ascending
  std::vector<uint32_t> members;   // of these: what is merged, ascending
  std::vector<double> weights;     // of `members`, in the same order; 0 and above
  std::vector<uint64_t> stakes;    // of `members`, rao; 1 each when nobody in the window has any
  std::optional<uint32_t> named;   // a member that carries the hotkey of the group
  std::optional<uint32_t> newest;  // of all reports, also those that are too old
  bool compares_hotkeys = false;   // two reports or more carry one
  bool hotkey_in_conflict = false;
  uint32_t fields_of_any = 0; // bits of fields that a member has
  uint32_t fields_of_two = 0; // that two members or more have
  uint32_t fields_of_all = 0; // that every member has; of no member: all bits
  double mean_confidence = 0; // of the members
  double mean_reputation = 1; // of them
};

/// The group at `now_ms` (milliseconds since 1970), by the policy of the settings. `latest`: by
/// validator uid. Source: facts/mechanisms C3.3, C4; of byzantine: rules/consensus/byzantine.hpp.
void group_reports(std::span<const weighed_report> latest, uint64_t now_ms,
                   const consensus_settings& settings, report_group& out);

} // namespace sluice
