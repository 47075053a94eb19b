#include "rules/sports/pick_index.hpp"

#include "rules/sports/days.hpp"

#include <algorithm>

namespace sluice {

namespace {

/// The place of a value in `all`, where it is put when it is new.
template <class T>
uint32_t place_in(std::vector<T>& all, std::map<T, uint32_t>& places, const T& x) {
  const auto [at, is_new] = places.emplace(x, static_cast<uint32_t>(all.size()));
  if (is_new)
    all.push_back(x);
  return at->second;
}

} // namespace

void pick_index::add(const stored_prediction& x) {
  pick_row row;
  row.number = x.number;
  row.key = place_in(keys_, key_places_, x.key);
  row.game = place_in(games_, game_places_, x.game_id);
  row.received_day = sports_day_of(x.received_us);
  row.odds = x.odds;
  row.wager = x.wager;
  row.payout = x.payout;
  row.entropy = x.entropy;
  row.outcome = x.outcome;
  row.state = x.state;
  rows_.push_back(row);
}

void pick_index::settle(const stored_prediction& x) {
  const auto at = std::ranges::lower_bound(rows_, x.number, {}, &pick_row::number);
  if (at == rows_.end() || at->number != x.number)
    return;
  at->state = x.state;
  at->payout = x.payout;
}

void pick_index::rebuild(const std::map<uint64_t, stored_prediction>& all) {
  *this = {};
  rows_.reserve(all.size());
  for (const auto& [number, x] : all)
    add(x);
}

} // namespace sluice
