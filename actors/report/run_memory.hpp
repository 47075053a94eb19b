/// What a reporter remembers of a run: enough for the summary, and for saying nothing twice.
#pragma once

#include "actors/liquidity/report/round_view.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace sluice::report {

/// A hotkey on one job, as it stands.
struct standing_row {
  std::string key;
  std::string strategy;
  miner_score score;
};

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

/// What of a lap has not been told yet.
struct lap_news {
  bool weights = false;      // published is new
  std::vector<job_id> ended; // jobs that came to their end
};

class run_memory {
public:
  void start(run_started first) { started_ = std::move(first); }
  lap_news take(const lap_done& lap);

  const run_started& started() const { return started_; }
  const std::map<job_id, job_memory>& jobs() const { return jobs_; }
  const std::optional<publish_record>& published() const { return published_; }

  /// Best combined score first; ties: lower uid.
  std::vector<standing_row> standings(const job_id& job) const;

  /// The best eligible hotkey with a combined score above 0.
  std::optional<standing_row> leader(const job_id& job) const;

  /// Does a miner hold this slot, or did one since the start?
  bool is_miner(miner_uid uid) const { return miners_.contains(uid); }

private:
  run_started started_;
  std::map<job_id, job_memory> jobs_;
  std::set<miner_uid> miners_;
  std::optional<publish_record> published_;
};

} // namespace sluice::report
