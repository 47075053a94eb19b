/// Which miner is in which tier, one run per day. Source: facts/mechanisms D3.4,
/// mechanisms-large/README, sports 5.
#pragma once

#include "rules/ids.hpp"
#include "rules/result.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/scores.hpp"
#include "rules/sports/scoring.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace sluice {

/// A miner of the subnet as it is now. `valid`: false takes its tier away.
struct sports_member {
  miner_uid uid;
  hotkey key;
  bool valid = true;
};

/// What a run continues from. A hotkey that is not in `tiers` has none yet.
struct tier_state {
  std::map<hotkey, uint8_t> tiers; // 0: invalid, to 5
  std::optional<int64_t> last_day; // of the last run, days since 1970-01-01 UTC
  bool operator==(const tier_state&) const = default;
};

/// Days that are made up for at once after a pause; older ones are left out. No window reaches
/// further back than 45, but who rises does so one tier a day.
inline constexpr int64_t tier_days_max = 400;

/// Does the miner fulfil what tier `tier` (1 to 5) asks for on this day? A sentence when it does
/// not, "" when it does. `record`: null: it has no prediction.
std::string
tier_fault(const sports_record* record, uint8_t tier, int64_t day, const sports_settings& rules);

/// Miners that a tier (1 to 5) holds: floor(slots * share).
uint64_t tier_capacity(uint8_t tier, const sports_settings& rules);

/// One run: new miners enter tier 1, invalid ones leave; who does not fulfil its tier falls until
/// it does; then from the top free places go to the best of the tier below, and full tiers exchange
/// their worst for better ones. Members must have different hotkeys. Moves are by uid.
std::vector<tier_move>
run_tiers(tier_state& state, int64_t day, std::span<const sports_member> members,
          const sports_records& records, const sports_settings& rules);

/// A run for every day behind the last one, or from `first_day` on when there was none, to `today`;
/// at most tier_days_max of them. Nothing when today was run already. Moves by day, then uid.
std::vector<tier_move> advance_tiers(tier_state& state, int64_t first_day, int64_t today,
                                     std::span<const sports_member> members,
                                     const sports_records& records, const sports_settings& rules);

} // namespace sluice
