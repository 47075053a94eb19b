#include "rules/sports/publish_parts.hpp"

#include "rules/sports/publish_due.hpp"

#include <algorithm>

namespace sluice {

uint64_t block_before(uint64_t now, int64_t ago_us, uint64_t block_seconds) {
  if (ago_us <= 0)
    return now;
  const auto blocks = static_cast<uint64_t>(ago_us) / (block_seconds * 1'000'000);
  return now > blocks ? now - blocks : 1;
}

bool scoring_is_due(int64_t last_us, int64_t now_us, uint64_t block_seconds,
                    const sports_settings& rules) {
  if (now_us < last_us)
    return false;
  const auto ago = static_cast<uint64_t>(now_us - last_us);
  return ago >= rules.scoring_s * 1'000'000
         && blocks_are_due(ago / (block_seconds * 1'000'000), 0, rules.scoring_blocks);
}

std::map<miner_uid, double> published_weights(const sports_scores& scores) {
  std::map<miner_uid, double> made;
  double sum = 0;
  for (const auto& x : scores.miners)
    if (x.weight > 0)
      sum += made[x.uid] = x.weight;
  for (auto& row : made)
    row.second /= sum;
  return made;
}

std::vector<sports_member>
members_of(const std::map<hotkey, miner_uid>& registered, const sports_records& records,
           const std::map<hotkey, uint8_t>& tiers) {
  std::vector<sports_member> made;
  for (const auto& [key, uid] : registered) {
    const bool plays = records.contains(key);
    if (plays || tiers.contains(key))
      made.push_back({uid, key, plays});
  }
  std::ranges::sort(made, {}, &sports_member::uid);
  return made;
}

std::map<hotkey, nano> wagered_before(const sports_book& book, int64_t now_us) {
  auto made = book.wagered_on(sports_day_of(now_us));
  const auto& all = book.predictions();
  for (auto at = all.rbegin(); at != all.rend() && at->second.received_us >= now_us; ++at) {
    const auto known = made.find(at->second.key);
    if (known == made.end())
      continue;
    known->second -= at->second.wager;
    if (known->second <= 0)
      made.erase(known);
  }
  return made;
}

} // namespace sluice
