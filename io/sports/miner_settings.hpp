/// Reads what a miner of the sports mechanism is run with: `--set KEY=VALUE` of `sluice miner`.
#pragma once

#include "io/config/setting_override.hpp"
#include "rules/result.hpp"
#include "rules/sports/miner_settings.hpp"

namespace sluice::io {

/// Keys are the fields of sports_miner_settings, wager_min in virtual dollars; the last one of a
/// key wins, what is not set stays as it is by default. ec::bad_input: a sentence that begins with
/// where the value comes from.
result<sports_miner_settings> read_sports_miner_settings(setting_overrides set);

} // namespace sluice::io
