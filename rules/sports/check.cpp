#include "rules/sports/check.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sluice {

namespace {

constexpr nano ten_thousandth = nano_one / 10'000;

bool is_given(const claim_value& x) {
  return x.kind != claim_kind::missing && x.kind != claim_kind::null;
}

/// Rounded to 4 decimals, half to even.
nano four_decimals(nano x) {
  const auto whole = x / ten_thousandth;
  const auto twice = x % ten_thousandth * 2;
  const bool up = twice > ten_thousandth || (twice == ten_thousandth && whole % 2 == 1);
  return (whole + (up ? 1 : 0)) * ten_thousandth;
}

bool are_close(nano a, nano b, nano tolerance) {
  return (a > b ? a - b : b - a) <= tolerance;
}

std::string shown(const claim_value& x) {
  if (!is_given(x))
    return "nothing";
  constexpr size_t shown_max = 64;
  const auto text = x.text.substr(0, shown_max);
  if (x.kind == claim_kind::text)
    return '"' + text + '"';
  return text.empty() ? "no number" : text;
}

std::string lower(std::string x) {
  std::ranges::transform(
    x, x.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return x;
}

/// Which outcome a claim chooses. `by_word`: as a text that is no number.
struct chosen_outcome {
  game_outcome outcome = game_outcome::undecided; // it is none
  bool by_word = false;
};

chosen_outcome outcome_in(const claim_value& x, const sports_game& game) {
  if (x.kind != claim_kind::number && x.kind != claim_kind::text)
    return {};
  if (const auto number = number_of(x)) {
    for (const auto one : {game_outcome::team_a, game_outcome::team_b, game_outcome::draw})
      if (*number == static_cast<nano>(one) * nano_one)
        return {one, false};
    return {};
  }
  if (x.text == game.team_a)
    return {game_outcome::team_a, true};
  if (x.text == game.team_b)
    return {game_outcome::team_b, true};
  if (lower(x.text) == "tie")
    return {game_outcome::draw, true};
  return {};
}

checked_terms refused_terms(prediction_code code, std::string message) {
  checked_terms made;
  made.code = code;
  made.message = std::move(message);
  return made;
}

/// The odds of one outcome as the claim states them against those that are stored; "" when they
/// agree.
std::string odds_fault(const char* field, const claim_value& claimed, std::optional<nano> stored,
                       nano tolerance) {
  const std::string name{field};
  if (!stored)
    return is_given(claimed) ? name + ": the game has none, got " + shown(claimed) : "";
  const auto number = number_of(claimed);
  if (number && are_close(*number, *stored, tolerance))
    return {};
  return name + ": expected " + text_of_nano(*stored) + " within " + text_of_nano(tolerance)
         + ", got " + shown(claimed);
}

/// Are both the same prediction? `game`: of the stored one; null: not kept any more.
bool is_same_prediction(const prediction_arrival& x, const stored_prediction& stored,
                        const sports_game* game) {
  const auto& claim = x.claim;
  const auto same
    = [](const claim_value& given, std::optional<nano> kept) { return number_of(given) == kept; };
  const auto model = is_given(claim.model_name) ? claim.model_name.text : "";
  return x.key == stored.key && game && name_in(claim.game_id) == stored.game_id
         && outcome_in(claim.predicted_outcome, *game).outcome == stored.outcome
         && same(claim.predicted_odds, stored.odds) && same(claim.wager, stored.wager)
         && same(claim.team_a_odds, stored.team_a_odds)
         && same(claim.team_b_odds, stored.team_b_odds) && same(claim.tie_odds, stored.tie_odds)
         && same(claim.confidence_score, stored.confidence)
         && model.substr(0, sports_limits::model_name_bytes_max) == stored.model_name;
}

using reason = std::optional<std::pair<prediction_code, std::string>>;

reason refuse(prediction_code code, std::string message) {
  return std::pair{code, std::move(message)};
}

reason identity_fault(const prediction_arrival& x, const check_context& context) {
  using enum prediction_code;
  if (!context.uid)
    return refuse(unknown_hotkey,
                  "Unknown miner hotkey: " + x.key.value + " is not registered on this subnet");
  const auto uid = number_of(x.claim.miner_uid);
  if (uid != static_cast<nano>(context.uid->value) * nano_one)
    return refuse(uid_mismatch, "miner_uid: expected " + std::to_string(context.uid->value)
                                  + ", which is yours, got " + shown(x.claim.miner_uid));
  return {};
}

reason data_fault(const read_claim& ids) {
  using enum prediction_code;
  if (ids.prediction_id.empty())
    return refuse(missing_data, "prediction_id is missing");
  if (ids.prediction_id.size() > sports_limits::prediction_id_bytes_max)
    return refuse(missing_data, "prediction_id: expected at most "
                                  + std::to_string(sports_limits::prediction_id_bytes_max)
                                  + " bytes, got " + std::to_string(ids.prediction_id.size()));
  return {};
}

reason wager_fault(const prediction_arrival& x, const read_claim& ids, const check_context& context,
                   const sports_settings& rules) {
  using enum prediction_code;
  if (!ids.wager || *ids.wager <= std::max<nano>(rules.wager_min, 0))
    return refuse(invalid_wager, "wager: expected a number above "
                                   + text_of_nano(std::max<nano>(rules.wager_min, 0)) + ", got "
                                   + shown(x.claim.wager));
  if (!within_daily_limit(context.wagered_today, *ids.wager, rules.daily_limit))
    return refuse(daily_limit_exceeded, "wager: " + text_of_nano(*ids.wager) + " and "
                                          + text_of_nano(context.wagered_today)
                                          + " wagered on this UTC day are more than "
                                          + text_of_nano(rules.daily_limit));
  return {};
}

reason game_fault(const prediction_arrival& x, const check_context& context,
                  const sports_settings& rules) {
  using enum prediction_code;
  if (!context.game)
    return refuse(game_not_found, "game_id: no game " + shown(x.claim.game_id)
                                    + " is known; GET /games lists those that are");
  if (x.received_us >= context.game->start_us)
    return refuse(game_started, "Game has already started");
  if (context.game->state != game_state::open) // a feed may move the start of one that has ended
    return refuse(game_started,
                  "Game has already ended: it is " + std::string{name_of(context.game->state)});
  const auto stale_us = static_cast<int64_t>(rules.odds_stale_s) * 1'000'000;
  if (context.feed_us && stale_us > 0 && x.received_us - *context.feed_us > stale_us)
    return refuse(stale_odds, "the odds are older than " + std::to_string(rules.odds_stale_s)
                                + " s: the feed of games is silent; send it again later");
  return {};
}

checked_prediction
refused_prediction(const read_claim& ids, prediction_code code, std::string message) {
  checked_prediction made;
  made.answer.prediction_id = ids.prediction_id.substr(0, sports_limits::prediction_id_bytes_max);
  made.answer.code = code;
  made.answer.message = std::move(message);
  return made;
}

/// What is to be stored of a claim that passed all checks.
stored_prediction row_of(const prediction_arrival& x, const read_claim& ids, miner_uid uid,
                         const checked_terms& terms) {
  stored_prediction row;
  row.prediction_id = ids.prediction_id;
  row.game_id = ids.game_id;
  row.key = x.key;
  row.uid = uid;
  row.received_us = x.received_us;
  row.way = x.way;
  row.outcome = terms.chosen;
  row.odds = terms.odds;
  row.wager = *ids.wager;
  row.team_a_odds = number_of(x.claim.team_a_odds).value_or(0);
  row.team_b_odds = number_of(x.claim.team_b_odds).value_or(0);
  row.tie_odds = number_of(x.claim.tie_odds);
  if (is_given(x.claim.model_name))
    row.model_name = x.claim.model_name.text.substr(0, sports_limits::model_name_bytes_max);
  row.confidence = terms.confidence;
  return row;
}

} // namespace

std::optional<nano> number_of(const claim_value& x) {
  if (x.kind != claim_kind::number && x.kind != claim_kind::text)
    return std::nullopt;
  const auto read = nano_of(std::string_view{x.text});
  if (read)
    return *read;
  if (read.error().code == ec::out_of_range)
    return x.text.starts_with('-') ? -nano_max : nano_max;
  return std::nullopt;
}

std::string name_in(const claim_value& x) {
  if (x.kind == claim_kind::text)
    return x.text;
  if (x.kind != claim_kind::number)
    return {};
  const auto number = nano_of(std::string_view{x.text});
  const bool is_whole = number && *number % nano_one == 0;
  return is_whole ? text_of_nano(*number) : x.text;
}

read_claim read_claim_ids(const prediction_claim& x) {
  return {name_in(x.prediction_id), name_in(x.game_id), number_of(x.wager)};
}

checked_terms check_terms(const prediction_claim& x, const sports_game& game,
                          const sports_settings& rules, bool with_teams) {
  using enum prediction_code;
  if (with_teams && (x.team_a.text != game.team_a || x.team_b.text != game.team_b))
    return refused_terms(team_mismatch, "expected the teams \"" + game.team_a + "\" and \""
                                          + game.team_b + "\", got " + shown(x.team_a) + " and "
                                          + shown(x.team_b));
  for (const auto& wrong :
       {odds_fault("team_a_odds", x.team_a_odds, game.team_a_odds, rules.odds_tolerance),
        odds_fault("team_b_odds", x.team_b_odds, game.team_b_odds, rules.odds_tolerance),
        odds_fault("tie_odds", x.tie_odds, game.tie_odds, rules.odds_tolerance)})
    if (!wrong.empty())
      return refused_terms(odds_mismatch, wrong);
  const auto chosen = outcome_in(x.predicted_outcome, game);
  const bool has_odds = chosen.outcome != game_outcome::draw || game.tie_odds;
  if (chosen.outcome == game_outcome::undecided || (!has_odds && !chosen.by_word))
    return refused_terms(invalid_outcome, std::string{"predicted_outcome: expected 0, 1, "}
                                            + (game.tie_odds ? "2, tie" : "")
                                            + " or the name of a team, got "
                                            + shown(x.predicted_outcome));
  const auto odds = number_of(x.predicted_odds);
  if (!odds)
    return refused_terms(missing_odds,
                         "predicted_odds: expected a number, got " + shown(x.predicted_odds));
  if (!has_odds)
    return refused_terms(invalid_odds, "predicted_outcome: this game has no odds for a tie");
  const auto expected = four_decimals(*odds_of(game, chosen.outcome));
  if (!are_close(*odds, expected, rules.odds_tolerance))
    return refused_terms(odds_mismatch, "predicted_odds: expected " + text_of_nano(expected)
                                          + " within " + text_of_nano(rules.odds_tolerance)
                                          + ", got " + shown(x.predicted_odds));
  if (*odds <= nano_one)
    return refused_terms(invalid_odds,
                         "predicted_odds: expected more than 1, got " + shown(x.predicted_odds));
  if (const auto payout = payout_of(std::max<nano>(number_of(x.wager).value_or(0), 0), *odds);
      !payout)
    return refused_terms(invalid_odds, "predicted_odds: " + payout.error().what);
  const auto confidence = number_of(x.confidence_score);
  if (is_given(x.confidence_score) && (!confidence || *confidence < 0 || *confidence > nano_one))
    return refused_terms(invalid_confidence,
                         "confidence_score: expected 0 to 1, got " + shown(x.confidence_score));
  checked_terms made;
  made.message = "Prediction accepted";
  made.chosen = chosen.outcome;
  made.odds = *odds;
  made.confidence = confidence;
  return made;
}

checked_prediction check_prediction(const prediction_arrival& x, const check_context& context,
                                    const sports_settings& rules) {
  const auto ids = read_claim_ids(x.claim);
  auto wrong = identity_fault(x, context);
  if (!wrong)
    wrong = data_fault(ids);
  if (!wrong && context.stored) {
    auto made = refused_prediction(ids, prediction_code::duplicate_prediction,
                                   "a prediction with this prediction_id is stored already");
    made.answer.same = is_same_prediction(x, *context.stored, context.stored_game);
    if (made.answer.same) {
      made.answer.message = "Prediction accepted before";
      made.answer.outcome = context.stored->outcome;
    }
    return made;
  }
  if (!wrong)
    wrong = wager_fault(x, ids, context, rules);
  if (!wrong)
    wrong = game_fault(x, context, rules);
  if (wrong)
    return refused_prediction(ids, wrong->first, std::move(wrong->second));
  auto terms = check_terms(x.claim, *context.game, rules, true);
  if (terms.code != prediction_code::accepted)
    return refused_prediction(ids, terms.code, std::move(terms.message));
  checked_prediction made;
  made.answer = {ids.prediction_id, prediction_code::accepted, false, terms.message, terms.chosen};
  made.accepted = row_of(x, ids, *context.uid, terms);
  return made;
}

} // namespace sluice
