#include "storage/sports/recall.hpp"

#include "storage/sports/tables.hpp"

#include <tuple>
#include <utility>

namespace sluice::storage {

result<sports_book> recall_book(const data_dir& disk, const sports_settings& rules) {
  sports_book made{rules};
  auto read = tables::sports_games.for_each(
    disk, [&](const std::string&, sports_game x) { made.put(std::move(x)); });
  if (!read)
    return read.error();
  std::optional<fault> wrong;
  read = tables::sports_predictions.for_each(disk, [&](uint64_t, stored_prediction x) {
    if (auto applied = made.apply(std::move(x)); !applied)
      wrong = applied.error();
    return !wrong;
  });
  if (wrong)
    return fault{wrong->code, disk.path().string() + ": " + wrong->what};
  if (!read)
    return read.error();
  const auto last = tables::sports_numbers.find(disk, tables::sports_last_prediction_key);
  if (!last)
    return last.error();
  made.continue_after(static_cast<uint64_t>(last->value_or(0))); // that row may be erased
  return made;
}

result<tier_state> recall_tiers(const data_dir& disk) {
  tier_state made;
  const auto day = tables::sports_numbers.find(disk, tables::sports_tier_day_key);
  if (!day)
    return day.error();
  made.last_day = *day;
  auto read = tables::sports_tiers_now.for_each(disk, [&](hotkey key, const sports_tier_row& x) {
    if (x.day == *day) // a run puts the rows of all who have a tier after it
      made.tiers.emplace(std::move(key), x.tier);
  });
  if (!read)
    return read.error();
  return made;
}

result<std::vector<sports_nonce>> recall_nonces(const data_dir& disk, int64_t since_us) {
  std::vector<sports_nonce> made;
  auto walked = tables::sports_nonces.for_each(disk, [&](const used_nonce& x, int64_t at_us) {
    if (at_us >= since_us)
      made.push_back({x.key, x.nonce, at_us});
  });
  if (!walked)
    return walked.error();
  return made;
}

result<std::map<hotkey, lifetime_before>> recall_lifetimes(const data_dir& disk) {
  std::map<hotkey, lifetime_before> made;
  auto walked = tables::sports_forgotten_sums.for_each(
    disk, [&](const hotkey& key, const forgotten_predictions& x) {
      made[key] = {x.wins, x.losses, x.voids, x.wager, x.payout};
    });
  if (!walked)
    return walked.error();
  return made;
}

result<sports_settings> recall_rules(const data_dir& disk) {
  auto stored = tables::sports_rules.find(disk, tables::sports_rules_key);
  if (!stored)
    return stored.error();
  return stored->value_or(sports_settings{});
}

result<std::optional<sports_scoring>> last_scoring(const data_dir& disk) {
  auto last = tables::sports_scorings.last(disk);
  if (!last)
    return last.error();
  if (!*last)
    return std::optional<sports_scoring>{};
  return std::optional<sports_scoring>{std::move((*last)->second)};
}

result<std::vector<weights_attempt>> last_attempts(const data_dir& disk, size_t max) {
  std::vector<weights_attempt> made;
  auto walked = tables::sports_attempts.for_prefix_back(disk, std::tuple<>{},
                                                        [&](uint64_t, const weights_attempt& x) {
                                                          if (made.size() < max)
                                                            made.push_back(x);
                                                          return made.size() < max;
                                                        });
  if (!walked)
    return walked.error();
  return made;
}

result<std::optional<weights_attempt>> last_success(const data_dir& disk) {
  std::optional<weights_attempt> found;
  auto walked = tables::sports_attempts.for_prefix_back(disk, std::tuple<>{},
                                                        [&](uint64_t, const weights_attempt& x) {
                                                          if (x.success())
                                                            found = x;
                                                          return !found;
                                                        });
  if (!walked)
    return walked.error();
  return found;
}

result<std::map<std::string, std::pair<int64_t, std::string>>> last_stats(const data_dir& disk) {
  std::map<std::string, std::pair<int64_t, std::string>> made;
  auto walked
    = tables::sports_stats.for_each(disk, [&](const service_moment& at, const std::string& json) {
        made[at.service] = {at.time_us, json};
      });
  if (!walked)
    return walked.error();
  return made;
}

result<std::vector<stored_prediction>>
last_predictions_of(const data_dir& disk, const hotkey& key, size_t max) {
  std::vector<stored_prediction> made;
  auto walked = tables::sports_predictions.for_prefix_back(
    disk, std::tuple<>{}, [&](uint64_t, const stored_prediction& x) {
      if (x.key == key && made.size() < max)
        made.push_back(x);
      return made.size() < max;
    });
  if (!walked)
    return walked.error();
  return made;
}

} // namespace sluice::storage
