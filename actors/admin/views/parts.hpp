/// The views one by one, and what they share.
#pragma once

#include "rules/node_config.hpp"
#include "storage/data_dir.hpp"
#include "storage/records.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace sluice::views {

using json = nlohmann::ordered_json;

// ---- one per command ----------------------------------------------------------------------------

result<json> jobs(const storage::data_dir& disk);
/// The newest of one job, or of all ("").
result<json> rounds(const storage::data_dir& disk, std::string_view job);
result<json> round(const storage::data_dir& disk, std::string_view id);
result<json> scores(const storage::data_dir& disk, std::string_view job);
result<json> miners(const storage::data_dir& disk);
result<json> miner(const storage::data_dir& disk, std::string_view who);
result<json> explain(const storage::data_dir& disk, std::string_view id, std::string_view who);
result<json> weights(const storage::data_dir& disk);
result<json> sheets(const storage::data_dir& disk);
result<json> chain(const storage::data_dir& disk);
result<json> storage_room(const storage::data_dir& disk);
/// The last `count` of them.
result<json> actions(const storage::data_dir& disk, uint64_t count);

// ---- shared -------------------------------------------------------------------------------------

/// "2026-11-21T12:00:00Z"; null for 0, which no clock says.
json time_of(uint64_t unix_seconds);

/// A score or an average; what is not a number is null.
json number(double x);

/// An amount in whole tokens, every digit: "1.5", "-0.000001".
std::string exact(const u256& amount, uint8_t decimals);
std::string exact(const i256& amount, uint8_t decimals);

std::string_view word(round_status x);

/// The job, or no_such_key with the nearest of those that are there.
result<job_record> job_named(const storage::data_dir& disk, std::string_view id);

/// A stored round, or no_such_key.
result<round_record> round_named(const storage::data_dir& disk, std::string_view id);

/// Does this name the miner: its uid, or its hotkey?
bool is_miner(std::string_view who, miner_uid uid, const hotkey& key);

/// What happened to each of the last blocks' chain, if this folder has one.
result<std::optional<dev_chain>> stored_chain(const storage::data_dir& disk);

} // namespace sluice::views
