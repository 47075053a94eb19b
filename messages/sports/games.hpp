/// How games come to the sports mechanism, from whichever source.
#pragma once

#include "messages/errors.hpp"
#include "messages/inspect.hpp"
#include "rules/sports/game.hpp"

#include <caf/fwd.hpp>
#include <caf/replies_to.hpp>
#include <caf/type_id.hpp>
#include <caf/typed_actor.hpp>

#include <cstdint>
#include <vector>

namespace sluice {

/// Games in one batch, at most; more are ec::bad_input.
inline constexpr size_t sports_game_batch_max = 10'000;

/// What a source stated at one moment, in the order in which it stated it. A batch without games
/// is a word of the source as well: what is stored stands. `at_us`: the moment of that word,
/// microseconds since 1970-01-01 UTC by the node's clock; games whose own `at_us` is 0 get it.
struct sports_game_batch {
  int64_t at_us = 0;
  std::vector<game_update> games;
  SLUICE_FIELDS(at_us, games)
  bool operator==(const sports_game_batch&) const = default;
};

/// What a batch came to, durably. Counts from 0.
struct sports_games_taken {
  uint64_t added = 0;
  uint64_t changed = 0;
  uint64_t unchanged = 0;
  uint64_t won = 0; // predictions that it settled
  uint64_t lost = 0;
  uint64_t voided = 0;
  SLUICE_FIELDS(added, changed, unchanged, won, lost, voided)
  bool operator==(const sports_games_taken&) const = default;
};

/// Whoever takes games. An actor with more messages is one of these as well. Faults: ec::bad_input;
/// the storage writer's, and nothing was taken.
using sports_games_actor
  = caf::typed_actor<caf::replies_to<sports_game_batch>::with<sports_games_taken>>;

} // namespace sluice

CAF_BEGIN_TYPE_ID_BLOCK(sluice_sports_games, 1530)

  CAF_ADD_TYPE_ID(sluice_sports_games, (sluice::sports_game_batch))
  CAF_ADD_TYPE_ID(sluice_sports_games, (sluice::sports_games_taken))
  CAF_ADD_TYPE_ID(sluice_sports_games, (sluice::sports_games_actor))

CAF_END_TYPE_ID_BLOCK(sluice_sports_games)

EXTERN_INSTANTIATE(sluice::sports_game_batch)
EXTERN_INSTANTIATE(sluice::sports_games_taken)
