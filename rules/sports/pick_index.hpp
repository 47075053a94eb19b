/// What scoring reads of every prediction, in one piece of memory beside the maps of the book:
/// walking it is several times faster.
#pragma once

#include "rules/ids.hpp"
#include "rules/sports/prediction.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace sluice {

/// A prediction as scoring sees it; the rest is in the book under the same number.
struct pick_row {
  uint64_t number = 0;
  uint32_t key = 0;         // place in pick_index::keys
  uint32_t game = 0;        // place in pick_index::games
  int64_t received_day = 0; // days since 1970-01-01 UTC
  nano odds = 0;
  nano wager = 0;
  nano payout = 0;
  double entropy = 0;
  game_outcome outcome = game_outcome::team_a;
  prediction_state state = prediction_state::stored;
};

/// Of one writer, as the book. Rows are by number.
class pick_index {
public:
  /// The number is above all others (not checked).
  void add(const stored_prediction& x);

  /// Takes the newest one back. There is one (not checked).
  void take_back() { rows_.pop_back(); }

  /// State and payout are as in `x` now. No error: one that is not there is passed over.
  void settle(const stored_prediction& x);

  /// These and no others, by number.
  void rebuild(const std::map<uint64_t, stored_prediction>& all);

  const std::vector<pick_row>& rows() const { return rows_; }
  /// Whoever predicted, and what was predicted (external_id), in order of their first prediction;
  /// some may have no row any more.
  const std::vector<hotkey>& keys() const { return keys_; }
  const std::vector<std::string>& games() const { return games_; }

private:
  std::vector<pick_row> rows_;
  std::vector<hotkey> keys_;
  std::vector<std::string> games_;
  std::map<hotkey, uint32_t> key_places_;
  std::map<std::string, uint32_t> game_places_;
};

} // namespace sluice
