/// What the transport of the sports mechanism reads from any thread: games, who is registered,
/// where miners stand.
#pragma once

#include "net/sports/backend.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/scores.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace sluice {

/// The intake and scoring write, everybody reads; each call is whole. Moments are microseconds
/// since 1970-01-01 UTC. No errors.
class sports_public_view {
public:
  /// From now on these games, and nothing else; the intake does so when it begins.
  void open(std::vector<sports_game> games);
  void put(std::span<const sports_game> games);
  void forget(std::span<const std::string> games);

  /// Those behind (since_us, after_id) in the order of net::changed_us and their ids.
  std::vector<sports_game> games(const net::sports_games_query& query) const;

  void set_registered(std::map<hotkey, miner_uid> all);
  std::optional<miner_uid> registered(const hotkey& key) const;

  void set_standings(std::span<const sports_standing> all);
  std::optional<sports_standing> standing(const hotkey& key) const;

private:
  using place = std::pair<int64_t, std::string>;

  void put_one(const sports_game& x);

  mutable std::mutex mutex_;
  std::map<place, sports_game> games_;
  std::map<std::string, int64_t> changed_; // id -> its place
  std::map<hotkey, miner_uid> registered_;
  std::map<hotkey, sports_standing> standings_;
};

} // namespace sluice
