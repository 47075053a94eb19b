#include "rules/sports/exchange.hpp"

#include "rules/json_text.hpp"
#include "rules/sports/moment.hpp"

#include <utility>

namespace sluice {

namespace {

claim_value claimed_text(std::string x) {
  return {claim_kind::text, std::move(x)};
}

claim_value claimed_number(std::string digits) {
  return {claim_kind::number, std::move(digits)};
}

claim_value claimed_amount(const std::optional<nano>& x) {
  return x ? claimed_number(text_of_nano(*x)) : claim_value{claim_kind::null, ""};
}

std::string json_of_claimed(const claim_value& x) {
  switch (x.kind) {
  case claim_kind::boolean:
  case claim_kind::number:
    return x.text;
  case claim_kind::text:
    return json_text(x.text);
  case claim_kind::missing:
  case claim_kind::null:
  case claim_kind::other:
    break;
  }
  return "null";
}

} // namespace

prediction_claim
claim_of_pick(const sports_pick& pick, const sports_game& game, miner_uid uid, int64_t now_us) {
  prediction_claim made;
  made.prediction_id = claimed_text(pick.prediction_id);
  made.game_id = claimed_text(game.external_id);
  made.miner_uid = claimed_number(std::to_string(uid.value));
  made.prediction_date = claimed_text(sports_time_text(now_us));
  made.predicted_outcome = claimed_number(std::to_string(static_cast<int>(pick.outcome)));
  made.predicted_odds = claimed_amount(odds_of(game, pick.outcome));
  made.team_a = claimed_text(game.team_a);
  made.team_b = claimed_text(game.team_b);
  made.wager = claimed_number(text_of_nano(pick.wager));
  made.team_a_odds = claimed_number(text_of_nano(game.team_a_odds));
  made.team_b_odds = claimed_number(text_of_nano(game.team_b_odds));
  made.tie_odds = claimed_amount(game.tie_odds);
  if (!pick.model_name.empty())
    made.model_name = claimed_text(pick.model_name);
  if (pick.confidence)
    made.confidence_score = claimed_amount(pick.confidence);
  return made;
}

std::string json_of_claim(const prediction_claim& x) {
  json_object made;
  for_each_field(x, [&made](std::string_view name, const claim_value& value) {
    if (value.kind != claim_kind::missing)
      made.raw(name, json_of_claimed(value));
  });
  return made.text();
}

} // namespace sluice
