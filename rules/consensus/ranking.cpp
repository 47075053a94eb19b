#include "rules/consensus/ranking.hpp"

#include <algorithm>
#include <tuple>

namespace sluice {

namespace {

constexpr uint64_t ms_in_a_second = 1000;

std::string
why_no_task_score(const miner_work* work, uint64_t now_ms, const consensus_task_terms& terms) {
  if (!work || work->all.successes < terms.scored_successes)
    return "needs " + std::to_string(terms.scored_successes) + " accepted answer"
           + (terms.scored_successes == 1 ? "" : "s") + ", has "
           + std::to_string(work ? work->all.successes : 0);
  if (work->last_seen_ms + terms.unseen_s * ms_in_a_second < now_ms)
    return "was not seen for " + std::to_string(terms.unseen_s) + " s";
  return {};
}

ranked_miner ranked(const ranked_status& x, const miner_work* work, double max_stake) {
  ranked_miner made;
  made.uid = x.uid;
  made.key = x.key;
  made.stake = x.stake;
  ranking_basis basis;
  basis.stake = x.stake;
  basis.max_stake = max_stake;
  basis.load = x.load;
  basis.capacity = x.capacity;
  const miner_work none;
  const auto& done = work ? *work : none;
  const auto type = main_type(done);
  made.performance = tracker_performance(done, type, x.load, x.capacity);
  basis.performance = made.performance;
  if (const auto at = done.by_type.find(type); at != done.by_type.end()) {
    basis.type_total = at->second.total;
    basis.type_rate
      = static_cast<double>(at->second.successes) / static_cast<double>(at->second.total);
    made.main_type = name_of(type);
  }
  made.composite = tracker_composite(basis);
  made.total = done.all.total;
  made.successes = done.all.successes;
  made.answered = done.answered;
  return made;
}

} // namespace

std::vector<ranked_status>
ranked_statuses(const std::vector<available_miner>& miners,
                const std::map<hotkey, miner_work>& work, const consensus_settings& settings) {
  std::map<hotkey, ranked_status> made;
  for (const auto& [key, x] : work)
    made[key] = {x.uid, key, 0, 0, settings.default_capacity};
  for (const auto& x : miners)
    if (!x.hotkey.empty())
      made[{x.hotkey}] = {x.uid, {x.hotkey}, x.stake, x.load, x.capacity};
  std::vector<ranked_status> all;
  for (auto& [key, x] : made)
    all.push_back(std::move(x));
  std::ranges::sort(all, {}, [](const ranked_status& x) { return std::tuple{x.uid, x.key}; });
  return all;
}

std::vector<ranked_miner>
rank_miners(const std::vector<ranked_status>& miners, const std::map<hotkey, miner_work>& work,
            uint64_t now_ms, const consensus_task_terms& terms) {
  double max_stake = 0;
  for (const auto& x : miners)
    max_stake = std::max(max_stake, x.stake);
  std::vector<ranked_miner> made;
  for (const auto& x : miners) {
    const auto at = work.find(x.key);
    const auto* done = at == work.end() ? nullptr : &at->second;
    auto one = ranked(x, done, max_stake);
    one.why = why_no_task_score(done, now_ms, terms);
    one.score = one.why.empty() ? std::max(0.0, one.composite) : 0;
    made.push_back(std::move(one));
  }
  std::ranges::sort(made, [](const ranked_miner& a, const ranked_miner& b) {
    return std::tuple{-a.score, a.uid, a.key} < std::tuple{-b.score, b.uid, b.key};
  });
  return made;
}

} // namespace sluice
