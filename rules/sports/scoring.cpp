#include "rules/sports/scoring.hpp"

#include "rules/sports/components.hpp"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace sluice {

namespace {

/// Sums of one miner's day, that become means.
struct sports_day_sums {
  daily_score sum;
  uint64_t closed = 0; // predictions on outcomes with closing odds
};

/// One miner while the book is walked.
struct open_sports_record {
  sports_record made;
  std::map<int64_t, sports_day_sums> days;
};

void add_bet(sports_day_sums& day, const stored_prediction& x, double closing) {
  const auto odds = double_of(x.odds);
  const auto wager = double_of(x.wager);
  const auto roi = roi_of_bet(wager, double_of(x.payout));
  ++day.sum.predictions;
  if (closing > 0) {
    day.sum.clv += odds / closing;
    ++day.closed;
  }
  day.sum.roi += roi;
  day.sum.risk += risk_of_bet(roi, odds, x.state == prediction_state::won);
  day.sum.entropy += x.entropy;
}

void count(sports_record& made, const stored_prediction& x) {
  ++made.predictions;
  switch (x.state) {
  case prediction_state::stored:
    ++made.open;
    break;
  case prediction_state::void_:
    ++made.voids;
    return;
  case prediction_state::won:
  case prediction_state::lost:
    ++(x.state == prediction_state::won ? made.wins : made.losses);
    made.wager += x.wager;
    made.earnings += x.payout;
    break;
  }
  made.wagered[sports_day_of(x.received_us)] += x.wager;
}

/// Means of the sums. `largest`: of the day's sums of entropy.
daily_score score_of_day(const sports_day_sums& day, double largest, const composite_terms& terms) {
  auto made = day.sum;
  const auto n = static_cast<double>(made.predictions);
  made.clv = day.closed == 0 ? 0 : made.clv / static_cast<double>(day.closed);
  made.roi /= n;
  made.risk /= n;
  if (largest > 0)
    made.entropy /= largest;
  made.composite = composite_of(terms, made.clv, made.roi, made.risk, made.entropy);
  return made;
}

/// The game of a prediction, looked up once per game.
class known_games {
public:
  explicit known_games(const sports_book& book) {
    for (const auto& [id, game] : book.games()) {
      seen_game seen{sports_day_of(game.start_us), {}};
      for (size_t i = 0; i < seen.closing.size(); ++i) {
        const auto odds = odds_of(game, static_cast<game_outcome>(i));
        seen.closing[i] = odds ? double_of(*odds) : 0;
      }
      all_.emplace(id, seen);
    }
  }

  struct seen_game {
    int64_t day = 0;
    std::array<double, 3> closing{}; // 0: none
  };
  const seen_game& of(const std::string& id) const { return all_.at(id); }

private:
  std::unordered_map<std::string, seen_game> all_;
};

} // namespace

sports_records sports_records_of(const sports_book& book) {
  const known_games games{book};
  std::unordered_map<std::string, open_sports_record> open;
  std::unordered_map<int64_t, double> largest;
  for (const auto& [number, x] : book.predictions()) {
    auto& record = open[x.key.value];
    count(record.made, x);
    if (x.state != prediction_state::won && x.state != prediction_state::lost)
      continue;
    const auto& game = games.of(x.game_id);
    add_bet(record.days[game.day], x, game.closing[static_cast<size_t>(x.outcome)]);
  }
  for (const auto& one : open)
    for (const auto& [day, sums] : one.second.days) {
      const auto at = largest.emplace(day, sums.sum.entropy).first;
      at->second = std::max(at->second, sums.sum.entropy);
    }
  sports_records made;
  for (auto& [key, record] : open) {
    for (const auto& [day, sums] : record.days)
      record.made.daily.emplace(day, score_of_day(sums, largest.at(day), book.rules().composite));
    made.emplace(hotkey{key}, std::move(record.made));
  }
  return made;
}

std::optional<int64_t> first_sports_day(const sports_book& book) {
  if (book.predictions().empty())
    return std::nullopt;
  return sports_day_of(book.predictions().begin()->second.received_us);
}

double tier_score_of(const std::map<int64_t, daily_score>& daily, int64_t day, uint64_t window) {
  double sum = 0;
  for (auto at = daily.upper_bound(day - static_cast<int64_t>(window));
       at != daily.end() && at->first <= day; ++at)
    sum += at->second.composite;
  return sum / static_cast<double>(window);
}

window_roi
window_roi_of(const std::map<int64_t, daily_score>& daily, int64_t day, uint64_t window) {
  window_roi made;
  for (auto at = daily.upper_bound(day - static_cast<int64_t>(window));
       at != daily.end() && at->first <= day; ++at)
    if (at->second.roi != 0) {
      made.mean += at->second.roi;
      ++made.days;
    }
  if (made.days > 0)
    made.mean /= static_cast<double>(made.days);
  return made;
}

int64_t wagered_in(const std::map<int64_t, int64_t>& wagered, int64_t day, uint64_t window) {
  int64_t sum = 0;
  for (auto at = wagered.upper_bound(day - static_cast<int64_t>(window));
       at != wagered.end() && at->first <= day; ++at)
    sum += at->second;
  return sum;
}

} // namespace sluice
