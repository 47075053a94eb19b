#include "rules/liquidity/scoreboard.hpp"

#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/score.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

void count(miner_score& entry, round_kind kind, const miner_result& x, uint64_t time) {
  entry.uid = x.uid;
  entry.invalid += x.invalid;
  if (x.verdict != miner_verdict::failed)
    entry.last_active = time;
  if (x.verdict == miner_verdict::refused) {
    ++entry.refusals;
    return;
  }
  ++(kind == round_kind::evaluation ? entry.evaluations : entry.live_rounds);
  ++(x.verdict == miner_verdict::scored ? entry.successes : entry.failures);
}

void average(miner_score& entry, round_kind kind, const miner_result& x,
             const scoreboard_terms& terms) {
  const bool scored = x.verdict == miner_verdict::scored;
  if (x.verdict == miner_verdict::refused || (kind == round_kind::live && !scored))
    return;
  const double score = scored && std::isfinite(x.score) ? x.score : 0;
  const auto mix = [score](double& old, double alpha) { old = (1 - alpha) * old + alpha * score; };
  if (kind == round_kind::evaluation)
    mix(entry.evaluation_score, terms.evaluation_alpha);
  else
    mix(entry.live_score, terms.live_alpha);
  entry.combined_score = terms.evaluation_share * entry.evaluation_score
                         + (1 - terms.evaluation_share) * entry.live_score;
}

} // namespace

void scoreboard::restore(const hotkey& key, miner_score score) {
  scores_[key] = score;
}

void scoreboard::restore(const hotkey& key, uint32_t day, participation_day row) {
  days_[{key, day}] = row;
}

void scoreboard::absorb(round_kind kind, uint64_t time, const std::vector<miner_result>& results) {
  const uint32_t today = utc_day(time);
  for (const auto& x : results) {
    auto [place, fresh] = scores_.try_emplace(x.key);
    if (fresh)
      place->second.first_seen = time;
    count(place->second, kind, x, time);
    average(place->second, kind, x, terms_);
    changed_.scores.insert(x.key);
    if (x.verdict == miner_verdict::failed)
      continue;
    auto& row = days_[{x.key, today}];
    ++(x.verdict == miner_verdict::scored ? row.participated : row.refused);
    changed_.days.insert({x.key, today});
  }
  judge(time);
}

bool scoreboard::counts_enough(const hotkey& key, uint32_t today) const {
  const uint32_t wanted = terms_.eligibility_days;
  const uint32_t first = today > wanted ? today - wanted : 0;
  uint32_t counted = 0;
  for (auto it = days_.lower_bound({key, first});
       it != days_.end() && it->first.first == key && it->first.second <= today; ++it)
    counted += it->second.participated > it->second.refused;
  return counted >= wanted;
}

void scoreboard::judge(uint64_t time) {
  const uint32_t today = utc_day(time);
  const auto trusted = [this](const hotkey& key) {
    return std::find(terms_.trusted.begin(), terms_.trusted.end(), key) != terms_.trusted.end();
  };
  for (auto& [key, entry] : scores_) {
    const bool earned
      = terms_.eligibility_days == 0 ? entry.successes > 0 : counts_enough(key, today);
    const bool eligible = earned || trusted(key);
    if (eligible == entry.eligible)
      continue;
    entry.eligible = eligible;
    changed_.scores.insert(key);
  }
}

const miner_score* scoreboard::find(const hotkey& key) const {
  const auto it = scores_.find(key);
  return it == scores_.end() ? nullptr : &it->second;
}

scoreboard::changes scoreboard::take_changes() {
  return std::exchange(changed_, {});
}

std::optional<hotkey> scoreboard::leader() const {
  const std::pair<const hotkey, miner_score>* best = nullptr;
  for (const auto& row : scores_) {
    const auto& x = row.second;
    if (!x.eligible || !(x.combined_score > 0))
      continue;
    if (best == nullptr || x.combined_score > best->second.combined_score
        || (x.combined_score == best->second.combined_score && x.uid < best->second.uid))
      best = &row;
  }
  return best == nullptr ? std::nullopt : std::optional{best->first};
}

std::vector<miner_uid>
rank_round(const std::vector<miner_result>& results, const scoreboard& before) {
  std::vector<contender> contenders;
  for (const auto& x : results) {
    if (x.verdict != miner_verdict::scored)
      continue;
    const auto* entry = before.find(x.key);
    contenders.push_back({x.uid, x.score, entry == nullptr ? 0 : entry->combined_score});
  }
  return rank(std::move(contenders));
}

std::vector<std::pair<hotkey, miner_scores>>
scores_to_send(const round_id& round, const std::vector<miner_result>& results,
               const std::vector<miner_uid>& ranking, const scoreboard& after) {
  std::vector<std::pair<hotkey, miner_scores>> notices;
  for (const auto& x : results) {
    miner_scores notice{round,     x.verdict, x.score, 0, static_cast<uint32_t>(ranking.size()),
                        x.invalid, x.note};
    const auto place = std::find(ranking.begin(), ranking.end(), x.uid);
    if (place != ranking.end())
      notice.rank = static_cast<uint32_t>(place - ranking.begin()) + 1;
    if (const auto* stands = after.find(x.key)) {
      notice.evaluation_score = stands->evaluation_score;
      notice.live_score = stands->live_score;
      notice.combined_score = stands->combined_score;
      notice.eligible = stands->eligible;
    }
    notices.emplace_back(x.key, std::move(notice));
  }
  return notices;
}

std::optional<miner_uid>
live_candidate(const std::vector<miner_uid>& ranking, const std::vector<miner_result>& results,
               const scoreboard& board) {
  for (const auto uid : ranking) {
    const auto it = std::find_if(results.begin(), results.end(),
                                 [uid](const miner_result& x) { return x.uid == uid; });
    if (it == results.end() || it->verdict != miner_verdict::scored)
      continue;
    const auto* entry = board.find(it->key);
    if (entry != nullptr && entry->eligible)
      return uid;
  }
  return std::nullopt;
}

std::optional<miner_uid>
live_candidate(const std::vector<miner_result>& results, const scoreboard& board) {
  return live_candidate(rank_round(results, board), results, board);
}

} // namespace sluice
