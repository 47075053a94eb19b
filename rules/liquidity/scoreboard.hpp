/// The record of every miner on one job: averages, participation, eligibility (facts/liquidity §4).
#pragma once

#include "rules/liquidity/ids.hpp"
#include "rules/liquidity/query.hpp"
#include "rules/math/u256.hpp"

#include <cstdint>
#include <deque>
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

/// By which rules a round was scored. A round states its own: what is stored stays what it was.
enum class scoring_rules : uint8_t {
  original = 0, // of 0.1.0 and 0.2.0 (facts/liquidity), of backtest and score
  kept_plans,   // docs/decisions/0036: silence keeps the plan, who never answers has failed
};
inline constexpr auto current_rules = scoring_rules::kept_plans;

/// One hotkey in one round. Scores have no unit; they are within the job's score_min..score_max,
/// `entered` is within twice that.
struct miner_result {
  static constexpr size_t fields_in_schema_3 = 6;

  miner_uid uid;
  hotkey key;
  miner_verdict verdict = miner_verdict::scored;
  double score = 0;     // of this round; 0 unless scored
  uint32_t invalid = 0; // proposals refused by us in this round
  std::string note;     // refusal reason, what failed, last invalid reason
  /// What entered the average of the round's kind; none: nothing did, or the rules are the original
  /// ones, which say it by the verdict.
  std::optional<double> entered{};
  SLUICE_FIELDS(uid, key, verdict, score, invalid, note, entered)
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
  static constexpr size_t fields_in_schema_3 = 5;

  double evaluation_alpha = 0.1; // evaluation <- (1-a) * evaluation + a * score
  double live_alpha = 0.3;
  double evaluation_share = 0.6; // combined = share * evaluation + (1-share) * live
  uint32_t eligibility_days = 7; // of the last days + 1, 0 to 365 (0: everybody who took part once)
  std::vector<hotkey> trusted;   // always eligible
  /// A record counts while the miner was scored in at least this share of the job's last
  /// activity_rounds evaluation rounds; 0: always (the original). 0 to 1.
  double active_share = 0;
  /// Above 0 the weights use mean - evidence * deviation / sqrt(n) of the values of the last
  /// evidence_seconds in place of the combined score; 0: the combined score. 0 to 100.
  double evidence = 0;
  SLUICE_FIELDS(evaluation_alpha, live_alpha, evaluation_share, eligibility_days, trusted,
                active_share, evidence)
  bool operator==(const scoreboard_terms&) const = default;
};

/// Evaluation rounds that the active share and the comparison of plans look back on.
inline constexpr uint32_t activity_rounds = 96;
/// What the evidence looks back on: seconds of block time, and the fewest values that say anything.
inline constexpr uint64_t evidence_seconds = 7 * 86'400;
inline constexpr uint64_t evidence_values_min = 30;

/// The values that entered a miner's averages in the last evidence_seconds. Mean and deviation
/// (divisor count - 1) have no unit; both 0 while there are too few to say.
struct score_evidence {
  uint64_t count = 0;
  double mean = 0;
  double deviation = 0;
  bool operator==(const score_evidence&) const = default;
};

/// mean - evidence * deviation / sqrt(count); none when count is below evidence_values_min. No
/// unit, no error.
std::optional<double> proven_score(const score_evidence& values, double evidence);

/// What entered an average by the original rules: the score of who was scored, 0 of who failed an
/// evaluation round. None: nothing. A score that is not finite counts as 0.
std::optional<double> original_entry(round_kind kind, const miner_result& result);

/// All hotkeys of one job. Pure: absorbing the same reports gives the same board. Scores have no
/// unit; no function here fails.
class scoreboard {
public:
  explicit scoreboard(scoreboard_terms terms = {}) : terms_(std::move(terms)) {}

  /// Puts back what was stored; nothing is checked.
  void restore(const hotkey& key, miner_score score);
  /// The same for the day `day`, a utc_day.
  void restore(const hotkey& key, uint32_t day, participation_day row);

  /// Books one finished round. `time` is the block time of its end. By the original rules
  /// `original_entry` enters the averages, else `miner_result::entered`. A refusal of a live round
  /// costs a day nothing but by the original rules. A uid under a new hotkey is a new miner. A
  /// value that is not finite counts as 0, so that it never reaches an average. Times are unix
  /// seconds. No error.
  void absorb(round_kind kind, uint64_t time, const std::vector<miner_result>& results,
              scoring_rules rules = scoring_rules::original);

  /// Puts a round back into what is not stored beside the averages: the last activity_rounds, the
  /// values of the last evidence_seconds. In the order in which rounds were absorbed; a board whose
  /// rows were restored is the old one again when it has recalled all rounds from
  /// `evidence_seconds` before the last one and at least activity_rounds evaluation rounds, as far
  /// as there are any. Times are unix seconds. No error.
  void recall(round_kind kind, uint64_t time, const std::vector<miner_result>& results,
              scoring_rules rules);

  /// Re-judges eligibility on the day of `time`; absorb does it too. Eligible: trusted, or at least
  /// `eligibility_days` of the last eligibility_days + 1 UTC days count, today included (with
  /// eligibility_days 0: scored once). `time` is in unix seconds; no error.
  void judge(uint64_t time);

  const miner_score* find(const hotkey& key) const;
  const std::map<hotkey, miner_score>& scores() const { return scores_; }
  /// By hotkey and utc_day.
  const std::map<std::pair<hotkey, uint32_t>, participation_day>& days() const { return days_; }

  /// In which share of the job's last evaluation rounds it was scored: 0 to 1; 0 before the first.
  double activity(const hotkey& key) const;
  /// Enough of them for its record to count (scoreboard_terms::active_share).
  bool active(const hotkey& key) const;
  /// Eligible and active: counts for weights and for live rounds.
  bool counts(const hotkey& key) const;
  /// Of the time of the last round that was absorbed or recalled.
  score_evidence evidence_of(const hotkey& key) const;
  /// What the weights use: the combined score or, with evidence, the proven one; none when its
  /// record does not count. No unit.
  std::optional<double> weight_score(const hotkey& key) const;

  /// Hotkeys and (hotkey, day) rows that changed since the last call: what must be written.
  struct changes {
    std::set<hotkey> scores;
    std::set<std::pair<hotkey, uint32_t>> days;
  };
  changes take_changes();

  /// The best hotkey that counts and has a combined_score > 0 (ties: lower uid, then the hotkey),
  /// if any. No error.
  std::optional<hotkey> leader() const;

private:
  struct timed_value {
    uint64_t time = 0;
    double value = 0;
  };
  /// What a hotkey did lately.
  struct recent_record {
    u128 scored = 0;                // a bit per evaluation round, the last one lowest
    std::deque<timed_value> values; // oldest first
  };

  bool counts_enough(const hotkey& key, uint32_t today) const;

  scoreboard_terms terms_;
  std::map<hotkey, miner_score> scores_;
  std::map<hotkey, recent_record> recent_;
  uint32_t rounds_ = 0; // evaluation rounds in `scored`, at most activity_rounds
  uint64_t now_ = 0;    // unix seconds
  std::map<std::pair<hotkey, uint32_t>, participation_day> days_;
  changes changed_;
};

/// The ranking of one evaluation round: who was scored, best first; ties by combined score on
/// `before` (the board without this round), then by lower uid. But by the original rules, who sent
/// an invalid proposal comes behind those who did not, and ties go to the `incumbent` (who played
/// the last live round) first. No error.
std::vector<miner_uid>
rank_round(const std::vector<miner_result>& results, const scoreboard& before,
           scoring_rules rules = scoring_rules::original, const hotkey& incumbent = {});

/// The first of a ranking, unless that one sent an invalid proposal and the rules are not the
/// original ones. None: nobody won. No error.
std::optional<miner_uid> winner_of(const std::vector<miner_uid>& ranking,
                                   const std::vector<miner_result>& results, scoring_rules rules);

/// The notices to everybody who took part, by uid. `after`: the board with this round. Ranks count
/// from 1; no error.
std::vector<std::pair<hotkey, miner_scores>>
scores_to_send(const round_id& round, const std::vector<miner_result>& results,
               const std::vector<miner_uid>& ranking, const scoreboard& after);

/// Who may play the live round, in this order: those of an evaluation round's `ranking` who sent no
/// invalid proposal and whose record counts on `board`. No error.
std::vector<miner_uid>
live_candidates(const std::vector<miner_uid>& ranking, const std::vector<miner_result>& results,
                const scoreboard& board);

} // namespace sluice
