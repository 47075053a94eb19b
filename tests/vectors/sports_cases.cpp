#include "rules/sports/book.hpp"
#include "rules/sports/scoring.hpp"
#include "rules/sports/tier_weights.hpp"
#include "rules/sports/tiers.hpp"
#include "rules/weights/prepare.hpp"
#include "tests/vectors/sports_values.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <variant>

namespace sluice::vectors {

namespace {

/// One record of a case, in the order in which it is taken.
struct sports_input {
  int64_t at_us = 0;
  bool is_prediction = false;
  json value;
};

struct sports_case {
  sports_settings rules;
  int64_t now_us = 0;
  std::vector<sports_member> members;
  std::vector<sports_input> inputs;
};

void read_sports_settings(const json& x, sports_case& made) {
  made.now_us = moment_in(x.at("now"));
  made.rules.slots = x.value("slots", made.rules.slots);
  made.rules.odds_stale_s = 0;
  for (const auto& miner : x.at("miners"))
    made.members.push_back({miner_uid{miner.at("uid").get<uint16_t>()},
                            hotkey{miner.at("hotkey").get<std::string>()},
                            miner.at("valid").get<bool>()});
}

sports_case read_sports_case(const std::filesystem::path& folder) {
  std::ifstream file{folder / "input.jsonl"};
  if (!file)
    throw std::runtime_error(folder.string() + "/input.jsonl: cannot be read");
  sports_case made;
  for (std::string line; std::getline(file, line);) {
    if (line.empty())
      continue;
    auto x = json::parse(line);
    const auto kind = x.at("kind").get<std::string>();
    if (kind == "settings")
      read_sports_settings(x, made);
    else if (kind == "game")
      made.inputs.push_back({moment_in(x.at("at")), false, std::move(x)});
    else if (kind == "prediction")
      made.inputs.push_back({moment_in(x.at("received_at")), true, std::move(x)});
  }
  std::ranges::stable_sort(made.inputs, [](const sports_input& a, const sports_input& b) {
    return a.at_us != b.at_us ? a.at_us < b.at_us : a.is_prediction < b.is_prediction;
  });
  return made;
}

std::string text_in(const json& x, const char* name) {
  const auto& value = x.at(name);
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : value.dump();
}

game_update game_update_of(const json& x) {
  game_update made;
  made.at_us = moment_in(x.at("at"));
  made.external_id = text_in(x, "externalId");
  made.team_a = text_in(x, "teamA");
  made.team_b = text_in(x, "teamB");
  made.sport = text_in(x, "sport");
  made.league = text_in(x, "league");
  made.start_us = moment_in(x.at("date"));
  made.outcome = outcome_of_word(text_in(x, "outcome"));
  made.team_a_odds = nano_in(x.at("teamAOdds"));
  made.team_b_odds = nano_in(x.at("teamBOdds"));
  made.can_tie = x.at("canDraw").get<bool>();
  if (made.can_tie && !x.at("drawOdds").is_null())
    made.tie_odds = nano_in(x.at("drawOdds"));
  return made;
}

json sports_answer(const prediction_answer& x, const json& id) {
  json made{{"prediction_id", id}, {"ok", x.code == prediction_code::accepted}};
  if (x.code == prediction_code::accepted)
    made["numeric_outcome"] = static_cast<int>(x.outcome);
  else
    made["code"] = name_of(x.code);
  return made;
}

json take_prediction(sports_book& book, const sports_case& input, const json& x) {
  prediction_arrival arrival;
  arrival.received_us = moment_in(x.at("received_at"));
  arrival.key = {x.at("hotkey").get<std::string>()};
  arrival.way = prediction_way::file;
  const auto& raw = x.at("prediction");
  arrival.claim = prediction_claim_of(raw);
  const auto who
    = std::ranges::find(input.members, arrival.key, [](const sports_member& y) { return y.key; });
  const auto judged = book.judge(
    arrival, who == input.members.end() ? std::nullopt : std::optional{who->uid}, std::nullopt);
  if (judged.accepted)
    if (const auto applied = book.apply(*judged.accepted); !applied)
      throw std::runtime_error{applied.error().what};
  return sports_answer(judged.answer,
                       raw.contains("prediction_id") ? raw.at("prediction_id") : json{});
}

std::string sports_date(int64_t day) {
  const std::chrono::year_month_day date{
    std::chrono::sys_days{std::chrono::days{static_cast<int>(day)}}};
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

json daily_rows(const sports_case& input, const sports_records& records) {
  std::map<std::pair<int64_t, uint16_t>, daily_score> sorted;
  for (const auto& who : input.members)
    if (const auto at = records.find(who.key); at != records.end())
      for (const auto& [day, score] : at->second.daily)
        sorted[{day, who.uid.value}] = score;
  auto made = json::array();
  for (const auto& [at, score] : sorted) {
    json row{{"uid", at.second}, {"day", sports_date(at.first)}};
    for_each_field(
      score, [&row](std::string_view name, const auto& value) { row[std::string{name}] = value; });
    made.push_back(std::move(row));
  }
  return made;
}

json standing_row(const sports_standing& x) {
  return {{"uid", x.uid.value},
          {"tier", x.tier},
          {"tier_score", x.tier_score},
          {"predictions", x.predictions},
          {"wins", x.wins},
          {"losses", x.losses},
          {"void", x.voids},
          {"open", x.open},
          {"lifetime_wager", double_of(x.lifetime_wager)},
          {"lifetime_earnings", double_of(x.lifetime_earnings)},
          {"lifetime_roi", x.lifetime_roi},
          {"roi_15", x.roi_15},
          {"roi_30", x.roi_30},
          {"roi_45", x.roi_45},
          {"weight", x.weight}};
}

json publish_row(const sports_scores& scores) {
  weight_vector weights;
  for (const auto& x : scores.miners)
    if (x.weight > 0)
      weights[x.uid] = x.weight;
  if (weights.empty())
    return {{"action", "skip"}};
  auto uids = json::array();
  auto values = json::array();
  for (const auto& x : quantise_double(weights)) {
    uids.push_back(x.first);
    values.push_back(x.second);
  }
  return {{"action", "set"}, {"uids", uids}, {"weights", values}};
}

json run_sports_case(const std::filesystem::path& folder) {
  const auto input = read_sports_case(folder);
  sports_book book{input.rules};
  json made{{"answers", json::array()},
            {"predictions", json::array()},
            {"tier_moves", json::array()},
            {"miners", json::array()}};
  for (const auto& x : input.inputs) {
    if (x.is_prediction)
      made["answers"].push_back(take_prediction(book, input, x.value));
    else
      book.put(book.after(game_update_of(x.value)));
  }
  book.apply(book.due(input.now_us));
  for (const auto& [number, x] : book.predictions())
    made["predictions"].push_back(
      {{"prediction_id", x.prediction_id},
       {"state", name_of(x.state)},
       {"payout", x.state == prediction_state::stored ? json{} : json(double_of(x.payout))}});
  const auto records = sports_records_of(book);
  made["daily"] = daily_rows(input, records);
  tier_state tiers;
  const auto today = sports_day_of(input.now_us);
  const auto first = first_sports_day(book);
  const auto moves
    = advance_tiers(tiers, first.value_or(today), today, input.members, records, input.rules);
  for (const auto& x : moves)
    made["tier_moves"].push_back(
      {{"day", sports_date(x.day)}, {"uid", x.uid.value}, {"tier", x.to}});
  const auto scores = score_sports(input.now_us, input.members, tiers, records, {}, input.rules);
  for (const auto& x : scores.miners)
    made["miners"].push_back(standing_row(x));
  made["publish"] = publish_row(scores);
  return made;
}

} // namespace

void add_sports_cases(case_readers& all) {
  all["sports"] = run_sports_case;
}

} // namespace sluice::vectors
