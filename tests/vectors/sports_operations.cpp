#include "rules/events/statistics.hpp"
#include "rules/periodic/schedule.hpp"
#include "rules/sports/check.hpp"
#include "rules/sports/components.hpp"
#include "rules/sports/entropy.hpp"
#include "rules/sports/publish_due.hpp"
#include "rules/sports/scoring.hpp"
#include "rules/sports/tier_weights.hpp"
#include "tests/vectors/sports_values.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace sluice::vectors {

namespace {

std::vector<settled_bet> sports_bets(const json& input) {
  std::vector<settled_bet> made;
  for (const auto& x : input.at("bets"))
    made.push_back(
      {x.at("wager").get<double>(), x.at("odds").get<double>(), x.at("won").get<bool>()});
  return made;
}

json sports_clv(const json& input) {
  std::vector<odds_pair> all;
  for (const auto& x : input.at("predictions")) {
    const auto& closing = x.at("closing");
    all.push_back({x.at("odds").get<double>(),
                   closing.is_number() ? std::optional{closing.get<double>()} : std::nullopt});
  }
  return clv_of(all);
}

json sports_lifetime_roi(const json& input) {
  double wagers = 0;
  double payouts = 0;
  for (const auto& x : input.at("bets")) {
    wagers += x.at("wager").get<double>();
    payouts += x.at("payout").get<double>();
  }
  return lifetime_roi_of(wagers, payouts);
}

/// The form does not state the unit of t. Picks of one pool lie hours apart: when all are within
/// 240 of the new one, t is in hours, else in seconds.
json sports_similarity(const json& input) {
  constexpr double hours_most = 240;
  const auto t = input.at("new").at("t").get<double>();
  const bool in_hours = std::ranges::all_of(input.at("pool"), [t](const json& x) {
    return std::abs(x.at("t").get<double>() - t) <= hours_most;
  });
  const auto pick = [in_hours](const json& x) {
    return pool_pick{x.at("odds").get<double>(), x.at("wager").get<double>(),
                     x.at("t").get<double>() * (in_hours ? 3600 : 1)};
  };
  std::vector<pool_pick> pool;
  for (const auto& x : input.at("pool"))
    pool.push_back(pick(x));
  return similarity_of(pick(input.at("new")), pool);
}

json sports_daily_limit(const json& input) {
  const auto limit = nano_in(input.at("limit"));
  auto wagered = nano_in(input.at("existing"));
  auto made = json::array();
  for (const auto& x : input.at("wagers")) {
    const auto wager = nano_in(x);
    const bool taken = within_daily_limit(wagered, wager, limit);
    wagered += taken ? wager : 0;
    made.push_back(taken);
  }
  return made;
}

json sports_settle(const json& input) {
  const bool won = input.at("predicted") == input.at("outcome");
  const auto payout = settled_payout(nano_in(input.at("wager")), nano_in(input.at("odds")), won);
  if (!payout)
    throw std::runtime_error{payout.error().what};
  return {{"payout", double_of(*payout)}, {"won", won}};
}

/// The oldest day comes first.
json sports_tier_score(const json& input) {
  std::map<int64_t, daily_score> days;
  int64_t day = 0;
  for (const auto& x : input.at("daily"))
    days[++day].composite = x.get<double>();
  return tier_score_of(days, day, input.at("window").get<uint64_t>());
}

std::vector<tier_ranked> sports_ranked(const json& input) {
  std::vector<tier_ranked> made;
  for (const auto& x : input.at("miners"))
    made.push_back({miner_uid{x.at("uid").get<uint16_t>()}, x.at("tier").get<uint8_t>(),
                    x.at("score").get<double>()});
  return made;
}

json sports_weight_object(const std::map<miner_uid, double>& weights) {
  auto made = json::object();
  for (const auto& [uid, weight] : weights)
    made[std::to_string(uid.value)] = weight;
  return made;
}

sports_game game_of_example(const json& x) {
  sports_game made;
  made.team_a = x.value("team_a", std::string{});
  made.team_b = x.value("team_b", std::string{});
  made.team_a_odds = nano_in(x.at("team_a_odds"));
  made.team_b_odds = nano_in(x.at("team_b_odds"));
  if (x.contains("tie_odds") && !x.at("tie_odds").is_null()) {
    made.tie_odds = nano_in(x.at("tie_odds"));
    made.can_tie = true;
  }
  made.start_us = std::llround(x.at("start").get<double>() * 1e6);
  return made;
}

/// The parts of the checks that an example has: wager, start, terms.
json sports_validate(const json& input) {
  const auto refused = [](prediction_code code) {
    return json{{"ok", false}, {"code", name_of(code)}};
  };
  const auto claim = prediction_claim_of(input.at("prediction"));
  const auto& raw = input.at("game");
  const auto wager = number_of(claim.wager);
  const sports_settings rules;
  if (!wager || *wager <= 0)
    return refused(prediction_code::invalid_wager);
  const nano today = input.contains("day_total") ? nano_in(input.at("day_total")) : 0;
  if (!within_daily_limit(today, *wager, rules.daily_limit))
    return refused(prediction_code::daily_limit_exceeded);
  if (raw.is_null())
    return refused(prediction_code::game_not_found);
  const auto game = game_of_example(raw);
  if (std::llround(input.at("now").get<double>() * 1e6) >= game.start_us)
    return refused(prediction_code::game_started);
  const bool with_teams = !game.team_a.empty() && claim.team_a.kind != claim_kind::missing;
  const auto terms = check_terms(claim, game, rules, with_teams);
  if (terms.code != prediction_code::accepted)
    return refused(terms.code);
  return {{"ok", true}, {"numeric_outcome", static_cast<int>(terms.chosen)}};
}

json sports_score_change(const json& input) {
  const auto previous = input.at("previous").get<std::vector<double>>();
  const auto current = input.at("current").get<std::vector<double>>();
  const auto change = change_between(previous, current);
  return {{"l1", change.l1},
          {"total_variation", change.total_variation},
          {"significant", is_significant(change, input.at("threshold").get<double>())}};
}

json sports_retry_block(const json& input) {
  const auto interval = input.at("interval").get<uint64_t>();
  const auto last = last_block_after_failure(input.at("current_block").get<uint64_t>(), interval,
                                             sports_settings{}.retry_blocks);
  return {{"last_set_weights_block", last}, {"next_allowed_block", last + interval + 1}};
}

json sports_next_run(const json& input) {
  auto made = json::array();
  for (const auto& u : input.at("u"))
    made.push_back(next_run(input.at("last_start").get<double>(),
                            input.at("interval").get<double>(), input.at("jitter").get<double>(),
                            u.get<double>(), input.at("now").get<double>()));
  return made;
}

json sports_reconnect_delay(const json& input) {
  auto made = json::array();
  for (const auto& x : input.at("failures"))
    made.push_back(reconnect_delay(input.at("base").get<double>(), input.at("cap").get<double>(),
                                   x.get<uint64_t>()));
  return made;
}

/// Of the tasks, the events and the connections that the system runs with.
void add_sports_schedules(operations& all) {
  const auto add = [&all](const char* op, operation f) { all[{"bettensor", op}] = std::move(f); };
  add("retry_delays", [](const json& x) {
    return json(retry_delays(x.at("retry_delay").get<double>(),
                             x.at("backoff_factor").get<double>(),
                             x.at("max_retries").get<uint64_t>()));
  });
  add("next_run", sports_next_run);
  add("avg_processing_time", [](const json& x) {
    return json(avg_processing_time(x.at("samples").get<std::vector<double>>()));
  });
  add("reconnect_delay", sports_reconnect_delay);
}

} // namespace

void add_sports_operations(operations& all) {
  const auto add = [&all](const char* op, operation f) { all[{"bettensor", op}] = std::move(f); };
  add_sports_schedules(all);
  add("clv", sports_clv);
  add("roi", [](const json& x) { return json(roi_of(sports_bets(x))); });
  add("risk_score", [](const json& x) { return json(risk_of(sports_bets(x))); });
  add("lifetime_roi", sports_lifetime_roi);
  add("composite", [](const json& x) {
    return json(composite_of({}, x.at("clv").get<double>(), x.at("roi").get<double>(),
                             x.at("risk").get<double>(), x.at("entropy").get<double>()));
  });
  add("similarity", sports_similarity);
  add("contrarian", [](const json& x) {
    return json(contrarian_of(x.at("outcome_predictions").get<uint64_t>(),
                              x.at("total_predictions").get<uint64_t>()));
  });
  add("raw_entropy_contribution", [](const json& x) {
    return json(raw_entropy_of(x.at("similarity").get<double>(), x.at("contrarian").get<double>()));
  });
  add("initial_entropy",
      [](const json& x) { return json(initial_entropy_of(x.at("odds").get<double>())); });
  add("daily_limit", sports_daily_limit);
  add("settle", sports_settle);
  add("tier_score", sports_tier_score);
  add("validate", sports_validate);
  add("weights_fixed",
      [](const json& x) { return sports_weight_object(tier_weights(sports_ranked(x), {})); });
  add("weights_legacy", [](const json& x) {
    return sports_weight_object(legacy_tier_weights(sports_ranked(x), {}));
  });
  add("blacklist_penalty", [](const json& x) {
    return json(blacklisted_weight(x.at("alpha").get<double>(), x.at("score").get<double>()));
  });
  add("score_change", sports_score_change);
  add("should_set_weights", [](const json& x) {
    return json(blocks_are_due(x.at("current_block").get<uint64_t>(),
                               x.at("last_block").get<uint64_t>(),
                               x.at("interval").get<uint64_t>()));
  });
  add("retry_block_after_failure", sports_retry_block);
}

} // namespace sluice::vectors
