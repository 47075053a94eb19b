#include "storage/sports/audit.hpp"

#include "rules/math/u256.hpp"
#include "storage/sports/recall.hpp"
#include "storage/sports/tables.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace sluice::storage {

namespace {

constexpr size_t scorings_read = 2;
constexpr size_t pool_most = 20'000;
constexpr double entropy_slack = 1e-9;

std::string name_of_row(const stored_prediction& x) {
  return "prediction " + std::to_string(x.number);
}

/// wager * odds in whole billionths, half to even.
i128 straight_payout(nano wager, nano odds) {
  const i128 product = static_cast<i128>(wager) * odds;
  const i128 whole = product / nano_one;
  const i128 twice = product % nano_one * 2;
  return whole + (twice > nano_one || (twice == nano_one && whole % 2 == 1) ? 1 : 0);
}

std::string two_amounts(nano stored, i128 recomputed) {
  return std::to_string(stored) + ", " + std::to_string(static_cast<int64_t>(recomputed));
}

/// What is wrong with a row when its game stands so; "": nothing.
std::string wrong_settlement(const stored_prediction& x, const sports_game& game) {
  auto state = prediction_state::stored;
  i128 payout = 0;
  if (game.state == game_state::decided) {
    state = x.outcome == game.outcome ? prediction_state::won : prediction_state::lost;
    payout = state == prediction_state::won ? straight_payout(x.wager, x.odds) : i128{0};
  } else if (game.state == game_state::void_) {
    state = prediction_state::void_;
    payout = x.wager;
  }
  if (x.state != state)
    return ".state: " + std::string{name_of(x.state)} + ", " + std::string{name_of(state)};
  if (x.payout != payout)
    return ".payout: " + two_amounts(x.payout, payout);
  if ((x.settled_us != 0) != (state != prediction_state::stored))
    return ".settled_us: " + std::to_string(x.settled_us) + ", "
           + (x.settled_us != 0 ? "0" : "a moment");
  return {};
}

double straight_similarity(const stored_prediction& x, const std::vector<stored_prediction>& pool) {
  double times = 0;
  double wagers = 0;
  double odds = 0;
  for (const auto& other : pool) {
    const auto hours = std::abs(static_cast<double>(x.received_us - other.received_us)) / 3.6e9;
    times += 1 / (1 + hours);
    wagers += 1
              - std::abs(double_of(x.wager) - double_of(other.wager))
                  / std::max(double_of(x.wager), double_of(other.wager));
    odds += 1 / (1 + std::abs(double_of(x.odds) - double_of(other.odds)));
  }
  const auto n = static_cast<double>(pool.size());
  return pool.empty() ? 0 : (0.5 * times + 0.4 * wagers + 0.1 * odds) / n;
}

std::string two_doubles(double stored, double recomputed) {
  return std::to_string(stored) + ", " + std::to_string(recomputed);
}

/// The first pick of a pool gives 0, whatever its raw value.
std::string wrong_entropy(const stored_prediction& x, const std::vector<stored_prediction>& pool,
                          size_t on_game) {
  const auto share
    = on_game == 0 ? 0.0 : static_cast<double>(pool.size()) / static_cast<double>(on_game);
  const auto contrarian = on_game == 0 ? 0.5 : std::sqrt(std::max(0.0, 1 - share)) - 0.5;
  const auto raw = -0.6 * straight_similarity(x, pool) + 0.4 * contrarian;
  if (!(std::abs(raw - x.raw_entropy) <= entropy_slack))
    return ".raw_entropy: " + two_doubles(x.raw_entropy, raw);
  auto low = x.raw_entropy; // the stored ones: a last bit would decide whether they differ
  auto high = x.raw_entropy;
  for (const auto& other : pool) {
    low = std::min(low, other.raw_entropy);
    high = std::max(high, other.raw_entropy);
  }
  const auto scaled
    = pool.empty() || !(high > low) ? 0.0 : (x.raw_entropy - low) / (high - low) * 20 - 10;
  if (!(std::abs(scaled - x.entropy) <= entropy_slack))
    return ".entropy: " + two_doubles(x.entropy, scaled);
  return {};
}

template <class Key, class Value, class F>
result<nothing> read_rows(const data_dir& disk, const table<Key, Value>& from, F take) {
  return from.for_each(disk, [&](Key key, Value value) { take(std::move(key), std::move(value)); });
}

} // namespace

result<sports_rows> read_sports_rows(const data_dir& disk) {
  sports_rows made;
  using namespace tables;
  const auto rules = recall_rules(disk);
  if (!rules)
    return rules.error();
  made.rules = *rules;
  auto read = read_rows(disk, sports_games, [&](std::string key, sports_game x) {
    made.games.emplace(std::move(key), std::move(x));
  });
  if (read)
    read = read_rows(disk, sports_predictions, [&](uint64_t, stored_prediction x) {
      made.predictions.push_back(std::move(x));
    });
  if (read)
    read = read_rows(disk, sports_prediction_ids, [&](std::string key, prediction_place x) {
      made.places.emplace(std::move(key), x);
    });
  if (read)
    read = read_rows(disk, sports_daily,
                     [&](miner_day key, daily_score x) { made.daily.emplace(std::move(key), x); });
  if (read)
    read = read_rows(disk, sports_tiers_now,
                     [&](hotkey key, sports_tier_row x) { made.tiers.emplace(std::move(key), x); });
  if (read)
    read = read_rows(disk, sports_tier_moves,
                     [&](const miner_day&, tier_move x) { made.moves.push_back(std::move(x)); });
  if (read)
    read = read_rows(disk, sports_forgotten_sums, [&](hotkey key, forgotten_predictions x) {
      made.forgotten.emplace(std::move(key), x);
    });
  if (read)
    read = read_rows(disk, sports_attempts,
                     [&](uint64_t, weights_attempt x) { made.attempts.push_back(std::move(x)); });
  if (read)
    read = sports_scorings.for_prefix_back(disk, std::tuple<>{}, [&](uint64_t, sports_scoring x) {
      made.scorings.insert(made.scorings.begin(), std::move(x));
      return made.scorings.size() < scorings_read;
    });
  if (!read)
    return read.error();
  return made;
}

audit_finding audit_sports_ids(const sports_rows& x) {
  audit_finding made{"sports predictions", "", 0};
  const auto differ = [&](const std::string& what) {
    if (made.difference.empty())
      made.difference = what;
  };
  for (const auto& row : x.predictions) {
    made.checked += 2;
    const auto at = x.places.find(row.prediction_id);
    if (at == x.places.end())
      differ(name_of_row(row) + ": its id is in no index");
    else if (at->second.number != row.number)
      differ(name_of_row(row) + ".number: " + std::to_string(at->second.number) + ", "
             + std::to_string(row.number));
    else if (at->second.checksum != prediction_checksum(row))
      differ(name_of_row(row) + ": its checksum is another than when it was accepted");
  }
  ++made.checked;
  if (x.places.size() != x.predictions.size())
    differ("ids: " + std::to_string(x.places.size()) + ", " + std::to_string(x.predictions.size()));
  return made;
}

audit_finding audit_sports_settlement(const sports_rows& x) {
  audit_finding made{"sports settlement", "", 0};
  for (const auto& row : x.predictions) {
    made.checked += 3;
    const auto game = x.games.find(row.game_id);
    const auto wrong = game == x.games.end() ? ": its game " + row.game_id + " is not stored"
                                             : wrong_settlement(row, game->second);
    if (made.difference.empty() && !wrong.empty())
      made.difference = name_of_row(row) + wrong;
  }
  return made;
}

audit_finding audit_sports_entropy(const sports_rows& x) {
  audit_finding made{"sports entropy", "", 0};
  std::map<std::string, std::map<game_outcome, std::vector<stored_prediction>>> games;
  std::map<std::string, size_t> on_game;
  size_t passed_over = 0;
  for (const auto& row : x.predictions) {
    auto& pool = games[row.game_id][row.outcome];
    auto& count = on_game[row.game_id];
    if (pool.size() < pool_most) {
      made.checked += 2;
      const auto wrong = wrong_entropy(row, pool, count);
      if (made.difference.empty() && !wrong.empty())
        made.difference = name_of_row(row) + wrong;
      pool.push_back(row);
    } else {
      ++passed_over;
    }
    ++count;
  }
  if (passed_over > 0)
    made.what += " (" + std::to_string(passed_over) + " predictions of large pools passed over)";
  return made;
}

result<std::vector<audit_finding>> audit_sports(const data_dir& disk) {
  const auto rows = read_sports_rows(disk);
  if (!rows)
    return rows.error();
  return std::vector<audit_finding>{audit_sports_ids(*rows),     audit_sports_settlement(*rows),
                                    audit_sports_entropy(*rows), audit_sports_days(*rows),
                                    audit_sports_tiers(*rows),   audit_sports_standings(*rows),
                                    audit_sports_weights(*rows), audit_sports_attempts(*rows)};
}

} // namespace sluice::storage
