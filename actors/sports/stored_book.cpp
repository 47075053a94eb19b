#include "actors/sports/stored_book.hpp"

#include "storage/sports/recall.hpp"
#include "storage/sports/tables.hpp"
#include "storage/tables.hpp"

#include <optional>
#include <utility>

namespace sluice {

namespace tables = storage::tables;

result<stored_sports_book>
recall_sports_book(const storage::data_dir& disk, const sports_settings& rules) {
  stored_sports_book made{sports_book{rules}, {}, 0};
  auto read = tables::sports_games.for_each(
    disk, [&](const std::string&, sports_game x) { made.book.put(std::move(x)); });
  std::optional<fault> wrong;
  if (read)
    read = tables::sports_predictions.for_each(disk, [&](uint64_t, stored_prediction x) {
      if (auto applied = made.book.apply(std::move(x)); !applied)
        wrong = applied.error();
      return !wrong;
    });
  if (!read)
    return read.error();
  if (wrong)
    return *wrong;
  auto forgotten = storage::recall_forgotten(disk);
  if (!forgotten)
    return forgotten.error();
  made.forgotten = *std::move(forgotten);
  const auto feed = tables::sports_numbers.find(disk, tables::sports_feed_key);
  if (!feed)
    return feed.error();
  made.feed_us = feed->value_or(0);
  return made;
}

result<tier_state> recall_sports_tiers(const storage::data_dir& disk) {
  const auto day = tables::sports_numbers.find(disk, tables::sports_tier_day_key);
  if (!day)
    return day.error();
  tier_state made;
  if (!*day)
    return made;
  made.last_day = **day;
  auto read
    = tables::sports_tiers_now.for_each(disk, [&](const hotkey& key, const sports_tier_row& x) {
        if (x.day == *made.last_day)
          made.tiers[key] = x.tier;
      });
  if (!read)
    return read.error();
  return made;
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
