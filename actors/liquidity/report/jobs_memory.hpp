/// What the liquidity mechanism's report remembers of a run: its jobs and how their miners stand.
#pragma once

#include "actors/liquidity/report/round_view.hpp"
#include "messages/node.hpp"
#include "rules/liquidity/config.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice::report {

/// A hotkey on one job, as it stands.
struct standing_row {
  std::string key;
  std::string strategy;
  miner_score score;
};

/// Rounds are counts from 0; `completed` counts over all runs. Errors: none.
struct job_memory {
  uint64_t completed = 0; // rounds since the job's beginning
  uint64_t rounds = 0;    // seen by this process: evaluation
  uint64_t live = 0;      // live
  uint64_t failed_rounds = 0;
  bool ended = false;
  bool failed = false;
  std::string note;
  std::vector<std::pair<hotkey, miner_score>> scores;
};

/// What each job did in a step; nothing when the report is not this mechanism's.
std::span<const job_report> jobs_of(const step_report& step);

class jobs_memory {
public:
  void start(const run_started& first);
  void take(const step_report& step);

  /// By id, as configured.
  const std::map<std::string, job_config>& configured() const { return configured_; }
  /// What the jobs read from, a line each.
  const std::vector<std::string>& feeds() const { return feeds_; }
  const strategy_labels& labels() const { return labels_; }

  const std::map<job_id, job_memory>& jobs() const { return jobs_; }

  /// Did this job come to its end in the step that was taken last?
  bool ended_now(const job_id& job) const { return ended_now_.contains(job); }

  /// As every board is sorted: rules/liquidity/board_order.hpp.
  std::vector<standing_row> standings(const job_id& job) const;

  /// The best eligible hotkey with a combined score above 0.
  std::optional<standing_row> leader(const job_id& job) const;

  /// Does a miner hold this slot, or did one since the start? `uid`: 0 to 65535. Errors: none.
  bool is_miner(miner_uid uid) const { return miners_.contains(uid); }

private:
  std::map<std::string, job_config> configured_;
  std::vector<std::string> feeds_;
  strategy_labels labels_;
  std::map<job_id, job_memory> jobs_;
  std::set<job_id> ended_now_;
  std::set<miner_uid> miners_;
};

} // namespace sluice::report
