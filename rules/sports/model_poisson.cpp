#include "rules/sports/prediction_model.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace sluice {

namespace {

constexpr int goals_max = 15; // of one team; more than that has no weight
constexpr double strength_max = 4;
constexpr double strength_step = 1e-4; // of the numeric gradient
constexpr size_t known_teams_max = 100'000;

std::array<double, goals_max + 1> goal_chances(double mean) {
  std::array<double, goals_max + 1> made{};
  made[0] = std::exp(-mean);
  for (size_t n = 1; n < made.size(); ++n)
    made[n] = made[n - 1] * mean / static_cast<double>(n);
  return made;
}

class poisson_model final : public prediction_model {
public:
  explicit poisson_model(poisson_terms terms) : terms_(terms) {}

  std::string_view name() const override { return "poisson"; }

  void learn(const sports_game& x) override {
    if (x.outcome == game_outcome::undecided || strengths_.size() > known_teams_max)
      return;
    const auto ahead = difference(x);
    const auto likely = [&](double d) { return std::log(chances_of(d, x.can_tie)[x.outcome]); };
    const auto slope
      = (likely(ahead + strength_step) - likely(ahead - strength_step)) / (2 * strength_step);
    if (!std::isfinite(slope))
      return;
    move(x.sport, x.team_a, terms_.rate * slope);
    move(x.sport, x.team_b, -terms_.rate * slope);
  }

  std::optional<outcome_chances> chances(const sports_game& x) const override {
    return chances_of(difference(x), x.can_tie);
  }

private:
  double strength(const std::string& sport, const std::string& team) const {
    const auto at = strengths_.find({sport, team});
    return at == strengths_.end() ? 0 : at->second;
  }

  void move(const std::string& sport, const std::string& team, double by) {
    auto& x = strengths_[{sport, team}];
    x = std::clamp(x + by, -strength_max, strength_max);
  }

  double difference(const sports_game& x) const {
    return strength(x.sport, x.team_a) - strength(x.sport, x.team_b);
  }

  /// Without draws what they have is shared as the rest is.
  outcome_chances chances_of(double ahead, bool can_tie) const {
    const auto half = (terms_.home + ahead) / 2;
    const auto a = goal_chances(std::exp(terms_.level + half));
    const auto b = goal_chances(std::exp(terms_.level - half));
    outcome_chances made;
    for (size_t i = 0; i < a.size(); ++i)
      for (size_t k = 0; k < b.size(); ++k)
        made.of[i > k ? 0 : i < k ? 1 : 2] += a[i] * b[k];
    if (!can_tie)
      made.of[2] = 0;
    const auto sum = made.of[0] + made.of[1] + made.of[2];
    for (auto& p : made.of)
      p /= sum;
    return made;
  }

  poisson_terms terms_;
  std::map<std::pair<std::string, std::string>, double> strengths_; // by sport and team; from 0
};

} // namespace

std::unique_ptr<prediction_model> make_poisson_model(poisson_terms terms) {
  return std::make_unique<poisson_model>(terms);
}

} // namespace sluice
