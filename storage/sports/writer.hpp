/// What the sports mechanism writes, as rows: games, predictions, counts, scorings, attempts,
/// nonces, and what is erased again.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/nonce_book.hpp"
#include "rules/sports/prediction.hpp"
#include "rules/sports/tiers.hpp"
#include "storage/batch.hpp"
#include "storage/data_dir.hpp"
#include "storage/sports/records.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice::storage {

/// A game as it is from now on. No error.
void add_game(batch& out, const sports_game& x);

/// Predictions that were accepted, by number: rows, where their ids stand, the highest number. None
/// is settled yet (not checked). No error.
void add_accepted(batch& out, std::span<const stored_prediction> rows);
/// One of them. No error.
inline void add_accepted(batch& out, const stored_prediction& x) {
  add_accepted(out, std::span{&x, 1});
}

/// A prediction that was settled. No error.
void add_settled(batch& out, const stored_prediction& x);

/// Counts of predictions as they are on the disk, with what came since. `received` is the sum of
/// all answers, and of those that are not answered yet.
class prediction_counts {
public:
  /// Faults: what the disk reports.
  static result<prediction_counts> read(const data_dir& disk);

  void received(uint64_t n) { add({"received"}, n); }
  void answered(const prediction_answer& x);
  /// Of a key of `sports_numbers`; 0: none. No error.
  int64_t value(const std::string& name) const;
  /// All rows of `sports_numbers` as of reading, with what came since.
  const std::map<std::string, int64_t>& all() const { return values_; }

  /// The rows that changed since the last time. A batch that is not written loses nothing: the
  /// counts are the whole, not the difference, and the next change writes them.
  void put(batch& out);

private:
  void add(const std::string& name, uint64_t n);

  std::map<std::string, int64_t> values_;
  std::set<std::string> changed_;
};

/// The rules that are in force from now on. No error.
void add_rules(batch& out, const sports_settings& x);

/// A moment or a day of `sports_numbers`. No error.
void add_number(batch& out, const std::string& name, int64_t value);

/// Nonces that were used. No error.
void add_nonces(batch& out, std::span<const sports_nonce> all);

/// Erases the nonces of messages that state a moment before `before_us`; answers how many, at most
/// 100000. Faults: what the disk reports.
result<uint64_t> expire_nonces(const data_dir& disk, int64_t before_us, batch& out);

/// A scoring. The one that is beyond sports_scorings_kept is erased. No error.
void add_scoring(batch& out, const sports_scoring& x);

/// Daily parts of the days that were computed. No error.
void add_daily(batch& out, const std::map<miner_day, daily_score>& parts);

/// Tiers after the run of `day`, and who moved since they were stored. A hotkey that is not in
/// `tiers` keeps its row of an earlier day, which recall_tiers passes over. No error.
void add_tiers(batch& out, int64_t day, const std::map<hotkey, uint8_t>& tiers,
               std::span<const tier_move> moves);
/// The same, and such rows are erased. Faults: what the disk reports.
result<nothing> add_tiers(const data_dir& disk, batch& out, const tier_state& now,
                          std::span<const tier_move> moves);

/// An attempt to set weights, when it begins or as it ended. The one that is beyond
/// sports_attempts_kept is erased. No error.
void add_attempt(batch& out, const weights_attempt& x);

/// What a service states about itself: one line of JSON. Erases what is older than
/// sports_stats_kept_us, at most 100 rows. Faults: what the disk reports.
result<nothing>
add_stats(const data_dir& disk, batch& out, const service_moment& at, const std::string& json);

/// Erases predictions and games (which nobody may need any more: none is open) and adds the
/// predictions to what is kept of them per hotkey. Faults: invalid_argument for an open one; what
/// the disk reports.
result<nothing>
add_forgotten(const data_dir& disk, batch& out, std::span<const stored_prediction> predictions,
              std::span<const std::string> games);

/// Erases daily parts and tier moves of days before `day`; at most 100000 rows of each. Answers how
/// many. Faults: what the disk reports.
result<uint64_t> expire_days(const data_dir& disk, int64_t day, batch& out);

} // namespace sluice::storage
