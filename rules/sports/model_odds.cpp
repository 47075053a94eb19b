#include "rules/sports/prediction_model.hpp"

namespace sluice {

namespace {

class odds_model final : public prediction_model {
public:
  std::string_view name() const override { return "odds"; }

  void learn(const sports_game&) override {}

  std::optional<outcome_chances> chances(const sports_game& x) const override {
    outcome_chances made;
    double sum = 0;
    for (size_t i = 0; i < made.of.size(); ++i) {
      const auto odds = odds_of(x, static_cast<game_outcome>(i));
      if (i < 2 && (!odds || *odds <= nano_one))
        return std::nullopt;
      made.of[i] = odds && *odds > nano_one ? 1 / double_of(*odds) : 0;
      sum += made.of[i];
    }
    for (auto& p : made.of)
      p /= sum;
    return made;
  }
};

} // namespace

std::unique_ptr<prediction_model> make_odds_model() {
  return std::make_unique<odds_model>();
}

} // namespace sluice
