/// What the shell and `sluice trading` show of the ledger, as JSON documents.
#pragma once

#include "rules/admin/commands.hpp"
#include "rules/result.hpp"
#include "rules/trading/stats.hpp"
#include "storage/data_dir.hpp"
#include "storage/trading/plan.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::views {

using json = nlohmann::ordered_json;

/// The answer of a command of this mechanism whose source is the disk. Faults of all functions
/// here: bad_input and no_such_key state what is there instead; what the disk reports.
result<std::string> of_trading(const storage::data_dir& disk, const admin::call& what);

/// Moment, counts of rows and events by outcome, subnets whose neurons are unknown, every miner.
result<json> trading_overview(const storage::data_dir& disk);
/// One miner by uid or hotkey: get_miner_performance with its days and its outcomes.
result<json> trading_performance(const storage::data_dir& disk, std::string_view who);
/// At most `most` rows, the newest of what matches, oldest first.
result<json>
trading_trades(const storage::data_dir& disk, const position_filter& filter, size_t most);
/// The same, and the statistics of everything that matches by subnet.
result<json>
trading_positions(const storage::data_dir& disk, const position_filter& filter, size_t most);
/// The newest performance snapshots of one miner, of all ("").
result<json> trading_snapshots(const storage::data_dir& disk, std::string_view who, size_t most);
/// Reserves and prices of the pools that were imported, by netuid.
result<json> trading_pools(const storage::data_dir& disk);
/// Weight, score, days, legs, events of one miner, with sums that are compared.
result<json> trading_explained(const storage::data_dir& disk, std::string_view who);

// ---- shared -------------------------------------------------------------------------------------

/// The setup; no_such_key when the folder has no ledger yet.
result<storage::ledger_setup> trading_setup(const storage::data_dir& disk);
/// The miner that a uid or a hotkey names.
result<miner_performance> trading_miner(const storage::data_dir& disk,
                                        const storage::ledger_setup& setup, std::string_view who);

/// Smallest units (1e-9) as a decimal, every digit that matters: "1.5", "-0.000000001".
std::string whole_text(i128 units);
/// "2025-04-01T00:02:00Z"; null for a moment that is none. Microseconds since 1970.
json moment_json(int64_t time_us);
/// "2025-04-01". Days since 1970.
std::string day_text(int32_t day);

} // namespace sluice::views
