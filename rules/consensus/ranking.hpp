/// The order of miners by their work on tasks, and the score of each one.
#pragma once

#include "rules/consensus/availability.hpp"
#include "rules/consensus/config.hpp"
#include "rules/consensus/tracker.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// A miner as validators see it now. Stake in TAO; load and capacity in tasks; all from 0.
struct ranked_status {
  miner_uid uid;
  hotkey key;
  double stake = 0;
  double load = 0;
  double capacity = 5;
};

/// Where a miner stands. `performance`: 0 to 1; `composite`: tracker_composite; `score`: the same,
/// or 0 where `why` states a reason. Counts from 0.
struct ranked_miner {
  miner_uid uid;
  hotkey key;
  double stake = 0;
  double performance = 0;
  double composite = 0;
  double score = 0;
  std::string why; // it has no score; "": it has
  uint64_t total = 0;
  uint64_t successes = 0;
  uint64_t answered = 0;
  std::string main_type; // its task type with the most samples; "": none
  SLUICE_FIELDS(uid, key, stake, performance, composite, score, why, total, successes, answered,
                main_type)
  bool operator==(const ranked_miner&) const = default;
};

/// Everybody who can have a score, by uid and hotkey: those who may be selected, and who has worked
/// but may not be selected now, without stake and load.
std::vector<ranked_status>
ranked_statuses(const std::vector<available_miner>& miners,
                const std::map<hotkey, miner_work>& work, const consensus_settings& settings);

/// By score, the highest first, then by uid. `work`: by hotkey; whoever is not in it has done
/// nothing. A miner has a score from scored_successes successes on, as long as it was seen within
/// unseen_s. `now_ms`: milliseconds since 1970-01-01 UTC.
std::vector<ranked_miner>
rank_miners(const std::vector<ranked_status>& miners, const std::map<hotkey, miner_work>& work,
            uint64_t now_ms, const consensus_task_terms& terms);

} // namespace sluice
