#include "rules/liquidity/no_scores.hpp"

#include <algorithm>
#include <vector>

namespace sluice {

namespace {

std::string why_nobody(const board_count& x) {
  if (x.rounds == 0)
    return "no round is over yet";
  if (x.miners == 0)
    return "no miner was asked yet";
  if (x.eligible != 0)
    return "no eligible miner has a combined score above 0";
  if (x.days == 0)
    return "no miner was scored yet";
  return "no miner is eligible yet: "
         + (x.days == 1 ? "1 day of participation is"
                        : std::to_string(x.days) + " days of participation are")
         + " needed; see [liquidity.jobs.board] eligibility_days";
}

} // namespace

std::string why_no_scores(std::span<const board_count> jobs) {
  if (jobs.empty())
    return "there is no job";
  if (std::any_of(jobs.begin(), jobs.end(), [](const auto& x) { return x.positive != 0; }))
    return {};
  std::vector<std::string> reasons;
  for (const auto& x : jobs)
    reasons.push_back(why_nobody(x));
  if (std::all_of(reasons.begin(), reasons.end(),
                  [&](const auto& x) { return x == reasons.front(); }))
    return reasons.front();
  std::string text;
  for (size_t i = 0; i < jobs.size(); ++i)
    text += (i == 0 ? "" : "; ") + jobs[i].job.value + ": " + reasons[i];
  return text;
}

} // namespace sluice
