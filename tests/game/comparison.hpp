/// Judges many games: does a dishonest player gain anything over its honest twin?
#pragma once

#include "rules/fields.hpp"
#include "tests/game/one_game.hpp"

#include <span>
#include <string>
#include <vector>

namespace sluice::game {

/// One player under one way to compute, over all seeds. `d`: the player less the mean of its twin's
/// two copies (of sybils: the sum of their weights less the weight of one hotkey in their place),
/// of scores without a unit, of weights as a part of all weights. `error` is the standard error of
/// the mean, 0 when all d are equal; `limit` is what the mean may be at most.
struct comparison {
  std::string model;
  std::string baseline;
  uint32_t days = 0;
  /// "score", "weight"; for information "evaluation", the average of the evaluation rounds alone,
  /// and "share", the weight if nothing were burned.
  std::string what;
  std::string way; // "2", or "proportional/2"; of evaluation ""
  std::string player;
  std::string twin;
  uint64_t seeds = 0;
  double mean = 0;
  double error = 0;
  double largest = 0; // d of any seed
  double limit = 0;
  bool judged = false;
  bool violated = false;
  SLUICE_FIELDS(model, baseline, days, what, way, player, twin, seeds, mean, error, largest, limit,
                judged, violated)
};

/// What is judged.
enum class judging : uint8_t {
  /// Scores and weights over many seeds: the mean of d is at most four standard errors, or 1e-9
  /// where all d are equal.
  many_seeds = 0,
  /// With few seeds chance decides live rounds and weights. But who keeps the same plans as its
  /// twin
  /// has the same evaluation rounds: without a baseline d is at most 1e-9 in each seed.
  each_seed,
};

/// `d` of several seeds against the first rule, which needs two of them. Fills the members from
/// `seeds` on.
void judge(comparison& x, std::span<const double> d);

/// Everybody who is compared, by model, baseline, days, what, way and the order of players. Eight
/// hotkeys together get at most 1 % of all weights more than one, in the mean, by either rule.
std::vector<comparison> compare(std::span<const game_end> games, judging rule);

/// For people: a table per model, baseline and eligibility. Scores in basis points, weights in
/// percent of all weights.
std::string table_of(std::span<const comparison> all);

} // namespace sluice::game
