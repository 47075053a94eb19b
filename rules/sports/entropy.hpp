/// How much a prediction adds that earlier ones on the same outcome had not. Source:
/// facts/mechanisms D3.3; mechanisms-large/README, sports 4.
#pragma once

#include <cstdint>
#include <span>

namespace sluice {

/// One pick of a pool: the predictions on one outcome of one game. `seconds`: when it was received,
/// from 1970-01-01 UTC or any other origin; `wager` in virtual dollars, above 0. Distances in time
/// are differences of seconds as doubles, as in the recorded cases: hours would lose digits first.
struct pool_pick {
  double odds = 0;
  double wager = 0;
  double seconds = 0;
};

/// Likeness of a pick to the earlier ones of its pool: 0.5 * mean(1 / (1 + |hours apart|)) + 0.4 *
/// mean(1 - |wagers apart| / the larger) + 0.1 * mean(1 / (1 + |odds apart|)); 0 for the first. Its
/// cost grows with the pool: a pool of n picks has cost n * n / 2 in all.
double similarity_of(const pool_pick& x, std::span<const pool_pick> earlier);

/// sqrt(1 - picks on the outcome / picks on the game) - 0.5, before this pick; 0.5 when the game
/// has none.
double contrarian_of(uint64_t on_outcome, uint64_t on_game);

/// -0.6 * similarity + 0.4 * contrarian.
double raw_entropy_of(double similarity, double contrarian);

/// Within -10 to 10: where a raw value lies between the least and the largest of its pool, itself
/// included; 0 when these are equal.
double scaled_entropy(double raw, double least, double largest);

/// -p * log2(p), p = 1 / odds. `odds`: above 0.
double initial_entropy_of(double odds);

} // namespace sluice
