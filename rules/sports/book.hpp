/// All games and stored predictions in memory: what judging, settling and scoring are calculated
/// from.
#pragma once

#include "rules/ids.hpp"
#include "rules/result.hpp"
#include "rules/sports/check.hpp"
#include "rules/sports/config.hpp"
#include "rules/sports/days.hpp"
#include "rules/sports/entropy.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/pick_index.hpp"
#include "rules/sports/prediction.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice {

/// What changes when everything that is due is settled.
struct sports_settlement {
  std::vector<sports_game> games;             // decided or void from now on, by external_id
  std::vector<stored_prediction> predictions; // won, lost or void from now on, by number
};

/// What is not kept any longer.
struct sports_forgotten {
  std::vector<std::string> games;             // external_id, ascending
  std::vector<stored_prediction> predictions; // by number
};

/// Of one writer; others may read while nobody writes. Whoever makes changes durable stores what
/// these functions return and applies it then, or takes it back. Times are microseconds since
/// 1970-01-01 UTC. Calculations do not depend on the order of games, only on that of predictions.
class sports_book {
public:
  explicit sports_book(const sports_settings& rules = {}) : rules_(rules) {}

  // ---- games ------------------------------------------------------------------------------------

  /// The game as it is after one record of a feed: teams, start and odds as the record has them, an
  /// outcome when it is the first and comes not later than void_after_s behind the start.
  sports_game after(const game_update& x) const;

  /// The games that these records change, each once as it is behind the last of them; by
  /// external_id. The records are taken in their order.
  std::vector<sports_game> after_all(std::span<const game_update> all) const;

  /// The game is so from now on.
  void put(sports_game x);

  /// Null: not known. Valid until the game is put again or forgotten.
  const sports_game* find_game(std::string_view external_id) const;

  /// By external_id.
  const std::map<std::string, sports_game, std::less<>>& games() const { return games_; }

  /// Games that can be predicted at `now_us`: undecided and before their start; by start, then
  /// external_id; at most `limit`.
  std::vector<sports_game> offered(int64_t now_us, size_t limit) const;

  /// Games that are neither decided nor void.
  uint64_t open_games() const { return open_games_.size(); }

  // ---- predictions ------------------------------------------------------------------------------

  /// Checks a prediction; what is accepted has its number and its entropy, and is to be applied.
  /// `uid`: of whoever signed, none when it is not registered. `feed_us`: the last word of the
  /// feed; none when odds cannot become stale.
  checked_prediction judge(const prediction_arrival& x, std::optional<miner_uid> uid,
                           std::optional<int64_t> feed_us) const;

  /// What `judge` accepted, or the next row of the disk (by number): then its entropy is as stored.
  /// ec::corrupt_data: the number is not above all others, the id is there, or the game is not.
  result<nothing> apply(stored_prediction x);

  /// The next prediction has a number above `number`, although rows up to it may be forgotten. For
  /// a book that was read back.
  void continue_after(uint64_t number) { last_number_ = std::max(last_number_, number); }

  /// Takes the newest `count` predictions back, as if they had never been applied. At most as many
  /// as were applied since the last settlement (not checked).
  void take_back(size_t count);

  const stored_prediction* find(std::string_view prediction_id) const;
  /// By number.
  const std::map<uint64_t, stored_prediction>& predictions() const { return predictions_; }

  /// Accepted wagers of a UTC day, voided ones included: what the daily limit counts.
  nano wagered_on(const hotkey& key, int64_t day) const;
  /// Of everybody who wagered on this day.
  std::map<hotkey, nano> wagered_on(int64_t day) const;

  // ---- settlement -------------------------------------------------------------------------------

  /// What is due at `now_us`: games with an outcome are decided, those without one are void when
  /// `now_us` is later than their start by more than void_after_s. Nothing changes here; what was
  /// settled is not settled again.
  sports_settlement due(int64_t now_us) const;
  void apply(const sports_settlement& x);

  /// Games that ended, started before `before_us` and whose predictions are all settled, with these
  /// predictions.
  sports_forgotten old(int64_t before_us) const;
  void apply(const sports_forgotten& x);

  const sports_settings& rules() const { return rules_; }

  /// All predictions, as scoring reads them.
  const pick_index& picks() const { return picks_; }

  /// Predictions on one game, per outcome by number.
  struct game_pools {
    std::array<std::vector<uint64_t>, 3> numbers;
    std::array<std::vector<pool_pick>, 3> picks;
    std::array<std::vector<double>, 3> raw; // entropy of each, before scaling
    uint64_t size() const { return numbers[0].size() + numbers[1].size() + numbers[2].size(); }
  };
  /// Null: nobody predicted it.
  const game_pools* pools_of(std::string_view external_id) const;

private:
  void add_entropy(stored_prediction& x) const;

  sports_settings rules_;
  std::map<std::string, sports_game, std::less<>> games_;
  std::set<std::string, std::less<>> open_games_;
  std::map<uint64_t, stored_prediction> predictions_;
  pick_index picks_;
  std::map<std::string, uint64_t, std::less<>> numbers_; // by prediction_id
  std::map<std::string, game_pools, std::less<>> pools_; // by external_id
  std::map<std::pair<int64_t, hotkey>, nano> wagered_;   // by day
  uint64_t last_number_ = 0;
};

} // namespace sluice
