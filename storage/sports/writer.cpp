#include "storage/sports/writer.hpp"

#include "storage/checked_table.hpp"
#include "storage/sports/tables.hpp"

#include <tuple>

namespace sluice::storage {

namespace {

constexpr uint64_t expired_most = 100'000;
constexpr uint64_t stats_erased_most = 100;

/// Erases the rows of days before `day`, which stand in front.
template <class Value>
result<uint64_t>
erase_days(const data_dir& disk, const table<miner_day, Value>& from, int64_t day, batch& out) {
  uint64_t erased = 0;
  auto walked = from.for_each(disk, [&](const miner_day& key, const Value&) {
    if (key.day >= day || erased == expired_most)
      return false;
    from.erase(out, key);
    ++erased;
    return true;
  });
  if (!walked)
    return walked.error();
  return erased;
}

} // namespace

void add_game(batch& out, const sports_game& x) {
  tables::sports_games.put(out, x.external_id, x);
}

void add_accepted(batch& out, std::span<const stored_prediction> rows) {
  for (const auto& x : rows) {
    tables::sports_predictions.put(out, x.number, x);
    const auto checksum = row_checksum({}, out.writes.back().value); // prediction_checksum(x)
    tables::sports_prediction_ids.put(out, x.prediction_id, {x.number, checksum});
  }
  if (!rows.empty())
    add_number(out, tables::sports_last_prediction_key, static_cast<int64_t>(rows.back().number));
}

void add_settled(batch& out, const stored_prediction& x) {
  tables::sports_predictions.put(out, x.number, x);
}

result<prediction_counts> prediction_counts::read(const data_dir& disk) {
  prediction_counts made;
  auto walked = tables::sports_numbers.for_each(
    disk, [&](const std::string& name, int64_t value) { made.values_[name] = value; });
  if (!walked)
    return walked.error();
  return made;
}

void prediction_counts::add(const std::string& name, uint64_t n) {
  values_[name] += static_cast<int64_t>(n);
  changed_.insert(name);
}

void prediction_counts::answered(const prediction_answer& x) {
  add(tables::sports_answer_key(x.code), 1);
  if (x.same)
    add(tables::sports_confirmed_again_key, 1);
}

int64_t prediction_counts::value(const std::string& name) const {
  const auto at = values_.find(name);
  return at == values_.end() ? 0 : at->second;
}

void prediction_counts::put(batch& out) {
  for (const auto& name : changed_)
    add_number(out, name, values_.at(name));
  changed_.clear();
}

void add_number(batch& out, const std::string& name, int64_t value) {
  tables::sports_numbers.put(out, name, value);
}

void add_rules(batch& out, const sports_settings& x) {
  tables::sports_rules.put(out, tables::sports_rules_key, x);
}

void add_nonces(batch& out, std::span<const sports_nonce> all) {
  for (const auto& x : all)
    tables::sports_nonces.put(out, {x.key, x.nonce}, x.at_us);
}

result<uint64_t> expire_nonces(const data_dir& disk, int64_t before_us, batch& out) {
  uint64_t erased = 0;
  auto walked = tables::sports_nonces.for_each(disk, [&](const used_nonce& nonce, int64_t used_us) {
    if (used_us >= before_us)
      return true;
    tables::sports_nonces.erase(out, nonce);
    return ++erased < expired_most;
  });
  if (!walked)
    return walked.error();
  return erased;
}

void add_scoring(batch& out, const sports_scoring& x) {
  tables::sports_scorings.put(out, x.number, x);
  if (x.number > tables::sports_scorings_kept)
    tables::sports_scorings.erase(out, x.number - tables::sports_scorings_kept);
}

void add_daily(batch& out, const std::map<miner_day, daily_score>& parts) {
  for (const auto& [at, part] : parts)
    tables::sports_daily.put(out, at, part);
}

void add_tiers(batch& out, int64_t day, const std::map<hotkey, uint8_t>& tiers,
               std::span<const tier_move> moves) {
  for (const auto& [key, tier] : tiers)
    tables::sports_tiers_now.put(out, key, {tier, day});
  for (const auto& move : moves)
    tables::sports_tier_moves.put(out, {move.day, move.key}, move);
  add_number(out, tables::sports_tier_day_key, day);
}

result<nothing> add_tiers(const data_dir& disk, batch& out, const tier_state& now,
                          std::span<const tier_move> moves) {
  auto walked
    = tables::sports_tiers_now.for_each(disk, [&](const hotkey& key, const sports_tier_row&) {
        if (!now.tiers.contains(key))
          tables::sports_tiers_now.erase(out, key);
      });
  if (!walked)
    return walked;
  if (now.last_day)
    add_tiers(out, *now.last_day, now.tiers, moves);
  return nothing{};
}

void add_attempt(batch& out, const weights_attempt& x) {
  tables::sports_attempts.put(out, x.number, x);
  if (x.number > tables::sports_attempts_kept)
    tables::sports_attempts.erase(out, x.number - tables::sports_attempts_kept);
}

result<nothing>
add_stats(const data_dir& disk, batch& out, const service_moment& at, const std::string& json) {
  uint64_t erased = 0;
  auto walked = tables::sports_stats.for_prefix(
    disk, std::tuple{at.service}, [&](const service_moment& old, const std::string&) {
      if (old.time_us >= at.time_us - tables::sports_stats_kept_us || erased == stats_erased_most)
        return false;
      tables::sports_stats.erase(out, old);
      ++erased;
      return true;
    });
  if (walked)
    tables::sports_stats.put(out, at, json);
  return walked;
}

result<nothing>
add_forgotten(const data_dir& disk, batch& out, std::span<const stored_prediction> predictions,
              std::span<const std::string> games) {
  std::map<hotkey, forgotten_predictions> sums;
  for (const auto& x : predictions) {
    if (x.state == prediction_state::stored)
      return fault{ec::invalid_argument, "prediction " + x.prediction_id
                                           + " is open: it cannot be erased before it is settled"};
    auto at = sums.find(x.key);
    if (at == sums.end()) {
      const auto stored = tables::sports_forgotten_sums.find(disk, x.key);
      if (!stored)
        return stored.error();
      at = sums.emplace(x.key, stored->value_or(forgotten_predictions{})).first;
    }
    auto& sum = at->second;
    const bool counts = x.state != prediction_state::void_;
    ++(x.state == prediction_state::won ? sum.wins : counts ? sum.losses : sum.voids);
    sum.wager += counts ? x.wager : 0;
    sum.payout += counts ? x.payout : 0;
    tables::sports_predictions.erase(out, x.number);
    tables::sports_prediction_ids.erase(out, x.prediction_id);
  }
  for (const auto& game : games)
    tables::sports_games.erase(out, game);
  for (const auto& [key, sum] : sums)
    tables::sports_forgotten_sums.put(out, key, sum);
  return nothing{};
}

result<uint64_t> expire_days(const data_dir& disk, int64_t day, batch& out) {
  auto daily = erase_days(disk, tables::sports_daily, day, out);
  if (!daily)
    return daily;
  const auto moves = erase_days(disk, tables::sports_tier_moves, day, out);
  if (!moves)
    return moves.error();
  return *daily + *moves;
}

} // namespace sluice::storage
