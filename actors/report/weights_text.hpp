/// Published weights as text: who gets what, and what the chain holds now.
#pragma once

#include "rules/weights/parts.hpp"
#include "storage/records.hpp"

#include <optional>
#include <string>

namespace sluice::report {

/// (uid, percent of the row), the largest first; ties: lower uid. Percents are from 0 to 100 and
/// add up to 100, or are all 0. Errors: none.
std::vector<std::pair<uint16_t, double>> shares_of(const weight_row& row);

/// "uid 3: 43.2 %, burn (uid 0): 56.8 %", the burn last; "nobody" for an empty row. In percent with
/// one digit behind the point. Errors: none.
std::string share_text(const weight_row& row, std::optional<miner_uid> burn);

/// "read back: same, block 230", "not published: REASON", "failed: NAME", …
std::string fate_text(const publish_record& record);

/// "NAME 25.0 %, NAME 15.0 % by its scores of 2 epochs ago, NAME 5.0 % burned: REASON"; ""
/// for fewer than two: then the weights are those of the only one. Percent of the emission.
std::string parts_text(const weight_parts& parts);

/// A name: fresh, kept, burned.
std::string_view name_of(part_state x);

/// A name for machines: same, different, or "-" when nothing was read back.
std::string read_back_text(const publish_record& record);

/// A name: intended, sent, confirmed, failed, skipped.
std::string_view name_of(publish_status x);

} // namespace sluice::report
