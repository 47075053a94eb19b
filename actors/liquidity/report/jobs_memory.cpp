#include "actors/liquidity/report/jobs_memory.hpp"

#include "io/text/text.hpp"
#include "rules/liquidity/board_order.hpp"
#include "rules/liquidity/name.hpp"

#include <algorithm>

namespace sluice::report {

std::span<const job_report> jobs_of(const step_report& step) {
  const auto* detail = dynamic_cast<const jobs_detail*>(step.detail.get());
  return detail ? std::span{detail->jobs} : std::span<const job_report>{};
}

void jobs_memory::start(const run_started& first) {
  const std::string name{liquidity_name};
  configured_.clear();
  if (const auto at = first.mechanisms.find(name); at != first.mechanisms.end())
    if (const auto* settings = at->second.find<liquidity_settings>())
      for (const auto& job : settings->jobs)
        configured_[job.id.value] = job;
  const auto sources = first.sources.find(name);
  feeds_ = sources == first.sources.end() ? std::vector<std::string>{} : sources->second;
  labels_ = first.labels;
}

void jobs_memory::take(const step_report& step) {
  ended_now_.clear();
  for (const auto& x : jobs_of(step)) {
    auto& job = jobs_[x.job];
    if (x.ended && !job.ended)
      ended_now_.insert(x.job);
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
}

std::vector<standing_row> jobs_memory::standings(const job_id& job) const {
  std::vector<standing_row> rows;
  const auto found = jobs_.find(job);
  if (found == jobs_.end())
    return rows;
  for (const auto& [key, score] : found->second.scores)
    rows.push_back({plain(key.value), strategy_of(labels_, key), score});
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return stands_above({a.key}, a.score, {b.key}, b.score);
  });
  return rows;
}

std::optional<standing_row> jobs_memory::leader(const job_id& job) const {
  for (auto& x : standings(job))
    if (x.score.eligible && x.score.combined_score > 0)
      return std::move(x);
  return std::nullopt;
}

} // namespace sluice::report
