/// How likely the outcomes of a game are, by a model; and which of them are worth a wager.
#pragma once

#include "rules/result.hpp"
#include "rules/sports/exchange.hpp"
#include "rules/sports/game.hpp"
#include "rules/sports/nano.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// By outcome (team A, team B, draw): 0 to 1, sum 1; a draw only where the game can end in one.
struct outcome_chances {
  std::array<double, 3> of{};
  double operator[](game_outcome x) const { return of[static_cast<size_t>(x)]; }
};

/// One model. Not for several threads; the same games in the same order give the same answers.
class prediction_model {
public:
  virtual ~prediction_model() = default;

  virtual std::string_view name() const = 0;

  /// A decided game, in order of its start; others, and odds that are no odds, are passed over.
  virtual void learn(const sports_game& x) = 0;

  /// None: the game has no odds that the model needs.
  virtual std::optional<outcome_chances> chances(const sports_game& x) const = 0;
};

/// What the bookmaker's odds imply, without its margin: 1 / odds, normalised. Source:
/// facts/mechanisms D3.3 (p = 1 / odds).
std::unique_ptr<prediction_model> make_odds_model();

/// Ratings by team and sport that move with every result. Expected share of team A: 1 / (1 +
/// 10^((B - A - home) / 400)); a result moves both ratings by k * (result - expected), a draw is
/// half a win (A. Elo, The Rating of Chessplayers, 1978). `k`, `home`: rating points, 0 to 400.
struct elo_terms {
  double k = 12;
  double home = 50;
  double draw_share = 0.28; // of equal teams, where a game can end in a draw; 0 to 0.9
};
std::unique_ptr<prediction_model> make_elo_model(elo_terms terms = {});

/// Goals of both teams as independent Poisson numbers whose means follow from the strengths of the
/// teams: exp(level + home / 2 + (a - b) / 2) and exp(level - home / 2 - (a - b) / 2) (M. J. Maher,
/// Modelling association football scores, 1982). The feed has results without scores: strengths
/// follow the gradient of the log-likelihood of the results. `rate`: 0 to 1.
struct poisson_terms {
  double level = 0.3; // logarithm of the mean goals of a team among equals
  double home = 0.15;
  double rate = 0.03;
};
std::unique_ptr<prediction_model> make_poisson_model(poisson_terms terms = {});

inline constexpr std::array<std::string_view, 3> prediction_model_names{"odds", "elo", "poisson"};

/// By name, with the defaults; ec::bad_input with the names there are.
result<std::unique_ptr<prediction_model>> make_prediction_model(std::string_view name);

/// How picks are made. `edge_min`: a pick needs chance * odds - 1 of at least this; below 0: the
/// outcome with the best chance is taken whatever its edge. Amounts of nano.
struct pick_terms {
  double edge_min = -1;
  double kelly = 0.25;             // of the stake (chance * odds - 1) / (odds - 1) of the bankroll
  nano bankroll = 1000 * nano_one; // of a day
  nano wager_min = nano_one / 100; // also of picks without an edge
  nano wager_flat = 25 * nano_one; // of picks without an edge
};

/// At most one pick per game, in the order of the games, until `daily_left` is spent; wagers are
/// whole hundredths. Prediction ids are left empty: whoever sends them makes them.
struct game_pick {
  size_t game = 0; // index
  sports_pick pick;
};
std::vector<game_pick> picks_of(const prediction_model& model, std::span<const sports_game> games,
                                nano daily_left, const pick_terms& terms);

} // namespace sluice
