#include "actors/sports/public_view.hpp"

namespace sluice {

void sports_public_view::open(std::vector<sports_game> games) {
  const std::scoped_lock lock{mutex_};
  games_.clear();
  changed_.clear();
  for (const auto& x : games)
    put_one(x);
}

void sports_public_view::put(std::span<const sports_game> games) {
  const std::scoped_lock lock{mutex_};
  for (const auto& x : games)
    put_one(x);
}

void sports_public_view::put_one(const sports_game& x) {
  const auto at = net::changed_us(x);
  const auto known = changed_.find(x.external_id);
  if (known != changed_.end())
    games_.erase({known->second, x.external_id});
  changed_[x.external_id] = at;
  games_[{at, x.external_id}] = x;
}

void sports_public_view::forget(std::span<const std::string> games) {
  const std::scoped_lock lock{mutex_};
  for (const auto& id : games) {
    const auto known = changed_.find(id);
    if (known == changed_.end())
      continue;
    games_.erase({known->second, id});
    changed_.erase(known);
  }
}

std::vector<sports_game> sports_public_view::games(const net::sports_games_query& query) const {
  const std::scoped_lock lock{mutex_};
  std::vector<sports_game> made;
  for (auto at = games_.upper_bound({query.since_us, query.after_id});
       at != games_.end() && made.size() < query.limit; ++at)
    made.push_back(at->second);
  return made;
}

void sports_public_view::set_registered(std::map<hotkey, miner_uid> all) {
  const std::scoped_lock lock{mutex_};
  registered_ = std::move(all);
}

std::optional<miner_uid> sports_public_view::registered(const hotkey& key) const {
  const std::scoped_lock lock{mutex_};
  const auto at = registered_.find(key);
  return at == registered_.end() ? std::nullopt : std::optional{at->second};
}

void sports_public_view::set_standings(std::span<const sports_standing> all) {
  const std::scoped_lock lock{mutex_};
  standings_.clear();
  for (const auto& x : all)
    standings_[x.key] = x;
}

std::optional<sports_standing> sports_public_view::standing(const hotkey& key) const {
  const std::scoped_lock lock{mutex_};
  const auto at = standings_.find(key);
  return at == standings_.end() ? std::nullopt : std::optional{at->second};
}

} // namespace sluice
