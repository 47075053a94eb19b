/// What a data folder states about the leads mechanism as a whole.
#pragma once

#include "rules/leads/config.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sluice {

/// All of its tables.
storage::schema_part leads_tables();

/// The last step that was played, from 1; none when none was. Faults: what the disk reports.
result<std::optional<uint64_t>> lead_steps_done(const storage::data_dir& disk);

/// Why its last attempt to publish had nothing to publish, for people; "" when it had. A disk that
/// cannot be read is the reason then.
std::string why_no_lead_scores(const storage::data_dir& disk, const leads_settings& settings);

} // namespace sluice
