#include "actors/sports/metrics.hpp"

#include "storage/sports/recall.hpp"
#include "storage/sports/tables.hpp"

#include <array>
#include <cmath>
#include <map>
#include <string>

namespace sluice {

namespace {

namespace tables = storage::tables;

double seconds_of_us(int64_t us) {
  return std::floor(static_cast<double>(us) / 1e6);
}

int64_t sports_number(const storage::data_dir& disk, const std::string& name) {
  const auto found = tables::sports_numbers.find(disk, name);
  return found ? found->value_or(0) : 0;
}

void add_answers(metric_list& out, const storage::data_dir& disk) {
  out.counter("sluice_sports_predictions_received_total", "Predictions that came",
              static_cast<double>(sports_number(disk, tables::sports_received_key)));
  for (size_t i = 0; i < prediction_code_names.size(); ++i)
    out.counter("sluice_sports_predictions_answered_total", "Predictions by their answer",
                static_cast<double>(
                  sports_number(disk, tables::sports_answer_key(static_cast<prediction_code>(i)))),
                {{"code", std::string{prediction_code_names[i]}}});
  out.counter("sluice_sports_confirmed_again_total",
              "Duplicates that were identical to the stored prediction",
              static_cast<double>(sports_number(disk, tables::sports_confirmed_again_key)));
  out.gauge("sluice_sports_feed_seconds", "The last word of the feed, unix time; 0: none",
            seconds_of_us(sports_number(disk, tables::sports_feed_key)));
}

void add_rows_by_state(metric_list& out, const storage::data_dir& disk) {
  std::array<double, game_state_names.size()> games{};
  std::array<double, prediction_state_names.size()> predictions{};
  (void)tables::sports_games.for_each(disk, [&](const std::string&, const sports_game& x) {
    ++games.at(static_cast<size_t>(x.state));
  });
  (void)tables::sports_predictions.for_each(disk, [&](uint64_t, const stored_prediction& x) {
    ++predictions.at(static_cast<size_t>(x.state));
  });
  for (size_t i = 0; i < games.size(); ++i)
    out.gauge("sluice_sports_games", "Games that are stored, by state", games[i],
              {{"state", std::string{game_state_names[i]}}});
  for (size_t i = 0; i < predictions.size(); ++i)
    out.gauge("sluice_sports_predictions", "Predictions that are stored, by state", predictions[i],
              {{"state", std::string{prediction_state_names[i]}}});
}

void add_last_scoring(metric_list& out, const storage::data_dir& disk) {
  const auto scoring = storage::last_scoring(disk);
  if (!scoring || !*scoring)
    return;
  const auto& scores = (*scoring)->scores;
  out.gauge("sluice_sports_scorings", "Number of the last scoring",
            static_cast<double>((*scoring)->number));
  out.gauge("sluice_sports_last_scoring_seconds", "When it was made, unix time",
            seconds_of_us(scores.now_us));
  std::map<uint8_t, double> held;
  for (const auto& x : scores.miners)
    ++held[x.tier];
  for (const auto& [tier, miners] : held)
    out.gauge("sluice_sports_tier_miners", "Miners by tier; 0: invalid", miners,
              {{"tier", std::to_string(tier)}});
  for (const auto& x : scores.miners) {
    const metric_list::labels who{{"uid", std::to_string(x.uid.value)}, {"hotkey", x.key.value}};
    out.gauge("sluice_sports_weight", "Weight of the last scoring", x.weight, who);
    out.gauge("sluice_sports_tier", "Tier of the last scoring", static_cast<double>(x.tier), who);
  }
}

void add_weight_attempts(metric_list& out, const storage::data_dir& disk) {
  std::map<weights_end, double> ends;
  int64_t last_us = 0;
  (void)tables::sports_attempts.for_each(disk, [&](uint64_t, const weights_attempt& x) {
    ++ends[x.end];
    if (x.success())
      last_us = x.ended_us;
  });
  for (const auto& [end, count] : ends)
    out.gauge("sluice_sports_weights_attempts", "Attempts to set weights, by how they ended", count,
              {{"end", std::string{name_of(end)}}});
  out.gauge("sluice_sports_last_weights_seconds",
            "When weights were set the last time, unix time; 0: never", seconds_of_us(last_us));
}

} // namespace

void add_sports_metrics(metric_list& out, const storage::data_dir& disk) {
  add_answers(out, disk);
  add_rows_by_state(out, disk);
  add_last_scoring(out, disk);
  add_weight_attempts(out, disk);
}

} // namespace sluice
