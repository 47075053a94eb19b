#include "actors/sports/publishing.hpp"

#include "rules/sports/publish_due.hpp"
#include "rules/sports/publish_parts.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/steps.hpp"
#include "storage/sports/tables.hpp"
#include "storage/tables.hpp"

#include <utility>

namespace sluice {

namespace tables = storage::tables;

namespace {

/// Scores belong to hotkeys: who has another uid now, or none, is left out or moved.
sports_scores scores_of_now(const sports_scores& scores, const chain_view& seen) {
  std::map<hotkey, miner_uid> registered;
  for (const auto& x : seen.neurons)
    registered[x.key] = x.uid;
  sports_scores made{scores.now_us, {}};
  for (auto x : scores.miners)
    if (const auto at = registered.find(x.key); at != registered.end()) {
      x.uid = at->second;
      made.miners.push_back(std::move(x));
    }
  return made;
}

/// What was published last; empty: nothing yet.
struct last_published {
  std::map<miner_uid, double> vector;
  std::optional<int64_t> time_us;
};

result<last_published> last_published_in(const storage::data_dir& disk) {
  const auto last = storage::last_success(disk);
  if (!last)
    return last.error();
  if (!*last)
    return last_published{};
  return last_published{(*last)->vector, (*last)->time_us};
}

} // namespace

result<std::optional<weights_attempt>>
due_sports_attempt(const storage::data_dir& disk, const sports_publish_basis& basis) {
  const auto before = last_published_in(disk);
  if (!before)
    return before.error();
  auto vector = published_weights(scores_of_now(basis.scoring.scores, basis.seen));
  const auto attempts = storage::last_attempts(disk, 1);
  if (!attempts)
    return attempts.error();
  publish_moment moment;
  moment.now_ms = static_cast<uint64_t>(basis.now_us / 1000);
  moment.block = basis.seen.head.block;
  if (before->time_us)
    moment.last_ms = static_cast<uint64_t>(*before->time_us / 1000);
  moment.published = before->vector;
  moment.now_vector = vector;
  uint64_t number = 1;
  if (!attempts->empty()) {
    const auto& last = attempts->front();
    number = last.number + 1;
    if (!basis.is_world) // whose steps are not those of the chain
      moment.last_block
        = block_before(moment.block, basis.now_us - last.time_us, basis.block_seconds);
    moment.failed_since = last.end == weights_end::failed;
    moment.under_way = last.end == weights_end::open;
  }
  auto reason = publish_reason(moment, basis.rules);
  if (reason.empty() && !basis.asked.empty() && !moment.under_way && !vector.empty()
      && blocks_are_due(moment.block, moment.last_block, basis.rules.weights_blocks))
    reason = basis.asked;
  if (reason.empty() && basis.is_world && !moment.under_way && !vector.empty())
    reason = "step";
  if (reason.empty())
    return std::optional<weights_attempt>{};
  weights_attempt made;
  made.number = number;
  made.time_us = basis.now_us;
  made.reason = std::move(reason);
  made.scoring = basis.scoring.number;
  made.change = change_between(before->vector, vector).total_variation;
  made.vector = std::move(vector);
  return std::optional{std::move(made)};
}

result<sports_handed_in>
hand_in_sports(const storage::data_dir& disk, epoch_no epoch, const chain_view& seen) {
  const auto scoring = storage::last_scoring(disk);
  if (!scoring)
    return scoring.error();
  sports_handed_in made;
  if (*scoring)
    made.weights = published_weights(scores_of_now((*scoring)->scores, seen));
  const auto attempts = storage::last_attempts(disk, 1);
  if (!attempts)
    return attempts.error();
  if (!attempts->empty()) {
    auto last = attempts->front();
    const bool is_part
      = last.end == weights_end::open && (last.epoch == 0 || last.epoch == epoch.value);
    if (is_part) {
      last.epoch = epoch.value;
      last.vector = made.weights;
      if (*scoring)
        last.scoring = (*scoring)->number;
      made.attempt = std::move(last);
    }
  }
  if (made.weights.empty())
    made.why_none = why_no_sports_scores(disk);
  return made;
}

std::string why_no_sports_scores(const storage::data_dir& disk) {
  const auto scoring = storage::last_scoring(disk);
  if (!scoring)
    return scoring.error().what;
  if (!*scoring)
    return "nothing was scored yet: scoring begins when games and predictions are there";
  for (const auto& x : (*scoring)->scores.miners)
    if (x.weight > 0)
      return {};
  return "no registered miner has a prediction: the last good weights stay until one predicts";
}

result<std::optional<uint64_t>> sports_steps_done(const storage::data_dir& disk) {
  const auto last = tables::sports_steps.last(disk);
  if (!last)
    return last.error();
  return *last ? std::optional{(*last)->first} : std::nullopt;
}

result<std::set<hotkey>> banned_hotkeys(const storage::data_dir& disk) {
  std::set<hotkey> made;
  auto read
    = tables::bans.for_each(disk, [&](const hotkey& key, const ban_record&) { made.insert(key); });
  if (!read)
    return read.error();
  return made;
}

} // namespace sluice
