/// What the commands of a shell show of a data folder, whether its node runs or not.
#pragma once

#include "actors/mechanism_module.hpp"
#include "messages/chain.hpp"
#include "rules/admin/commands.hpp"
#include "storage/data_dir.hpp"

#include <optional>
#include <string>

namespace sluice::views {

/// The chain as it is now, or was last.
struct chain_seen {
  std::optional<chain_view> view;
  std::string why_not = "this folder has no chain yet; it begins with the first round";
};

/// Does the answer of this command show where the chain stands?
bool shows_chain(const admin::call& what);

/// The answer of a command whose source is the disk, as a JSON document; a mechanism's own is its
/// module's. Reads only, each table in read transactions of its own, and may take seconds: some
/// views recompute. `seen` is only looked at where the answer shows it. Faults: bad_input and
/// no_such_key name what is there instead; what the disk reports.
result<std::string> of_disk(const storage::data_dir& disk, const admin::call& what,
                            mechanism_list mechanisms, const chain_seen& seen);

} // namespace sluice::views
