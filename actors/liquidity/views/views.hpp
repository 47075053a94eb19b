/// What the commands of a shell show of jobs, rounds and their miners.
#pragma once

#include "rules/admin/commands.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <string>

namespace sluice::views {

/// The answer of a command of this mechanism whose source is the disk, as a JSON document. Reads
/// only; `explain` replays a round, which takes a while. Faults: bad_input and no_such_key name
/// what is there instead; what the disk reports.
result<std::string> of_jobs(const storage::data_dir& disk, const admin::call& what);

} // namespace sluice::views
