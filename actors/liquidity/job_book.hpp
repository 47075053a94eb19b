/// What a job knows and keeps: its record, its scoreboard, and what must be written when a round
/// ends.
#pragma once

#include "messages/liquidity.hpp"
#include "rules/liquidity/clusters.hpp"
#include "rules/liquidity/config.hpp"
#include "storage/data_dir.hpp"
#include "storage/liquidity/records.hpp"
#include "storage/records.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// One round (of both kinds) that is being played. Blocks are the feed's, both included; `attempts`
/// counts from 1, with this one. Not checked here.
struct open_round {
  round_no number;
  uint64_t start_block = 0;
  uint64_t end_block = 0;
  std::vector<miner_uid> live_candidates; // who may play the live round, in this order
  uint32_t attempts = 1;
};

/// The roster's answer as the rules see it. No error.
std::vector<cluster_member> members_of(const std::vector<roster_entry>& roster);

/// Who may play the live round, in order, of those who are registered. No error.
std::vector<roster_entry>
candidates_of(const open_round& round, const std::vector<roster_entry>& roster);

/// The job's memory without its mailbox: pure but for reading the disk when it is spawned and for
/// reports.
class job_book {
public:
  /// Reads everything that is stored of the job, or begins anew. `lookback_rounds`: live rounds
  /// whose revenue is kept, from 1. Faults: what the disk reports.
  static result<job_book>
  open(job_config config, uint64_t lookback_rounds, std::shared_ptr<const storage::data_dir> disk);

  const job_record& record() const { return record_; }
  const scoreboard& board() const { return board_; }
  bool begun() const { return record_.begun; }

  /// The first round is this one; nothing was played before. Numbers are block / blocks per round
  /// (rules/liquidity/schedule.hpp), from 0.
  void begin_at(round_no number) {
    record_.begun = true;
    record_.first_round = record_.next_round = number.value;
  }

  /// The next round as it would be played now. Faults: what the disk reports.
  result<open_round> next() const;

  /// Rows that state that a round has started, and from where: where the round before it has
  /// ended, or `from`, which has a full checkpoint before the first round.
  storage::batch started(const open_round& round, const feed_state& from) const;

  /// Rows of a finished round, but for its blocks; books it. `live` is absent when nobody was
  /// eligible. `vault`: what the vault has at the end.
  storage::batch finished(const open_round& round, const feed_state& from, const feed_state& to,
                          const round_outcome& evaluation, const std::optional<round_outcome>& live,
                          const plan_outcome& vault);

  /// Rows of a round that could not be played; goes on to the next. Its blocks are not stored: `to`
  /// has a full checkpoint.
  storage::batch failed(const open_round& round, const feed_state& to, const std::string& why);

  /// Rows that state that nothing will come any more: the recording is over, or (`failed`) it is
  /// bad.
  storage::batch ended(const std::string& why, bool failed);

  /// The vault as a plan that changes nothing.
  plan idle() const;

  /// The configuration of a round: the vault's state is its start.
  job_config config_now() const;

  /// Who is registered while the next round is played: its record shows their clusters.
  void know(std::vector<cluster_member> registered) { registered_ = std::move(registered); }

  /// `registered`: which hotkey holds which uid now, and who owns it. The revenue is from 0, whole
  /// token1 times job_config::token1_value. Errors: none.
  job_standing standing(const std::vector<cluster_member>& registered) const;

  /// The step as it is on disk. The number is from 1; for 0 and for rounds that are not completed
  /// it has no rounds in it. Faults: what the disk reports.
  result<job_report> report(uint64_t step) const;

  /// Is there nothing left to play of this step? The number is from 1.
  bool is_over(uint64_t step) const { return record_.ended || record_.completed >= step; }

private:
  round_record round_row(const open_round& round, round_kind kind, round_status status) const;
  void put_scores(storage::batch& out);
  void put_job(storage::batch& out) const;

  job_record record_;
  scoreboard board_;
  plan_history plans_;
  std::vector<cluster_member> registered_;
  uint64_t lookback_ = 0;
  std::shared_ptr<const storage::data_dir> disk_;
};

} // namespace sluice
