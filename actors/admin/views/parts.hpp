/// The general views one by one, and what they share with those of mechanisms.
#pragma once

#include "actors/admin/views/views.hpp"
#include "rules/ids.hpp"
#include "rules/math/wide.hpp"
#include "storage/data_dir.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace sluice::views {

using json = nlohmann::ordered_json;

// ---- one per command ----------------------------------------------------------------------------

result<json> weights(const storage::data_dir& disk, const chain_seen& seen);
result<json> scores_of_mechanisms(const storage::data_dir& disk, const chain_seen& seen);
/// no_such_key when it was never seen.
result<json> chain(const chain_seen& seen);
result<json> storage_used(const storage::data_dir& disk);
/// The last `count` of them. From 0; newest first. Faults: what the disk reports.
result<json> actions(const storage::data_dir& disk, uint64_t count);

// ---- shared -------------------------------------------------------------------------------------

/// As a line without an end; bytes that are no UTF-8 are replaced.
std::string text_of(const json& document);

/// "2026-11-21T12:00:00Z"; null for 0, which no clock shows. Seconds since 1970-01-01 UTC.
json time_of(uint64_t unix_seconds);

/// A score or an average; what is not a number is null. In the unit of its key.
json number(double x);

/// An amount in whole tokens, every digit: "1.5", "-0.000001". `amount`: smallest units,
/// `decimals`: 0 to 255. Errors: none.
std::string exact(const u256& amount, uint8_t decimals);
/// The same with a sign. Errors: none.
std::string exact(const i256& amount, uint8_t decimals);

/// Does this name the miner: its uid, or its hotkey? `uid`: 0 to 65535, compared as decimal digits.
/// Errors: none.
bool is_miner(std::string_view who, miner_uid uid, const hotkey& key);

} // namespace sluice::views
