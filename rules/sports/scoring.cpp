#include "rules/sports/scoring.hpp"

#include "rules/math/u256.hpp"
#include "rules/sports/components.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <unordered_map>
#include <vector>

namespace sluice {

namespace {

/// Sums of one miner's day, that become means.
struct sports_day_sums {
  daily_score sum;     // its roi stays 0
  i128 gain = 0;       // sum of the returns, nano: exact, so that a day without a return is one
  uint64_t closed = 0; // predictions on outcomes with closing odds
};

/// A day of a map that is asked for again and again: predictions are nearly in the order of days.
template <class T>
class recent_day {
public:
  T& of(std::map<int64_t, T>& days, int64_t day) {
    if (!found_ || day_ != day) {
      found_ = &days[day];
      day_ = day;
    }
    return *found_;
  }

private:
  T* found_ = nullptr; // what is in a map stays where it is
  int64_t day_ = 0;
};

/// One miner while the book is walked.
struct open_sports_record {
  sports_record made;
  std::map<int64_t, sports_day_sums> days;
  recent_day<sports_day_sums> played;
  recent_day<int64_t> received;
};

void add_bet(sports_day_sums& day, const pick_row& x, double closing) {
  const auto odds = double_of(x.odds);
  const bool won = x.state == prediction_state::won;
  const nano gain = won ? x.odds - nano_one : -nano_one; // (payout - wager) / wager
  ++day.sum.predictions;
  if (closing > 0) {
    day.sum.clv += odds / closing;
    ++day.closed;
  }
  day.gain += gain;
  day.sum.risk += risk_of_bet(double_of(gain), odds, won);
  day.sum.entropy += x.entropy;
}

void count(open_sports_record& record, const pick_row& x) {
  auto& made = record.made;
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
  record.received.of(made.wagered, x.received_day) += x.wager;
}

/// Means of the sums. `largest`: of the day's sums of entropy.
daily_score score_of_day(const sports_day_sums& day, double largest, const composite_terms& terms) {
  auto made = day.sum;
  const auto n = static_cast<double>(made.predictions);
  made.clv = day.closed == 0 ? 0 : made.clv / static_cast<double>(day.closed);
  made.roi = static_cast<double>(day.gain) / (static_cast<double>(nano_one) * n);
  made.risk /= n;
  if (largest > 0)
    made.entropy /= largest;
  made.composite = composite_of(terms, made.clv, made.roi, made.risk, made.entropy);
  return made;
}

/// What scoring reads of a game.
struct scored_game {
  int64_t day = 0;
  std::array<double, 3> closing{}; // odds by outcome; 0: none
};

/// In the order of pick_index::games.
std::vector<scored_game> scored_games(const sports_book& book) {
  std::vector<scored_game> made;
  for (const auto& id : book.picks().games()) {
    auto& game = made.emplace_back();
    const auto* known = book.find_game(id);
    if (!known)
      continue; // forgotten, with all its rows
    game.day = sports_day_of(known->start_us);
    for (size_t i = 0; i < game.closing.size(); ++i) {
      const auto odds = odds_of(*known, static_cast<game_outcome>(i));
      game.closing[i] = odds ? double_of(*odds) : 0;
    }
  }
  return made;
}

} // namespace

sports_records sports_records_of(const sports_book& book) {
  const auto games = scored_games(book);
  std::vector<open_sports_record> open(book.picks().keys().size());
  std::unordered_map<int64_t, double> largest;
  for (const auto& x : book.picks().rows()) {
    auto& record = open[x.key];
    count(record, x);
    if (x.state != prediction_state::won && x.state != prediction_state::lost)
      continue;
    const auto& game = games[x.game];
    add_bet(record.played.of(record.days, game.day), x,
            game.closing[static_cast<size_t>(x.outcome)]);
  }
  for (const auto& one : open)
    for (const auto& [day, sums] : one.days) {
      const auto at = largest.emplace(day, sums.sum.entropy).first;
      at->second = std::max(at->second, sums.sum.entropy);
    }
  sports_records made;
  for (size_t i = 0; i < open.size(); ++i) {
    auto& record = open[i];
    if (record.made.predictions == 0)
      continue;
    for (const auto& [day, sums] : record.days)
      record.made.daily.emplace(day, score_of_day(sums, largest.at(day), book.rules().composite));
    made.emplace(book.picks().keys()[i], std::move(record.made));
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
