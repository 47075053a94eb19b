#include "actors/sports/report/sports_report.hpp"

#include "actors/report/json_event.hpp"
#include "io/text/numbers.hpp"
#include "io/text/paint.hpp"
#include "io/text/text.hpp"
#include "rules/sports/moment.hpp"
#include "rules/sports/node_settings.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>

namespace sluice::report {

namespace {

constexpr size_t sports_miners_drawn = 10;

const sports_detail* sports_detail_of(const step_report& step) {
  return dynamic_cast<const sports_detail*>(step.detail.get());
}

std::string counted_sports(uint64_t n, const char* what) {
  return std::to_string(n) + ' ' + what + (n == 1 ? "" : "s");
}

/// By weight, the highest first.
std::vector<sports_standing> by_weight(const sports_scores& x) {
  auto all = x.miners;
  std::ranges::sort(all, {}, [](const sports_standing& one) {
    return std::tuple{-one.weight, -static_cast<int>(one.tier), one.uid};
  });
  return all;
}

std::string drawn_standings(const sports_scoring& x, const page& on) {
  std::string text;
  size_t rank = 0;
  for (const auto& one : by_weight(x.scores)) {
    if (++rank > sports_miners_drawn)
      break;
    const std::vector<std::string> parts{
      std::to_string(rank) + ". uid " + std::to_string(one.uid.value),
      one.key.value,
      "tier " + std::to_string(one.tier),
      "score " + fixed(one.tier_score, 4),
      "weight " + fixed(one.weight, 4),
      std::to_string(one.wins) + " won, " + std::to_string(one.losses) + " lost",
      "ROI " + fixed(one.lifetime_roi, 4)};
    text
      += cut(shown(plain(flow(parts, on.columns, on.letters)), on.letters), on.columns, on.letters)
         + '\n';
  }
  return text;
}

json weights_json(const sports_scoring* x) {
  json out = json::object();
  if (x)
    for (const auto& one : by_weight(x->scores))
      out[std::to_string(one.uid.value)] = one.weight;
  return out;
}

json tiers_json(const sports_scoring* x) {
  json out = json::object();
  if (x)
    for (const auto& one : x->scores.miners)
      out[std::to_string(one.uid.value)] = one.tier;
  return out;
}

json refused_json(const sports_step& x) {
  json out = json::object();
  for (const auto& [code, n] : x.refused)
    out[code] = n;
  return out;
}

uint64_t sum_of_refused(const sports_step& x) {
  uint64_t sum = 0;
  for (const auto& [code, n] : x.refused)
    sum += n;
  return sum;
}

} // namespace

void sports_report::start(const run_started& first) {
  const auto at = first.mechanisms.find(std::string{sports_name});
  const auto* settings
    = at == first.mechanisms.end() ? nullptr : at->second.find<sports_node_settings>();
  if (!settings)
    return;
  fact_ = settings->world ? "a league of " + std::to_string(settings->world->teams) + " teams, "
                              + std::to_string(settings->world->games_per_day) + " games a day"
          : settings->feed.url.empty() ? std::string{"games that are imported"}
                                       : "games of " + settings->feed.url;
}

void sports_report::take(const step_report& step) {
  const auto* x = sports_detail_of(step);
  if (!x)
    return;
  if (x->scoring)
    scoring_ = x->scoring;
  all_.games += x->step.games;
  all_.predictions += x->step.predictions;
  all_.accepted += x->step.accepted;
  all_.confirmed_again += x->step.confirmed_again;
  all_.won += x->step.won;
  all_.lost += x->step.lost;
  all_.voided += x->step.voided;
  all_.moves += x->step.moves;
  for (const auto& [code, n] : x->step.refused)
    all_.refused[code] += n;
  attempts_ += x->step.attempt == 0 ? 0 : 1;
}

std::vector<std::pair<std::string, std::string>> sports_report::facts() const {
  if (fact_.empty())
    return {};
  return {{"sports", fact_}};
}

std::string sports_report::draw_step(const step_report& step, const page& on) const {
  const auto* x = sports_detail_of(step);
  if (!x)
    return {};
  std::vector<std::string> parts{"sports", counted_sports(x->step.games, "game"),
                                 std::to_string(x->step.accepted) + " of "
                                   + counted_sports(x->step.predictions, "prediction") + " taken",
                                 std::to_string(x->step.won) + " won, "
                                   + std::to_string(x->step.lost) + " lost, "
                                   + std::to_string(x->step.voided) + " void",
                                 counted_sports(x->step.moves, "tier move")};
  if (x->step.attempt != 0)
    parts.push_back("weights " + std::to_string(x->step.attempt) + " (" + x->step.reason + ')');
  return paint(flow(parts, on.columns, on.letters), tone::strong, on.color) + '\n'
         + (x->scoring ? drawn_standings(*x->scoring, on) : "") + '\n';
}

std::string sports_report::draw_summary(const page& on) const {
  if (!scoring_)
    return {};
  const std::vector<std::string> parts{
    "sports",
    std::to_string(all_.accepted) + " of " + counted_sports(all_.predictions, "prediction")
      + " taken",
    std::to_string(all_.won) + " won, " + std::to_string(all_.lost) + " lost, "
      + std::to_string(all_.voided) + " void",
    counted_sports(all_.moves, "tier move")};
  return paint(flow(parts, on.columns, on.letters), tone::strong, on.color) + '\n'
         + drawn_standings(*scoring_, on) + '\n';
}

std::string sports_report::step_lines(const step_report& step) const {
  const auto* x = sports_detail_of(step);
  if (!x)
    return {};
  line out{"sports"};
  out.add("games", x->step.games)
    .add("predictions", x->step.predictions)
    .add("accepted", x->step.accepted)
    .add("refused", sum_of_refused(x->step))
    .add("won", x->step.won)
    .add("lost", x->step.lost)
    .add("void", x->step.voided)
    .add("moves", x->step.moves)
    .add("scoring", x->step.scoring);
  if (x->step.attempt != 0)
    out.add("attempt", x->step.attempt).add_text("reason", x->step.reason);
  std::string weights;
  if (x->scoring)
    for (const auto& one : by_weight(x->scoring->scores)) {
      if (one.weight <= 0)
        break;
      weights += (weights.empty() ? "" : ",") + std::to_string(one.uid.value) + ':'
                 + fixed(one.weight, 4);
    }
  return out.add_text("weights", weights).end();
}

std::string sports_report::summary_lines() const {
  if (!scoring_)
    return {};
  return line{"sports_total"}
    .add("predictions", all_.predictions)
    .add("accepted", all_.accepted)
    .add("won", all_.won)
    .add("lost", all_.lost)
    .add("void", all_.voided)
    .add("moves", all_.moves)
    .add("attempts", attempts_)
    .end();
}

std::string sports_report::step_json(uint64_t number, const step_report& step,
                                     const json_extras& extras) const {
  const auto* x = sports_detail_of(step);
  if (!x)
    return {};
  auto out = json_event("sports", extras);
  out["lap"] = number;
  out["moment"] = sports_time_text(x->step.time_us);
  out["games"] = x->step.games;
  out["predictions"] = x->step.predictions;
  out["accepted"] = x->step.accepted;
  out["refused"] = refused_json(x->step);
  out["won"] = x->step.won;
  out["lost"] = x->step.lost;
  out["void"] = x->step.voided;
  out["moves"] = x->step.moves;
  out["scoring"] = x->step.scoring;
  out["attempt"] = x->step.attempt;
  out["reason"] = x->step.attempt == 0 ? json(nullptr) : json(x->step.reason);
  out["tiers"] = tiers_json(x->scoring.get());
  out["weights"] = weights_json(x->scoring.get());
  return json_line(out);
}

void sports_report::add_to_summary(json& out) const {
  if (!scoring_)
    return;
  out["sports"] = {{"predictions", all_.predictions},
                   {"accepted", all_.accepted},
                   {"refused", refused_json(all_)},
                   {"won", all_.won},
                   {"lost", all_.lost},
                   {"void", all_.voided},
                   {"moves", all_.moves},
                   {"attempts", attempts_},
                   {"tiers", tiers_json(scoring_.get())},
                   {"weights", weights_json(scoring_.get())}};
}

} // namespace sluice::report
