#include "rules/sports/explain.hpp"

#include "rules/sports/components.hpp"
#include "rules/sports/tiers.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace sluice {

namespace {

constexpr double bookmaker_share = 0.95; // as risk_of_bet has it

explained_bet explained(const stored_prediction& x, const sports_game* game) {
  explained_bet made;
  made.what = x;
  const auto odds = double_of(x.odds);
  made.expected = odds > 0 ? bookmaker_share / odds : 0;
  if (game != nullptr) {
    made.day = sports_day_of(game->start_us);
    const auto closing = odds_of(*game, x.outcome);
    made.closing = closing ? double_of(*closing) : 0;
  }
  const bool won = x.state == prediction_state::won;
  made.counts = won || x.state == prediction_state::lost;
  if (!made.counts)
    return made;
  made.clv = made.closing > 0 ? odds / made.closing : 0;
  made.roi = roi_of_bet(double_of(x.wager), double_of(x.payout));
  made.risk = risk_of_bet(made.roi, odds, won);
  return made;
}

explained_tier standing_to(uint8_t tier, int64_t day, const sports_record* record,
                           const sports_scores& scores, const sports_settings& rules) {
  explained_tier made;
  made.tier = tier;
  made.terms = rules.tiers.at(tier - 1U);
  made.capacity = tier_capacity(tier, rules);
  made.fault = tier_fault(record, tier, day, rules);
  if (record != nullptr) {
    made.score = tier_score_of(record->daily, day, made.terms.window_days);
    made.wagered = wagered_in(record->wagered, day, made.terms.window_days);
    made.roi = window_roi_of(record->daily, day, rules.roi_days);
  }
  for (const auto& x : scores.miners) {
    if (x.tier != tier)
      continue;
    made.worst = made.holders == 0 ? x.tier_score : std::min(made.worst, x.tier_score);
    ++made.holders;
  }
  return made;
}

std::string number_of_score(double x) {
  const auto exact = nano_of(x);
  return exact ? text_of_nano(*exact) : "?";
}

std::string reason_to_stay(const sports_standing& x, const std::vector<explained_tier>& tiers) {
  if (x.tier == 0)
    return "it is in no tier: it is not registered, or none of its predictions is stored";
  if (x.tier >= tiers.size())
    return "there is no higher tier";
  const auto& next = tiers[x.tier];
  if (!next.fault.empty())
    return next.fault;
  if (next.capacity == 0)
    return "tier " + std::to_string(next.tier) + " has no places";
  if (next.holders >= next.capacity && !(x.tier_score > next.worst))
    return "tier " + std::to_string(next.tier) + " is full with " + std::to_string(next.capacity)
           + ": its worst has the score " + number_of_score(next.worst)
           + ", and this one has no more than " + number_of_score(x.tier_score);
  return "nothing is in its way: a miner rises one tier a day, with the first scoring of the day";
}

explained_weight
weight_in(const sports_scores& scores, const sports_standing& who, const sports_settings& rules) {
  std::vector<const sports_standing*> ranked;
  for (const auto& x : scores.miners)
    if (x.tier > 0)
      ranked.push_back(&x);
  std::ranges::sort(ranked, {}, [](const sports_standing* x) {
    return std::tuple{x->tier, x->tier_score, x->uid};
  });
  explained_weight made;
  uint64_t below = 0;
  for (size_t i = 0; i < ranked.size(); ++i) {
    if (i > 0 && ranked[i]->tier != ranked[i - 1]->tier)
      ++below;
    const auto place
      = ranked.size() == 1 ? 0 : static_cast<double>(i) / static_cast<double>(ranked.size() - 1);
    const auto raw
      = std::exp(rules.rank_exponent * place) + rules.tier_step * static_cast<double>(below);
    made.total += raw;
    if (ranked[i]->key == who.key) {
      made.place = i;
      made.of = ranked.size();
      made.below = below;
      made.raw = raw;
    }
  }
  made.weight = made.of > 0 && made.total > 0 ? made.raw / made.total : 0;
  return made;
}

} // namespace

std::optional<sports_explanation>
explain_sports_miner(const sports_book& book, const sports_scores& scores, const hotkey& key,
                     size_t bets_max) {
  const auto who = std::ranges::find(scores.miners, key, &sports_standing::key);
  if (who == scores.miners.end())
    return std::nullopt;
  sports_explanation made;
  made.standing = *who;
  made.day = sports_day_of(scores.now_us);
  const auto records = sports_records_of(book);
  const auto at = records.find(key);
  const auto* record = at == records.end() ? nullptr : &at->second;
  if (record != nullptr)
    made.daily = record->daily;
  for (uint8_t tier = 1; tier <= sports_tiers; ++tier)
    made.tiers.push_back(standing_to(tier, made.day, record, scores, book.rules()));
  made.why_not_higher = reason_to_stay(made.standing, made.tiers);
  made.weight = weight_in(scores, made.standing, book.rules());
  const auto& all = book.predictions();
  for (auto row = all.rbegin(); row != all.rend(); ++row) {
    if (row->second.key != key)
      continue;
    if (made.bets.size() < bets_max)
      made.bets.push_back(explained(row->second, book.find_game(row->second.game_id)));
    ++made.bets_in_all;
  }
  return made;
}

} // namespace sluice
