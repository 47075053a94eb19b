/// The record of every miner on one job: averages, participation, eligibility (facts/liquidity §4).
#pragma once

#include "rules/liquidity/ids.hpp"
#include "rules/liquidity/query.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice {

/// How a miner came out of one round.
enum class miner_verdict : uint8_t {
  scored = 0, // took part to the end
  refused,    // accepted = false: no score change
  failed,     // silence, disconnect, undecodable, crash: evaluation score of the round 0
};

/// One hotkey in one round. Scores have no unit; they are within the job's score_min..score_max.
struct miner_result {
  miner_uid uid;
  hotkey key;
  miner_verdict verdict = miner_verdict::scored;
  double score = 0;     // of this round; 0 unless scored
  uint32_t invalid = 0; // proposals refused by us in this round
  std::string note;     // refusal reason, what failed, last invalid reason
  SLUICE_FIELDS(uid, key, verdict, score, invalid, note)
  bool operator==(const miner_result&) const = default;
};

/// What is kept of one hotkey on one job. The three scores are averages without a unit, from 0
/// before the first round on, within the job's score_min..score_max or 0. Times are unix seconds of
/// block time; the others count.
struct miner_score {
  miner_uid uid; // the slot it was last seen in
  double evaluation_score = 0;
  double live_score = 0;
  double combined_score = 0;
  uint64_t evaluations = 0; // evaluation rounds that moved its score: scored or failed
  uint64_t live_rounds = 0; // live rounds that it did not refuse
  uint64_t successes = 0;   // rounds scored
  uint64_t refusals = 0;    // rounds that it refused
  uint64_t failures = 0;    // rounds in which it failed
  uint64_t invalid = 0;     // proposals refused by us
  uint64_t first_seen = 0;  // unix seconds, block time
  uint64_t last_active = 0; // the same, of the last round that it answered: scored or refused
  bool eligible = false;
  SLUICE_FIELDS(uid, evaluation_score, live_score, combined_score, evaluations, live_rounds,
                successes, refusals, failures, invalid, first_seen, last_active, eligible)
  bool operator==(const miner_score&) const = default;
};

/// What a miner is sent about a finished round: how it ended for it, and where it stands on the job
/// now. Scores as in miner_score; `invalid` counts proposals that were refused.
struct miner_scores {
  round_id round;
  miner_verdict verdict = miner_verdict::scored;
  double score = 0;
  uint32_t rank = 0;   // from 1; 0: not ranked
  uint32_t miners = 0; // that were ranked
  uint32_t invalid = 0;
  std::string note; // why: the refusal, what failed, the last invalid reason
  double evaluation_score = 0;
  double live_score = 0;
  double combined_score = 0;
  bool eligible = false;
  SLUICE_FIELDS(round, verdict, score, rank, miners, invalid, note, evaluation_score, live_score,
                combined_score, eligible)
  bool operator==(const miner_scores&) const = default;
};

/// One hotkey, one UTC day, rounds of both kinds; the day counts when participated > refused. A
/// failed round is neither: silence is no participation, and no refusal either.
struct participation_day {
  uint32_t participated = 0; // rounds of that day that were scored
  uint32_t refused = 0;      // rounds of that day that it refused
  SLUICE_FIELDS(participated, refused)
  bool operator==(const participation_day&) const = default;
};

/// How rounds become averages and days eligibility (facts/liquidity §4). Alphas and shares have no
/// unit, 0 to 1.
struct scoreboard_terms {
  double evaluation_alpha = 0.1; // evaluation <- (1-a) * evaluation + a * score
  double live_alpha = 0.3;
  double evaluation_share = 0.6; // combined = share * evaluation + (1-share) * live
  uint32_t eligibility_days = 7; // of the last days + 1, 0 to 365 (0: everybody who took part once)
  std::vector<hotkey> trusted;   // always eligible
  SLUICE_FIELDS(evaluation_alpha, live_alpha, evaluation_share, eligibility_days, trusted)
  bool operator==(const scoreboard_terms&) const = default;
};

/// All hotkeys of one job. Pure: absorbing the same reports gives the same board. Scores have no
/// unit; no function here fails.
class scoreboard {
public:
  explicit scoreboard(scoreboard_terms terms = {}) : terms_(std::move(terms)) {}

  /// Puts back what was stored; nothing is checked.
  void restore(const hotkey& key, miner_score score);
  /// The same for the day `day`, a utc_day.
  void restore(const hotkey& key, uint32_t day, participation_day row);

  /// Books one finished round. `time` is the block time of its end. Refused: counts, no score
  /// change. Failed: evaluation score of the round 0 (live: no change). A uid under a new hotkey is
  /// a new miner. A score that is not finite counts as 0, so that it never reaches an average.
  /// Times are unix seconds. No error.
  void absorb(round_kind kind, uint64_t time, const std::vector<miner_result>& results);

  /// Re-judges eligibility on the day of `time`; absorb does it too. Eligible: trusted, or at least
  /// `eligibility_days` of the last eligibility_days + 1 UTC days count, today included (with
  /// eligibility_days 0: scored once). `time` is in unix seconds; no error.
  void judge(uint64_t time);

  const miner_score* find(const hotkey& key) const;
  const std::map<hotkey, miner_score>& scores() const { return scores_; }
  /// By hotkey and utc_day.
  const std::map<std::pair<hotkey, uint32_t>, participation_day>& days() const { return days_; }

  /// Hotkeys and (hotkey, day) rows that changed since the last call: what must be written.
  struct changes {
    std::set<hotkey> scores;
    std::set<std::pair<hotkey, uint32_t>> days;
  };
  changes take_changes();

  /// The best eligible hotkey with combined_score > 0 (ties: lower uid, then the hotkey), if any.
  /// No error.
  std::optional<hotkey> leader() const;

private:
  bool counts_enough(const hotkey& key, uint32_t today) const;

  scoreboard_terms terms_;
  std::map<hotkey, miner_score> scores_;
  std::map<std::pair<hotkey, uint32_t>, participation_day> days_;
  changes changed_;
};

/// The ranking of one evaluation round: who was scored, best first; ties by combined score on
/// `before` (the board without this round), then by lower uid. No error.
std::vector<miner_uid>
rank_round(const std::vector<miner_result>& results, const scoreboard& before);

/// The notices to everybody who took part, by uid. `after`: the board with this round. Ranks count
/// from 1; no error.
std::vector<std::pair<hotkey, miner_scores>>
scores_to_send(const round_id& round, const std::vector<miner_result>& results,
               const std::vector<miner_uid>& ranking, const scoreboard& after);

/// Who plays the live round: the first of an evaluation round's `ranking` whose hotkey is eligible
/// on `board`. None when nobody is. No error.
std::optional<miner_uid>
live_candidate(const std::vector<miner_uid>& ranking, const std::vector<miner_result>& results,
               const scoreboard& board);

/// The same, ranked here; equal scores go to the higher combined score on `board`. When the round
/// is already absorbed, that differs from `rank_round` for ties only. No error.
std::optional<miner_uid>
live_candidate(const std::vector<miner_result>& results, const scoreboard& board);

} // namespace sluice
