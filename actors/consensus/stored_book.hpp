/// The reports of a data folder as the book that its node had, at the last moment that it stored.
#pragma once

#include "rules/consensus/report_book.hpp"
#include "rules/consensus/step.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"
#include "storage/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sluice {

/// `status.now_ms`: the moment of the records.
struct stored_book {
  report_book book;
  intake_status status;
};

/// Merged by the settings and the validators that the node stored with them. Faults: what the disk
/// reports.
result<stored_book> read_stored_book(const storage::data_dir& disk);

/// All tables of this mechanism, the steps' among them.
storage::schema_part all_consensus_tables();

/// The last step that was played. Faults: what the disk reports.
result<std::optional<uint64_t>> consensus_steps_done(const storage::data_dir& disk);

/// Why nobody has a score, for people: what is missing and what changes that; "" when somebody has.
std::string
why_no_consensus_scores(const storage::data_dir& disk, const consensus_settings& settings);

} // namespace sluice
