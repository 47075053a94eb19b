/// Shares and curation results as CSV and JSON lines, for other programs.
#pragma once

#include "io/text/json_fields.hpp"
#include "rules/leads/lead.hpp"
#include "rules/leads/shares.hpp"

#include <string>
#include <vector>

namespace sluice::io {

/// A line of CSV (RFC 4180: CRLF left to LF), fields quoted where needed. Text that a spreadsheet
/// would take for a formula (= + - @ in front) gets an apostrophe before it.
std::string csv_line(const std::vector<std::string>& fields);

/// rank,hotkey,share,curated,sourced and a line per miner, by rank. Shares with 12 digits.
std::string shares_csv(const share_report& report);

/// request_id,place,time,source,curated_by,... and a line per lead. Times as ISO text in UTC.
std::string leads_csv_head();
std::string leads_csv(const curation_result& x);

/// The original's result {"weights_dict", "stats"} with status, counts, tally, window and v2.
json shares_json(const share_report& report);

} // namespace sluice::io
