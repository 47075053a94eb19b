/// What the shell shows of consensus, from the disk.
#pragma once

#include "actors/admin/views/parts.hpp"
#include "actors/consensus/stored_book.hpp"
#include "rules/admin/commands.hpp"

#include <string>

namespace sluice {

/// The answer of one of the commands of this mechanism whose source is the disk. Faults:
/// no_such_key where what is named is not there; what the disk reports.
result<std::string> consensus_view(const storage::data_dir& disk, const admin::call& what);

/// Records, validators, rates, latency and the four health checks at a glance.
views::json consensus_overview(const stored_book& x);
/// Every miner that has a record, by uid.
views::json consensus_miners(const stored_book& x);
/// Every validator that has reported, by hotkey.
views::json consensus_validators(const stored_book& x);
/// Fields in conflict of every miner, with what was reported; and contradictions of validators.
result<views::json> consensus_conflicts(const storage::data_dir& disk, const stored_book& x);

} // namespace sluice
