#include "rules/sports/prediction_model.hpp"

#include <cmath>
#include <map>
#include <utility>

namespace sluice {

namespace {

constexpr size_t rated_teams_max = 100'000;

class elo_model final : public prediction_model {
public:
  explicit elo_model(elo_terms terms) : terms_(terms) {}

  std::string_view name() const override { return "elo"; }

  void learn(const sports_game& x) override {
    if (x.outcome == game_outcome::undecided || ratings_.size() > rated_teams_max)
      return;
    const double result = x.outcome == game_outcome::team_a   ? 1
                          : x.outcome == game_outcome::team_b ? 0
                                                              : 0.5;
    const auto moved = terms_.k * (result - expected(x));
    ratings_[{x.sport, x.team_a}] += moved;
    ratings_[{x.sport, x.team_b}] -= moved;
  }

  std::optional<outcome_chances> chances(const sports_game& x) const override {
    const auto share = expected(x);
    // The share of draws is largest among equals, and each takes as much from both sides.
    const auto draw = x.can_tie ? terms_.draw_share * 4 * share * (1 - share) : 0;
    return outcome_chances{{share * (1 - draw), (1 - share) * (1 - draw), draw}};
  }

private:
  double rating(const std::string& sport, const std::string& team) const {
    const auto at = ratings_.find({sport, team});
    return at == ratings_.end() ? 0 : at->second;
  }

  double expected(const sports_game& x) const {
    const auto ahead = rating(x.sport, x.team_a) + terms_.home - rating(x.sport, x.team_b);
    return 1 / (1 + std::pow(10, -ahead / 400));
  }

  elo_terms terms_;
  std::map<std::pair<std::string, std::string>, double> ratings_; // by sport and team; from 0
};

} // namespace

std::unique_ptr<prediction_model> make_elo_model(elo_terms terms) {
  return std::make_unique<elo_model>(terms);
}

} // namespace sluice
