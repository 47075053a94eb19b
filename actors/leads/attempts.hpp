/// Attempts to publish the shares: how one began, what became of it.
#pragma once

#include "messages/chain.hpp"
#include "rules/leads/publish.hpp"
#include "rules/leads/step.hpp"
#include "rules/result.hpp"
#include "storage/data_dir.hpp"

#include <optional>

namespace sluice {

/// The row of an attempt that a step had opened, as the scores of this epoch are handed in.
/// `settings`: of the mechanism; `k_miner`: who was K.
lead_publish
attempt_of(const lead_step& step, const share_report& report, const mapped_shares& mapped,
           const leads_settings& settings, const hotkey& k_miner, epoch_no epoch);

/// The hotkeys of the subnet and their uids.
std::map<hotkey, miner_uid> metagraph_of(const chain_view& seen);

/// The last step's attempt once it has ended and nobody has noted it: its row with result, hash and
/// reason as they are to be stored. None while it is under way, and when there is no such attempt.
/// Faults: what the disk reports.
result<std::optional<lead_publish>> ended_attempt(const storage::data_dir& disk);

} // namespace sluice
