/// What the commands of a shell show of a data folder, whether its node runs or not.
#pragma once

#include "rules/admin/commands.hpp"
#include "storage/data_dir.hpp"

#include <string>

namespace sluice::views {

/// The answer of a command whose source is the disk, as a JSON document. Reads only, each table in
/// read transactions of its own; `explain` replays a round, which takes a while. Faults: bad_input
/// and no_such_key name what is there instead; what the disk says.
result<std::string> of_disk(const storage::data_dir& disk, const admin::call& what);

} // namespace sluice::views
