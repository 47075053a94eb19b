/// The shell's views of the leads mechanism, out of the data folder.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "rules/admin/commands.hpp"

#include <string>

namespace sluice {

/// The answer of one of its commands whose source is the disk. Faults: what the disk reports;
/// no_such_key for a hotkey that no lead names.
result<std::string> leads_view(const storage::data_dir& disk, const admin::call& what);

/// Everything at a glance: what is stored, who holds sourced leads back, the last publish.
result<views::json> leads_overview(const storage::data_dir& disk);
/// Every miner with its share, by rank.
result<views::json> leads_shares(const storage::data_dir& disk);
/// The last attempts to publish, newest first; of one under way, what the weights state.
result<views::json> leads_publishes(const storage::data_dir& disk);

} // namespace sluice
