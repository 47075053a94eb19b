#include "actors/report/run_memory.hpp"

#include "io/text/text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace sluice::report {

lap_news run_memory::take(const lap_done& lap) {
  lap_news news;
  for (const auto& x : lap.jobs) {
    auto& job = jobs_[x.job];
    if (x.ended && !job.ended)
      news.ended.push_back(x.job);
    job.completed = x.completed;
    job.ended = x.ended;
    job.failed = x.failed;
    job.note = plain(x.note);
    if (x.evaluation)
      ++(x.evaluation->status == round_status::failed ? job.failed_rounds : job.rounds);
    if (x.live)
      ++(x.live->status == round_status::failed ? job.failed_rounds : job.live);
    if (!x.scores.empty())
      job.scores = x.scores;
    for (const auto& [key, score] : x.scores)
      miners_.insert(score.uid);
  }
  if (lap.published
      && (!published_ || published_->epoch != lap.published->epoch
          || published_->status != lap.published->status)) {
    published_ = lap.published;
    news.weights = true;
  }
  return news;
}

std::vector<standing_row> run_memory::standings(const job_id& job) const {
  std::vector<standing_row> rows;
  const auto found = jobs_.find(job);
  if (found == jobs_.end())
    return rows;
  for (const auto& [key, score] : found->second.scores)
    rows.push_back({plain(key.value), strategy_of(started_.labels, key), score});
  const auto order = [](const standing_row& x) {
    const auto score = x.score.combined_score;
    return std::tuple{std::isnan(score) ? std::numeric_limits<double>::infinity() : -score,
                      x.score.uid, x.key};
  };
  std::sort(rows.begin(), rows.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return rows;
}

std::optional<standing_row> run_memory::leader(const job_id& job) const {
  for (auto& x : standings(job))
    if (x.score.eligible && x.score.combined_score > 0)
      return std::move(x);
  return std::nullopt;
}

} // namespace sluice::report
