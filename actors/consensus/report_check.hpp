/// A file of miner statuses, validated and merged without a node.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "rules/consensus/config.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// One report of the file. `statuses`: the JSON text of the list, as it stands there.
struct checked_report {
  uint16_t validator_uid = 0;
  uint64_t epoch = 0;
  std::string statuses;
};

/// A list of statuses (one report, of validator 0), an object {validator_uid, epoch,
/// miner_statuses}, or a list of such objects (at most 64). Faults: ec::bad_input with the place
/// and what was expected. `name` stands for the file.
result<std::vector<checked_report>>
read_checked_reports(std::string_view text, const std::string& name);

/// Each item as a node would take it, with its confidence and what was removed from it; and every
/// miner's merged record, explained. All reports count as received at `now_ms`, milliseconds since
/// 1970-01-01 UTC. Faults: ec::bad_input for a list that is none, with the report's validator.
result<views::json> check_reports(const std::vector<checked_report>& reports, uint64_t now_ms,
                                  const consensus_settings& settings);

/// The same document as text for a terminal.
std::string
checked_reports_text(const views::json& document, size_t columns, bool color, bool ascii);

} // namespace sluice
