#include "storage/sports/audit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

namespace sluice::storage {

namespace {

constexpr int64_t day_us = 86'400'000'000;
constexpr int64_t days_compared = 46;
constexpr double score_slack = 1e-9;

int64_t day_of(int64_t us) {
  return us / day_us - (us % day_us < 0 ? 1 : 0);
}

bool are_near(double a, double b) {
  return std::abs(a - b) <= score_slack * std::max({1.0, std::abs(a), std::abs(b)});
}

std::string two_scores(double stored, double recomputed) {
  return std::to_string(stored) + ", " + std::to_string(recomputed);
}

/// The last odds of an outcome; none: there are none.
std::optional<double> closing_odds(const sports_game& game, game_outcome outcome) {
  const nano odds = outcome == game_outcome::team_a   ? game.team_a_odds
                    : outcome == game_outcome::team_b ? game.team_b_odds
                                                      : game.tie_odds.value_or(0);
  if (odds <= 0)
    return {};
  return double_of(odds);
}

/// Sums of one miner's day, which become means.
struct day_sums {
  daily_score sum;
  double closed = 0; // predictions that have closing odds
};

void add_to_day(day_sums& day, const stored_prediction& x, const sports_game& game) {
  auto& sum = day.sum;
  ++sum.predictions;
  if (const auto closing = closing_odds(game, x.outcome)) {
    sum.clv += double_of(x.odds) / *closing;
    ++day.closed;
  }
  const auto roi = (double_of(x.payout) - double_of(x.wager)) / double_of(x.wager);
  const auto risk = std::min(1 - 0.95 / double_of(x.odds), 1.0);
  sum.roi += roi;
  sum.risk
    += x.state == prediction_state::won ? roi / risk : std::max(roi / ((1 - risk) + 1e-5), -10.0);
  sum.entropy += x.entropy;
}

std::map<miner_day, daily_score> days_again(const sports_rows& x, int64_t now_us) {
  std::map<miner_day, day_sums> sums;
  for (const auto& row : x.predictions) {
    const auto game = x.games.find(row.game_id);
    const bool counts = row.state == prediction_state::won || row.state == prediction_state::lost;
    if (counts && row.settled_us <= now_us && game != x.games.end())
      add_to_day(sums[{day_of(game->second.start_us), row.key}], row, game->second);
  }
  std::map<int64_t, double> largest;
  for (const auto& [at, day] : sums) {
    const auto known = largest.emplace(at.day, day.sum.entropy);
    known.first->second = std::max(known.first->second, day.sum.entropy);
  }
  std::map<miner_day, daily_score> made;
  for (auto& [at, day] : sums) {
    const auto n = static_cast<double>(day.sum.predictions);
    auto score = day.sum;
    score.clv = day.closed > 0 ? score.clv / day.closed : 0;
    score.roi /= n;
    score.risk /= n;
    if (largest.at(at.day) > 0)
      score.entropy /= largest.at(at.day);
    const auto& share = x.rules.composite;
    score.composite = share.clv * score.clv + share.roi * score.roi + share.risk * score.risk
                      + share.entropy * score.entropy;
    made.emplace(at, score);
  }
  return made;
}

/// "" or the first field that differs.
std::string difference_of_days(const daily_score& a, const daily_score& b) {
  if (a.predictions != b.predictions)
    return ".predictions: " + std::to_string(a.predictions) + ", " + std::to_string(b.predictions);
  for (const auto& [name, member] :
       {std::pair{".clv", &daily_score::clv}, std::pair{".roi", &daily_score::roi},
        std::pair{".risk", &daily_score::risk}, std::pair{".entropy", &daily_score::entropy},
        std::pair{".composite", &daily_score::composite}})
    if (!are_near(a.*member, b.*member))
      return name + (": " + two_scores(a.*member, b.*member));
  return {};
}

/// Days of games that the feed has spoken of since the scoring: their figures may be newer.
std::set<int64_t> days_changed_since(const sports_rows& x, int64_t now_us) {
  std::set<int64_t> made;
  for (const auto& [id, game] : x.games)
    if (game.updated_us > now_us || game.ended_us > now_us)
      made.insert(day_of(game.start_us));
  return made;
}

struct lifetime_figures {
  uint64_t wins = 0;
  uint64_t losses = 0;
  uint64_t voids = 0;
  int64_t wager = 0;
  int64_t payout = 0;
};

std::map<hotkey, lifetime_figures> lifetimes_again(const sports_rows& x, int64_t now_us) {
  std::map<hotkey, lifetime_figures> made;
  for (const auto& [key, sum] : x.forgotten)
    made[key] = {sum.wins, sum.losses, sum.voids, sum.wager, sum.payout};
  for (const auto& row : x.predictions) {
    if (row.state == prediction_state::stored || row.settled_us > now_us)
      continue;
    auto& sum = made[row.key];
    const bool counts = row.state != prediction_state::void_;
    ++(row.state == prediction_state::won ? sum.wins : counts ? sum.losses : sum.voids);
    sum.wager += counts ? row.wager : 0;
    sum.payout += counts ? row.payout : 0;
  }
  return made;
}

std::string wrong_standing(const sports_standing& x, const lifetime_figures& sum) {
  const auto count = [](const char* name, auto stored, auto recomputed) {
    return stored == recomputed ? std::string{}
                                : name + std::to_string(stored) + ", " + std::to_string(recomputed);
  };
  for (const auto& wrong :
       {count(".wins: ", x.wins, sum.wins), count(".losses: ", x.losses, sum.losses),
        count(".voids: ", x.voids, sum.voids),
        count(".lifetime_wager: ", x.lifetime_wager, sum.wager),
        count(".lifetime_earnings: ", x.lifetime_earnings, sum.payout)})
    if (!wrong.empty())
      return wrong;
  const auto roi = sum.wager == 0 ? 0.0 : double_of(sum.payout - sum.wager) / double_of(sum.wager);
  return are_near(x.lifetime_roi, roi) ? "" : ".lifetime_roi: " + two_scores(x.lifetime_roi, roi);
}

/// As facts/mechanisms D3.5 has them: of the ranked, then what is left to the blacklisted.
std::map<miner_uid, double> weights_again(const sports_scoring& x, const sports_settings& rules) {
  std::vector<std::tuple<uint8_t, double, miner_uid>> ranked;
  std::set<uint8_t> populated;
  for (const auto& miner : x.scores.miners)
    if (miner.tier > 0 && !x.blacklisted.contains(miner.key)) {
      ranked.emplace_back(miner.tier, miner.tier_score, miner.uid);
      populated.insert(miner.tier);
    }
  std::sort(ranked.begin(), ranked.end());
  std::map<miner_uid, double> made;
  double sum = 0;
  for (size_t i = 0; i < ranked.size(); ++i) {
    const auto& [tier, score, uid] = ranked[i];
    const auto place
      = ranked.size() == 1 ? 0.0 : static_cast<double>(i) / static_cast<double>(ranked.size() - 1);
    const auto below = std::distance(populated.begin(), populated.find(tier));
    sum += made[uid]
      = std::exp(rules.rank_exponent * place) + rules.tier_step * static_cast<double>(below);
  }
  for (auto& row : made)
    row.second /= sum;
  sum = made.empty() ? 0 : 1;
  for (const auto& miner : x.scores.miners)
    if (const auto at = x.blacklisted.find(miner.key); at != x.blacklisted.end())
      sum += made[miner.uid] = rules.blacklist_alpha * at->second;
  for (auto& row : made)
    row.second /= sum > 0 ? sum : 1;
  return made;
}

} // namespace

audit_finding audit_sports_days(const sports_rows& x) {
  audit_finding made{"sports days", "", 0};
  if (x.scorings.empty())
    return made;
  const auto now_us = x.scorings.back().scores.now_us;
  const auto from = day_of(now_us) - days_compared;
  const auto changed = days_changed_since(x, now_us);
  const auto again = days_again(x, now_us);
  const auto differ = [&](const miner_day& at, const std::string& what) {
    if (made.difference.empty() && at.day > from && !changed.contains(at.day))
      made.difference = "day " + std::to_string(at.day) + " of " + at.key.value + what;
  };
  for (const auto& [at, score] : again) {
    made.checked += 6;
    const auto stored = x.daily.find(at);
    const auto wrong
      = stored == x.daily.end() ? ": absent" : difference_of_days(stored->second, score);
    if (!wrong.empty())
      differ(at, wrong);
  }
  for (const auto& row : x.daily)
    if (!again.contains(row.first) && changed.empty())
      differ(row.first, ": stored, but no decided prediction is");
  return made;
}

audit_finding audit_sports_tiers(const sports_rows& x) {
  audit_finding made{"sports tiers", "", 0};
  std::map<hotkey, uint8_t> now;
  const auto differ = [&](const hotkey& key, const std::string& what) {
    if (made.difference.empty())
      made.difference = "tier of " + key.value + what;
  };
  for (const auto& move : x.moves) {
    ++made.checked;
    const auto before = now.find(move.key);
    // From 0: also of a hotkey that left the subnet, whose tier went without a move.
    if (before != now.end() && move.from != 0 && before->second != move.from)
      differ(move.key, " before day " + std::to_string(move.day) + ": " + std::to_string(move.from)
                         + ", " + std::to_string(before->second));
    if (move.from == move.to)
      differ(move.key, " moves to where it is, on day " + std::to_string(move.day));
    now[move.key] = move.to;
  }
  for (const auto& [key, tier] : now) {
    ++made.checked;
    const auto stored = x.tiers.find(key);
    if (stored != x.tiers.end() && stored->second.tier != tier) // the hotkey may have left
      differ(key, ": " + std::to_string(stored->second.tier) + ", " + std::to_string(tier));
  }
  return made;
}

audit_finding audit_sports_standings(const sports_rows& x) {
  audit_finding made{"sports standings", "", 0};
  if (x.scorings.empty())
    return made;
  const auto& scoring = x.scorings.back();
  made.what += " of scoring " + std::to_string(scoring.number);
  const auto again = lifetimes_again(x, scoring.scores.now_us);
  for (const auto& miner : scoring.scores.miners) {
    made.checked += 6;
    const auto sum = again.find(miner.key);
    const auto wrong = wrong_standing(miner, sum == again.end() ? lifetime_figures{} : sum->second);
    if (made.difference.empty() && !wrong.empty())
      made.difference = "uid " + std::to_string(miner.uid.value) + wrong;
  }
  return made;
}

audit_finding audit_sports_weights(const sports_rows& x) {
  audit_finding made{"sports weights", "", 0};
  if (x.scorings.empty())
    return made;
  const auto& scoring = x.scorings.back();
  made.what += " of scoring " + std::to_string(scoring.number);
  const auto again = weights_again(scoring, x.rules);
  for (const auto& miner : scoring.scores.miners) {
    ++made.checked;
    const auto at = again.find(miner.uid);
    const auto weight = at == again.end() ? 0.0 : at->second;
    if (made.difference.empty() && !are_near(miner.weight, weight))
      made.difference = "weight of uid " + std::to_string(miner.uid.value) + ": "
                        + two_scores(miner.weight, weight);
  }
  return made;
}

audit_finding audit_sports_attempts(const sports_rows& x) {
  audit_finding made{"sports attempts to set weights", "", 0};
  uint64_t expected = x.attempts.empty() ? 1 : x.attempts.front().number;
  for (const auto& attempt : x.attempts) {
    made.checked += 3;
    double sum = 0;
    for (const auto& [uid, weight] : attempt.vector)
      sum += weight;
    const auto wrong
      = attempt.number != expected
          ? "number: " + std::to_string(attempt.number) + ", " + std::to_string(expected)
        : !attempt.vector.empty() && std::abs(sum - 1) > 1e-6
          ? "sum of attempt " + std::to_string(attempt.number) + ": " + two_scores(sum, 1)
        : attempt.end == weights_end::failed && attempt.error.empty()
          ? "attempt " + std::to_string(attempt.number) + " failed and states no error"
          : std::string{};
    if (made.difference.empty())
      made.difference = wrong;
    ++expected;
  }
  return made;
}

} // namespace sluice::storage
