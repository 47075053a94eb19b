#include "actors/sports/explain.hpp"

#include "io/text/numbers.hpp"
#include "rules/nearest.hpp"
#include "rules/sports/explain.hpp"
#include "rules/sports/moment.hpp"
#include "storage/sports/recall.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace sluice {

namespace {

using views::json;
using views::number;

constexpr int explained_digits = 6;

std::string worked(double x) {
  return report::fixed(x, explained_digits);
}

/// A term that is added: in brackets when it is negative.
std::string added(double x) {
  return x < 0 ? '(' + worked(x) + ')' : worked(x);
}

json bet_json(const explained_bet& x) {
  const auto& bet = x.what;
  json out{{"prediction", bet.prediction_id},
           {"game", bet.game_id},
           {"day", sports_day_text(x.day)},
           {"outcome", name_of(bet.outcome)},
           {"odds", text_of_nano(bet.odds)},
           {"closing", x.closing > 0 ? number(x.closing) : json(nullptr)},
           {"wager", text_of_nano(bet.wager)},
           {"state", name_of(bet.state)},
           {"payout", text_of_nano(bet.payout)}};
  const auto odds = text_of_nano(bet.odds);
  const auto wager = text_of_nano(bet.wager);
  if (x.counts) {
    out["clv"] = x.closing > 0 ? number(x.clv) : json(nullptr);
    out["roi"] = number(x.roi);
    out["risk"] = number(x.risk);
  }
  out["entropy"] = number(bet.entropy);
  if (!x.counts) {
    out["how"] = bet.state == prediction_state::void_
                   ? "void: its game was not decided in time, and the wager was given back"
                   : "open: its game is not decided";
    return out;
  }
  std::string how;
  if (x.closing > 0)
    how += "clv " + odds + " / " + worked(x.closing) + " = " + worked(x.clv) + "; ";
  how
    += "roi (" + text_of_nano(bet.payout) + " - " + wager + ") / " + wager + " = " + worked(x.roi);
  how += "; p = 0.95 / " + odds + " = " + worked(x.expected);
  how += bet.state == prediction_state::won
           ? ", risk " + worked(x.roi) + " / min(1 - p, 1) = " + worked(x.risk)
           : ", risk max(" + worked(x.roi)
               + " / (1 - min(1 - p, 1) + 0.00001), -10) = " + worked(x.risk);
  how += "; entropy " + worked(bet.raw_entropy) + " in its pool, scaled " + worked(bet.entropy);
  out["how"] = std::move(how);
  return out;
}

json day_json(int64_t day, const daily_score& x, const composite_terms& terms) {
  const auto term
    = [](double weight, double part) { return report::shortest(weight) + " * " + added(part); };
  return {{"day", sports_day_text(day)},
          {"predictions", x.predictions},
          {"clv", number(x.clv)},
          {"roi", number(x.roi)},
          {"risk", number(x.risk)},
          {"entropy", number(x.entropy)},
          {"composite", number(x.composite)},
          {"how", term(terms.clv, x.clv) + " + " + term(terms.roi, x.roi) + " + "
                    + term(terms.risk, x.risk) + " + " + term(terms.entropy, x.entropy) + " = "
                    + worked(x.composite)}};
}

json tier_json(const explained_tier& x) {
  return {{"tier", x.tier},
          {"window_days", x.terms.window_days},
          {"score", number(x.score)},
          {"wagered", text_of_nano(x.wagered)},
          {"asked", text_of_nano(x.terms.wagered_min)},
          {"roi_rule", x.terms.roi_rule},
          {"roi", number(x.roi.mean)},
          {"roi_days", x.roi.days},
          {"miners", x.holders},
          {"places", x.capacity},
          {"worst", x.holders > 0 ? number(x.worst) : json(nullptr)},
          {"fault", x.fault}};
}

json weight_json(const sports_explanation& x, const sports_settings& rules) {
  const auto& w = x.weight;
  json out{{"place", w.of > 0 ? json(w.place) : json(nullptr)},
           {"of", w.of},
           {"tiers_below", w.below},
           {"raw", number(w.raw)},
           {"total", number(w.total)},
           {"weight", number(w.weight)}};
  if (w.of == 0)
    out["how"] = "it is in no tier: its weight is 0";
  else
    out["how"] = "exp(" + report::shortest(rules.rank_exponent) + " * " + std::to_string(w.place)
                 + " / " + std::to_string(std::max<uint64_t>(w.of, 2) - 1) + ") + "
                 + report::shortest(rules.tier_step) + " * " + std::to_string(w.below) + " = "
                 + worked(w.raw) + "; / " + worked(w.total) + " of all = " + worked(w.weight);
  return out;
}

json standing_json(const sports_explanation& x, const sports_scoring& scoring) {
  const auto& s = x.standing;
  return {{"uid", s.uid.value},
          {"hotkey", s.key.value},
          {"tier", s.tier},
          {"tier_score", number(s.tier_score)},
          {"weight", number(s.weight)},
          {"rank", x.weight.of > 0 ? json(x.weight.of - x.weight.place) : json(nullptr)},
          {"of", x.weight.of},
          {"why_not_higher", x.why_not_higher},
          {"scoring", scoring.number},
          {"time", sports_time_text(scoring.scores.now_us)},
          {"predictions", s.predictions},
          {"wins", s.wins},
          {"losses", s.losses},
          {"voids", s.voids},
          {"open", s.open},
          {"lifetime_wager", text_of_nano(s.lifetime_wager)},
          {"lifetime_earnings", text_of_nano(s.lifetime_earnings)},
          {"lifetime_roi", number(s.lifetime_roi)},
          {"roi_15", number(s.roi_15)},
          {"roi_30", number(s.roi_30)},
          {"roi_45", number(s.roi_45)}};
}

fault no_such_sports_miner(std::string_view who, const sports_scores& scores) {
  std::vector<std::string_view> known;
  for (const auto& x : scores.miners)
    known.push_back(x.key.value);
  const auto near = nearest(who, known);
  return {ec::no_such_key, "the last scoring names no miner " + std::string{who}
                             + (near            ? "; did you mean " + std::string{*near} + "?"
                                : known.empty() ? "; it names nobody"
                                                : "; see `sports tiers` for those there are")};
}

} // namespace

std::string sports_day_text(int64_t day) {
  constexpr int64_t day_us = int64_t{86'400} * 1'000'000;
  constexpr size_t date_bytes = 10;
  return sports_time_text(std::max<int64_t>(day, 0) * day_us).substr(0, date_bytes);
}

result<json> explain_sports(const storage::data_dir& disk, std::string_view who) {
  const auto scoring = storage::last_scoring(disk);
  if (!scoring)
    return scoring.error();
  if (!*scoring)
    return fault{ec::no_such_key, "there is no scoring yet; `sports score` makes one"};
  const auto& scores = (*scoring)->scores;
  const auto at = std::ranges::find_if(
    scores.miners, [who](const sports_standing& x) { return views::is_miner(who, x.uid, x.key); });
  if (at == scores.miners.end())
    return no_such_sports_miner(who, scores);
  const auto rules = storage::recall_rules(disk);
  if (!rules)
    return rules.error();
  const auto book = storage::recall_book(disk, *rules);
  if (!book)
    return book.error();
  const auto found = explain_sports_miner(*book, scores, at->key, explained_bets_max);
  json out = standing_json(*found, **scoring);
  json tiers = json::array();
  for (const auto& x : found->tiers)
    tiers.push_back(tier_json(x));
  out["tiers"] = std::move(tiers);
  out["weight_terms"] = weight_json(*found, *rules);
  json days = json::array();
  for (auto day = found->daily.rbegin(); day != found->daily.rend(); ++day)
    days.push_back(day_json(day->first, day->second, rules->composite));
  out["days"] = std::move(days);
  json bets = json::array();
  for (const auto& x : found->bets)
    bets.push_back(bet_json(x));
  out["shown"] = bets.size();
  out["stored"] = found->bets_in_all;
  out["evidence"] = std::move(bets);
  return out;
}

} // namespace sluice
