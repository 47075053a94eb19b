/// Attempts to set weights: how one begins, and how it ended, read from what the node published.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/events.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/records.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// The attempt that the last step began, as it has ended by `now_us` (microseconds since 1970-01-01
/// UTC); none: there is none, it is noted already, or nothing is decided yet. One whose weights
/// were never asked for was skipped: those of the epoch had been decided before. Faults: what the
/// disk reports.
result<std::optional<weights_attempt>>
ended_sports_attempt(const storage::data_dir& disk, int64_t now_us);

/// The chain's name of an error inside a reason ("SettingWeightsTooFast"), "WeightsRefused" of what
/// the node itself held back; "ChainError" when there is none. `is_skipped`: the node decided. No
/// error.
std::string weights_error_type(std::string_view reason, bool is_skipped);

/// The event of an attempt that has ended. No error.
weights_set_event weights_event_of(const weights_attempt& x);

} // namespace sluice
