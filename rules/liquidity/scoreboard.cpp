#include "rules/liquidity/scoreboard.hpp"

#include "rules/liquidity/schedule.hpp"
#include "rules/liquidity/score.hpp"

#include <algorithm>
#include <cmath>

namespace sluice {

namespace {

constexpr u128 recent_mask = (u128{1} << activity_rounds) - 1;

double finite(double x) {
  return std::isfinite(x) ? x : 0;
}

/// What enters the average of the round's kind; none: nothing.
std::optional<double> entry(round_kind kind, const miner_result& x, scoring_rules rules) {
  if (rules == scoring_rules::original)
    return original_entry(kind, x);
  return x.entered ? std::optional{finite(*x.entered)} : std::nullopt;
}

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

void average(miner_score& entry, round_kind kind, double value, const scoreboard_terms& terms) {
  const auto mix = [value](double& old, double alpha) { old = (1 - alpha) * old + alpha * value; };
  if (kind == round_kind::evaluation)
    mix(entry.evaluation_score, terms.evaluation_alpha);
  else
    mix(entry.live_score, terms.live_alpha);
  entry.combined_score = terms.evaluation_share * entry.evaluation_score
                         + (1 - terms.evaluation_share) * entry.live_score;
}

} // namespace

std::optional<double> proven_score(const score_evidence& values, double evidence) {
  if (values.count < evidence_values_min)
    return std::nullopt;
  return values.mean - evidence * values.deviation / std::sqrt(static_cast<double>(values.count));
}

std::optional<double> original_entry(round_kind kind, const miner_result& result) {
  switch (result.verdict) {
  case miner_verdict::scored:
    return finite(result.score);
  case miner_verdict::refused:
    return std::nullopt;
  case miner_verdict::failed:
    break;
  }
  return kind == round_kind::evaluation ? std::optional{0.0} : std::nullopt;
}

void scoreboard::restore(const hotkey& key, miner_score score) {
  scores_[key] = score;
}

void scoreboard::restore(const hotkey& key, uint32_t day, participation_day row) {
  days_[{key, day}] = row;
}

void scoreboard::recall(round_kind kind, uint64_t time, const std::vector<miner_result>& results,
                        scoring_rules rules) {
  now_ = std::max(now_, time);
  if (kind == round_kind::evaluation) {
    rounds_ = std::min(rounds_ + 1, activity_rounds);
    for (auto& [key, record] : recent_)
      record.scored = (record.scored << 1U) & recent_mask;
  }
  for (const auto& x : results) {
    auto& record = recent_[x.key];
    if (kind == round_kind::evaluation && x.verdict == miner_verdict::scored)
      record.scored |= 1U;
    if (const auto value = entry(kind, x, rules))
      record.values.push_back({time, *value});
    while (!record.values.empty() && record.values.front().time + evidence_seconds <= now_)
      record.values.pop_front();
  }
}

void scoreboard::absorb(round_kind kind, uint64_t time, const std::vector<miner_result>& results,
                        scoring_rules rules) {
  recall(kind, time, results, rules);
  const uint32_t today = utc_day(time);
  for (const auto& x : results) {
    auto [place, fresh] = scores_.try_emplace(x.key);
    if (fresh)
      place->second.first_seen = time;
    count(place->second, kind, x, time);
    if (const auto value = entry(kind, x, rules))
      average(place->second, kind, *value, terms_);
    changed_.scores.insert(x.key);
    const bool free_refusal = rules != scoring_rules::original && kind == round_kind::live
                              && x.verdict == miner_verdict::refused;
    if (x.verdict == miner_verdict::failed || free_refusal)
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

double scoreboard::activity(const hotkey& key) const {
  const auto it = recent_.find(key);
  if (it == recent_.end() || rounds_ == 0)
    return 0;
  int scored = 0;
  for (u128 bits = it->second.scored; bits != 0; bits &= bits - 1)
    ++scored;
  return static_cast<double>(scored) / rounds_;
}

bool scoreboard::active(const hotkey& key) const {
  return terms_.active_share <= 0 || activity(key) >= terms_.active_share;
}

bool scoreboard::counts(const hotkey& key) const {
  const auto* entry = find(key);
  return entry != nullptr && entry->eligible && active(key);
}

score_evidence scoreboard::evidence_of(const hotkey& key) const {
  score_evidence found;
  const auto it = recent_.find(key);
  if (it == recent_.end())
    return found;
  double sum = 0;
  for (const auto& x : it->second.values)
    if (x.time + evidence_seconds > now_) {
      ++found.count;
      sum += x.value;
    }
  if (found.count == 0)
    return found;
  const auto n = static_cast<double>(found.count);
  found.mean = sum / n;
  double squares = 0;
  for (const auto& x : it->second.values)
    if (x.time + evidence_seconds > now_)
      squares += (x.value - found.mean) * (x.value - found.mean);
  if (found.count > 1)
    found.deviation = std::sqrt(squares / (n - 1));
  return found;
}

std::optional<double> scoreboard::weight_score(const hotkey& key) const {
  if (!counts(key))
    return std::nullopt;
  if (terms_.evidence <= 0)
    return find(key)->combined_score;
  return proven_score(evidence_of(key), terms_.evidence);
}

scoreboard::changes scoreboard::take_changes() {
  return std::exchange(changed_, {});
}

std::optional<hotkey> scoreboard::leader() const {
  const std::pair<const hotkey, miner_score>* best = nullptr;
  for (const auto& row : scores_) {
    const auto& x = row.second;
    if (!counts(row.first) || !(x.combined_score > 0))
      continue;
    if (best == nullptr || x.combined_score > best->second.combined_score
        || (x.combined_score == best->second.combined_score && x.uid < best->second.uid))
      best = &row;
  }
  return best == nullptr ? std::nullopt : std::optional{best->first};
}

std::vector<miner_uid>
rank_round(const std::vector<miner_result>& results, const scoreboard& before, scoring_rules rules,
           const hotkey& incumbent) {
  std::vector<contender> contenders;
  for (const auto& x : results) {
    if (x.verdict != miner_verdict::scored)
      continue;
    const auto* entry = before.find(x.key);
    contender one{x.uid, x.score, entry == nullptr ? 0 : entry->combined_score};
    if (rules != scoring_rules::original) {
      one.invalid = x.invalid > 0;
      one.incumbent = x.key == incumbent;
    }
    contenders.push_back(one);
  }
  return rank(std::move(contenders));
}

namespace {

const miner_result* result_of(const std::vector<miner_result>& results, miner_uid uid) {
  const auto it = std::ranges::find(results, uid, &miner_result::uid);
  return it == results.end() ? nullptr : &*it;
}

} // namespace

std::optional<miner_uid> winner_of(const std::vector<miner_uid>& ranking,
                                   const std::vector<miner_result>& results, scoring_rules rules) {
  if (ranking.empty())
    return std::nullopt;
  const auto* first = result_of(results, ranking.front());
  const bool barred = rules != scoring_rules::original && first != nullptr && first->invalid > 0;
  return barred ? std::nullopt : std::optional{ranking.front()};
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

std::vector<miner_uid>
live_candidates(const std::vector<miner_uid>& ranking, const std::vector<miner_result>& results,
                const scoreboard& board) {
  std::vector<miner_uid> may;
  for (const auto uid : ranking) {
    const auto* x = result_of(results, uid);
    if (x != nullptr && x->verdict == miner_verdict::scored && x->invalid == 0
        && board.counts(x->key))
      may.push_back(uid);
  }
  return may;
}

} // namespace sluice
