#include "rules/sports/prediction_model.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

constexpr nano hundredth = nano_one / 100;

/// The outcome with the largest edge, or with the best chance when no edge is asked for.
struct best_outcome {
  game_outcome outcome = game_outcome::undecided;
  double chance = 0;
  double edge = 0;
};

best_outcome best_of(const sports_game& game, const outcome_chances& chances, bool by_edge) {
  best_outcome best;
  for (const auto one : {game_outcome::team_a, game_outcome::team_b, game_outcome::draw}) {
    const auto odds = odds_of(game, one);
    if (!odds || *odds <= nano_one)
      continue;
    const best_outcome x{one, chances[one], chances[one] * double_of(*odds) - 1};
    const bool is_better = by_edge ? x.edge > best.edge : x.chance > best.chance;
    if (best.outcome == game_outcome::undecided || is_better)
      best = x;
  }
  return best;
}

nano wager_of(const best_outcome& best, double odds, const pick_terms& terms) {
  if (best.edge <= 0)
    return terms.wager_flat;
  const auto stake = terms.kelly * best.edge / (odds - 1) * static_cast<double>(terms.bankroll);
  return std::max(terms.wager_min, static_cast<nano>(std::min(stake, 1e18)));
}

} // namespace

std::vector<game_pick> picks_of(const prediction_model& model, std::span<const sports_game> games,
                                nano daily_left, const pick_terms& terms) {
  std::vector<game_pick> made;
  for (size_t i = 0; i < games.size(); ++i) {
    const auto chances = model.chances(games[i]);
    if (!chances)
      continue;
    const auto best = best_of(games[i], *chances, terms.edge_min >= 0);
    if (best.outcome == game_outcome::undecided
        || (terms.edge_min >= 0 && best.edge < terms.edge_min))
      continue;
    const auto odds = double_of(*odds_of(games[i], best.outcome));
    auto wager = std::min(wager_of(best, odds, terms), daily_left);
    wager -= wager % hundredth;
    if (wager < terms.wager_min || wager <= 0)
      continue;
    daily_left -= wager;
    sports_pick pick;
    pick.outcome = best.outcome;
    pick.wager = wager;
    pick.model_name = model.name();
    pick.confidence = static_cast<nano>(std::llround(best.chance * 1e6)) * 1000;
    made.push_back({i, std::move(pick)});
  }
  return made;
}

result<std::unique_ptr<prediction_model>> make_prediction_model(std::string_view name) {
  if (name == "odds")
    return make_odds_model();
  if (name == "elo")
    return make_elo_model();
  if (name == "poisson")
    return make_poisson_model();
  return fault{ec::bad_input, "there is no model \"" + std::string{name}
                                + "\"; there are odds, elo, poisson and exec:COMMAND"};
}

} // namespace sluice
