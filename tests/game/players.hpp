/// The players of the game of honest scoring: dishonest miners beside honest twins, with the names
/// and the decisions of cases/scoring/game.py.
#pragma once

#include "rules/liquidity/query.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::game {

/// What a player remembers of one kind of round on one job. `value` is in token1's smallest unit;
/// `turns` counts questions from 0. A day is of block time, in whole days since 1970-01-01 UTC.
struct player_memory {
  std::optional<round_id> round; // whose first question gave `value`
  u256 value;
  uint32_t turns = 0;
  /// Days to rounds counted as good, and rounds refused.
  std::map<uint64_t, std::pair<uint32_t, uint32_t>> days;
};

/// The answer to a question; none is silence.
using player_move = std::optional<rebalance_reply>;

/// One player. `twin`: whom it is compared with: the honest strategy that it would be without its
/// dishonesty; "" of an honest player, which is compared with nobody.
struct player {
  std::string_view name;
  std::string_view twin;
  player_move (*decide)(const rebalance_query& query, player_memory& memory);
};

/// All of them, in the order of game.py.
std::span<const player> all_players();

/// By name, or null.
const player* find_player(std::string_view name);

/// The honest copies that a twin's name stands for: the strategy and its second copy.
std::pair<std::string_view, std::string_view> copies_of(std::string_view twin);

/// The hotkeys that one owner plays `wide` with: sybil1 to sybil8.
std::vector<std::string> sybils();

} // namespace sluice::game
