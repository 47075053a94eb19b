/// What a miner's record counts with in the weights now, and why.
#pragma once

#include "actors/liquidity/views/parts.hpp"
#include "rules/liquidity/scoreboard.hpp"

namespace sluice::views {

/// A job's board as of its last round, with what it remembers of the rounds before.
class board_now {
public:
  /// Faults: what the disk reports.
  static result<board_now> of(const storage::data_dir& disk, job_record job);

  /// `active_share`, 0 to 1; `counts_with` (null: the record does not count), `evidence_n`,
  /// `evidence_mean`, `evidence_deviation`; of its cluster `one_with` and `because` for people, and
  /// `cluster` with all evidence (null: it is in none). Scores have no unit. No error.
  json record_of(const hotkey& key) const;

private:
  job_record job_;
  scoreboard board_;
};

} // namespace sluice::views
