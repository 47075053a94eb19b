#include "rules/consensus/best_response.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>

namespace sluice {

namespace {

std::string_view trimmed_result(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  const auto first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

double agreement_of(const std::vector<task_response>& all, size_t index) {
  const auto own = trimmed_result(all[index].result);
  size_t equal = 0;
  for (size_t i = 0; i < all.size(); ++i)
    if (i != index && trimmed_result(all[i].result) == own)
      ++equal;
  return static_cast<double>(equal) / static_cast<double>(all.size() - 1);
}

} // namespace

double response_score(double accuracy, double speed, const consensus_task_terms& terms) {
  constexpr double places = 1e12;
  return std::round((terms.accuracy_weight * accuracy + terms.speed_weight * speed) * places)
         / places;
}

std::optional<size_t>
best_response(const std::vector<compared_response>& all, const consensus_task_terms& terms) {
  std::optional<size_t> best;
  const auto place = [&](const compared_response& x) {
    return std::tuple{-response_score(x.accuracy, x.speed, terms), x.processing_ms, x.uid};
  };
  for (size_t i = 0; i < all.size(); ++i)
    if (!best || place(all[i]) < place(all[*best]))
      best = i;
  return best;
}

double response_speed(uint64_t processing_ms, const consensus_task_terms& terms) {
  constexpr double ms_per_s = 1000;
  return std::max(0.0, 1 - static_cast<double>(processing_ms) / ms_per_s / terms.speed_full_s);
}

void judge_responses(std::vector<task_response>& all, const consensus_task_terms& terms) {
  for (size_t i = 0; i < all.size(); ++i) {
    auto& x = all[i];
    if (x.rating)
      x.accuracy = *x.rating;
    else
      x.accuracy = all.size() > 1 ? agreement_of(all, i) : terms.lone_accuracy;
    x.speed = response_speed(x.processing_ms, terms);
    x.score = response_score(x.accuracy, x.speed, terms);
  }
}

std::optional<miner_uid>
best_of_responses(const std::vector<task_response>& all, const consensus_task_terms& terms) {
  std::vector<compared_response> compared;
  compared.reserve(all.size());
  for (const auto& x : all)
    compared.push_back({x.uid, x.accuracy, x.speed, static_cast<double>(x.processing_ms)});
  const auto best = best_response(compared, terms);
  if (!best)
    return std::nullopt;
  return all[*best].uid;
}

} // namespace sluice
