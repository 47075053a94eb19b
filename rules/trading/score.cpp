#include "rules/trading/score.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

constexpr double decay_exponent = 0.25;
constexpr double decay_days = 14;
constexpr double decay_to = 20;

double tao_of_rao(i128 rao) {
  return static_cast<double>(rao) / static_cast<double>(rao_per_tao);
}

double value_of_day(score_value what, const score_day& x) {
  if (what == score_value::pnl)
    return tao_of_rao(x.pnl);
  return x.cost == 0 ? 0 : 100 * static_cast<double>(x.pnl) / static_cast<double>(x.cost);
}

std::string withheld_by(const trading_score_terms& terms, uint64_t trades, i128 volume_rao) {
  if (trades < terms.min_trades)
    return std::to_string(trades) + " trades, " + std::to_string(terms.min_trades)
           + " are needed (min_trades)";
  if (volume_rao < terms.min_volume_rao)
    return to_string(volume_rao) + " rao entered, " + std::to_string(terms.min_volume_rao)
           + " are needed (min_volume_rao)";
  return {};
}

} // namespace

double return_decay() {
  return std::exp(std::log(decay_to) / decay_days);
}

double day_weight(double days) {
  return std::exp(-decay_exponent * return_decay() * days);
}

trading_score score_of(const trading_score_terms& terms, int64_t now_us,
                       std::span<const closing_day> days, uint64_t trades, i128 volume_rao) {
  const int32_t today = utc_day(now_us);
  std::map<int32_t, score_day> by_day;
  for (const auto& x : days) {
    const auto age = static_cast<uint32_t>(std::max(today - x.day, 0));
    if (age > terms.lookback_days)
      continue;
    auto& day = by_day[x.day];
    day.day = x.day;
    day.age = age;
    day.lots += x.lots;
    day.pnl += x.scored_pnl;
    day.cost += x.scored_cost;
  }
  trading_score out;
  double sum = 0;
  for (auto& [number, day] : by_day) {
    day.value = value_of_day(terms.value, day);
    day.weight = day_weight(day.age);
    sum += day.value * day.weight;
    out.days.push_back(day);
  }
  out.withheld = withheld_by(terms, trades, volume_rao);
  if (!out.days.empty() && out.withheld.empty())
    out.score = sum / static_cast<double>(out.days.size());
  return out;
}

double daily_score(std::span<const std::pair<int64_t, double>> by_age,
                   std::optional<uint64_t> lookback_days) {
  double sum = 0;
  size_t count = 0;
  for (const auto& [age, value] : by_age) {
    const int64_t days = std::max<int64_t>(age, 0);
    if (lookback_days && static_cast<uint64_t>(days) > *lookback_days)
      continue;
    sum += value * day_weight(static_cast<double>(days));
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

std::vector<double> weights_proportional(std::span<const double> scores) {
  double sum = 0;
  for (const double x : scores)
    sum += x > score_epsilon ? x : 0;
  std::vector<double> out;
  for (const double x : scores)
    out.push_back(x > score_epsilon ? x / sum : 0);
  return out;
}

std::vector<double> weights_minmax_legacy(std::span<const double> scores) {
  double least = INFINITY;
  double most = 0;
  for (const double x : scores)
    if (x > score_epsilon) {
      least = std::min(least, x);
      most = std::max(most, x);
    }
  std::vector<double> out;
  for (const double x : scores)
    if (x > score_epsilon)
      out.push_back(most > least ? (x - least) / (most - least) : 1);
    else
      out.push_back(0);
  return out;
}

std::vector<double> weights_of(weight_policy policy, std::span<const double> scores) {
  return policy == weight_policy::proportional ? weights_proportional(scores)
                                               : weights_minmax_legacy(scores);
}

std::vector<double>
ema_update(double alpha, std::span<const double> scores, const std::map<size_t, double>& rewards) {
  std::vector<double> out;
  for (size_t i = 0; i < scores.size(); ++i) {
    const auto reward = rewards.find(i);
    out.push_back((reward == rewards.end() ? 0 : alpha * reward->second) + (1 - alpha) * scores[i]);
  }
  return out;
}

std::vector<double>
resynced_scores(std::span<const std::string> old_hotkeys, std::span<const std::string> new_hotkeys,
                std::span<const double> scores) {
  std::vector<double> out;
  for (size_t i = 0; i < new_hotkeys.size(); ++i) {
    const bool same
      = i < old_hotkeys.size() && i < scores.size() && old_hotkeys[i] == new_hotkeys[i];
    out.push_back(same ? scores[i] : 0);
  }
  return out;
}

} // namespace sluice
