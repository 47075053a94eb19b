#include "actors/sports/views.hpp"

#include "actors/sports/explain.hpp"
#include "actors/sports/stats.hpp"
#include "rules/sports/moment.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/steps.hpp"
#include "storage/sports/tables.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <vector>

namespace sluice {

namespace {

namespace tables = storage::tables;
using views::json;
using views::number;

json sports_time_json(int64_t us) {
  return us <= 0 ? json(nullptr) : json(sports_time_text(us));
}

json odds_json(const std::optional<nano>& x) {
  return x && *x > 0 ? json(text_of_nano(*x)) : json(nullptr);
}

json game_row(const sports_game& x) {
  return {
    {"game", x.external_id},
    {"sport", x.sport},
    {"league", x.league},
    {"team_a", x.team_a},
    {"team_b", x.team_b},
    {"start", sports_time_json(x.start_us)},
    {"state", name_of(x.state)},
    {"outcome", x.outcome == game_outcome::undecided ? json(nullptr) : json(name_of(x.outcome))},
    {"odds_a", odds_json(x.team_a_odds)},
    {"odds_b", odds_json(x.team_b_odds)},
    {"odds_tie", odds_json(x.tie_odds)},
    {"updated", sports_time_json(x.updated_us)}};
}

json attempt_row(const weights_attempt& x) {
  json uids = json::array();
  for (const auto& [uid, weight] : x.vector)
    if (weight > 0)
      uids.push_back(uid.value);
  json weights = json::object();
  for (const auto& [uid, weight] : x.vector)
    weights[std::to_string(uid.value)] = number(weight);
  return {{"attempt", x.number},
          {"time", sports_time_json(x.time_us)},
          {"reason", x.reason},
          {"end", name_of(x.end)},
          {"success", x.end == weights_end::open ? json(nullptr) : json(x.success())},
          {"ended", sports_time_json(x.ended_us)},
          {"epoch", x.epoch},
          {"scoring", x.scoring},
          {"change", number(x.change)},
          {"error_type", x.error_type},
          {"error", x.error},
          {"tx", x.tx},
          {"uids", std::move(uids)},
          {"weights", std::move(weights)}};
}

json standing_row(uint64_t rank, const sports_standing& x) {
  return {{"rank", rank},
          {"uid", x.uid.value},
          {"hotkey", x.key.value},
          {"tier", x.tier},
          {"tier_score", number(x.tier_score)},
          {"weight", number(x.weight)},
          {"predictions", x.predictions},
          {"wins", x.wins},
          {"losses", x.losses},
          {"voids", x.voids},
          {"open", x.open},
          {"roi_15", number(x.roi_15)},
          {"roi_30", number(x.roi_30)},
          {"roi_45", number(x.roi_45)},
          {"lifetime_wager", text_of_nano(x.lifetime_wager)},
          {"lifetime_earnings", text_of_nano(x.lifetime_earnings)},
          {"lifetime_roi", number(x.lifetime_roi)}};
}

/// Games and predictions by what became of them.
result<json> counts_by_state(const storage::data_dir& disk) {
  std::array<uint64_t, game_state_names.size()> games{};
  std::array<uint64_t, prediction_state_names.size()> predictions{};
  auto read = tables::sports_games.for_each(disk, [&](const std::string&, const sports_game& x) {
    ++games.at(static_cast<size_t>(x.state));
  });
  if (read)
    read = tables::sports_predictions.for_each(disk, [&](uint64_t, const stored_prediction& x) {
      ++predictions.at(static_cast<size_t>(x.state));
    });
  if (!read)
    return read.error();
  json out{{"games", json::object()}, {"predictions", json::object()}};
  for (size_t i = 0; i < games.size(); ++i)
    out["games"][std::string{game_state_names[i]}] = games[i];
  for (size_t i = 0; i < predictions.size(); ++i)
    out["predictions"][std::string{i == 0 ? "open" : prediction_state_names[i]}] = predictions[i];
  return out;
}

json brief_attempt(const json& rows) {
  if (rows.empty())
    return nullptr;
  json out = rows.front();
  out.erase("weights");
  out.erase("uids");
  return out;
}

json tiers_held(const sports_scores& scores) {
  std::array<uint64_t, sports_tiers + 1> held{};
  for (const auto& x : scores.miners)
    ++held.at(std::min<size_t>(x.tier, sports_tiers));
  json out = json::object();
  for (size_t i = 0; i < held.size(); ++i)
    out[i == 0 ? "none" : std::to_string(i)] = held[i];
  return out;
}

result<json> chosen_sports_view(const storage::data_dir& disk, const admin::call& what) {
  const auto name = what.what->name;
  if (name == "sports")
    return sports_overview(disk);
  if (name == "sports tiers")
    return sports_tiers_view(disk);
  if (name == "sports games")
    return sports_games_view(disk);
  if (name == "sports weights-history")
    return sports_weights_view(disk);
  if (name == "sports stats")
    return sports_stats(disk);
  if (name == "sports explain")
    return explain_sports(disk, what.argument_at(0));
  return fault{ec::invalid_argument, std::string{name} + " is not answered from disk"};
}

} // namespace

result<std::string> sports_view(const storage::data_dir& disk, const admin::call& what) {
  const auto shown = chosen_sports_view(disk, what);
  return shown ? result<std::string>{views::text_of(*shown)} : shown.error();
}

result<json> sports_overview(const storage::data_dir& disk) {
  auto out = counts_by_state(disk);
  if (!out)
    return out;
  const auto step = tables::sports_steps.last(disk);
  if (!step)
    return step.error();
  const auto scoring = storage::last_scoring(disk);
  if (!scoring)
    return scoring.error();
  const auto feed = tables::sports_numbers.find(disk, tables::sports_feed_key);
  if (!feed)
    return feed.error();
  const auto attempts = sports_weights_view(disk, 1);
  if (!attempts)
    return attempts.error();
  json made{{"step", *step ? (*step)->first : 0},
            {"time", *step ? sports_time_json((*step)->second.time_us) : json(nullptr)},
            {"feed", sports_time_json(feed->value_or(0))}};
  made.update(*out);
  made["scoring"] = *scoring ? json((*scoring)->number) : json(nullptr);
  made["scored"] = *scoring ? sports_time_json((*scoring)->scores.now_us) : json(nullptr);
  made["miners"] = *scoring ? (*scoring)->scores.miners.size() : 0;
  made["tiers"] = *scoring ? tiers_held((*scoring)->scores) : json(nullptr);
  made["last_attempt"] = brief_attempt(*attempts);
  return made;
}

result<json> sports_tiers_view(const storage::data_dir& disk) {
  const auto scoring = storage::last_scoring(disk);
  if (!scoring)
    return scoring.error();
  json rows = json::array();
  if (!*scoring)
    return rows;
  auto miners = (*scoring)->scores.miners;
  std::ranges::sort(miners, {}, [](const sports_standing& x) {
    return std::tuple{-x.weight, -static_cast<int>(x.tier), x.uid};
  });
  for (const auto& x : miners)
    rows.push_back(standing_row(rows.size() + 1, x));
  return rows;
}

result<json> sports_games_view(const storage::data_dir& disk, size_t max) {
  using by_start = std::multimap<int64_t, sports_game>;
  by_start open;
  by_start ended;
  auto read = tables::sports_games.for_each(disk, [&](const std::string&, const sports_game& x) {
    auto& list = x.state == game_state::open ? open : ended;
    list.emplace(x.state == game_state::open ? x.start_us : -x.start_us, x);
    if (list.size() > max)
      list.erase(std::prev(list.end()));
  });
  if (!read)
    return read.error();
  json rows = json::array();
  for (const auto* list : {&open, &ended})
    for (const auto& [start, x] : *list)
      if (rows.size() < max)
        rows.push_back(game_row(x));
  return rows;
}

result<json> sports_weights_view(const storage::data_dir& disk, size_t max) {
  const auto attempts = storage::last_attempts(disk, max);
  if (!attempts)
    return attempts.error();
  json rows = json::array();
  for (const auto& x : *attempts)
    rows.push_back(attempt_row(x));
  return rows;
}

} // namespace sluice
