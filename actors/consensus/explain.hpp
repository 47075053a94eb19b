/// One miner's record, back to the reports that it was merged from, as a JSON document.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "rules/consensus/report_book.hpp"
#include "rules/result.hpp"

#include <cstdint>
#include <string_view>

namespace sluice {

/// Its state, the arithmetic of its confidence, its availability, and of every merged field the
/// reports, weights and rule. `now_ms`: milliseconds since 1970-01-01 UTC.
views::json
explain_record(const report_book& book, const consensus_record& record, uint64_t now_ms);

/// The same of whoever is named, by uid or hotkey; no_such_key with the nearest that there is.
result<views::json>
explain_consensus(const report_book& book, std::string_view who, uint64_t now_ms);

/// A JSON text as a value; what is none is a text.
views::json json_value(std::string_view json);

} // namespace sluice
