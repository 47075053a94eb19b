#include "rules/sports/scoring.hpp"

#include "rules/sports/components.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace sluice {

namespace {

/// Sums of one miner's day, that become means.
struct sports_day_sums {
  daily_score sum;
  uint64_t closed = 0; // predictions on outcomes with closing odds
};

/// A map by day that remembers the day that was last asked for: predictions of one miner come day
/// by day.
template <class T>
class values_by_day {
public:
  T& operator[](int64_t day) {
    if (!last_ || last_->first != day)
      last_ = &*all_.try_emplace(day).first;
    return last_->second;
  }
  std::map<int64_t, T>& all() { return all_; }
  const std::map<int64_t, T>& all() const { return all_; }

private:
  std::map<int64_t, T> all_;
  std::pair<const int64_t, T>* last_ = nullptr;
};

/// One miner while the book is walked. It stays where it is.
struct open_sports_record {
  sports_record made;
  values_by_day<sports_day_sums> days;
  values_by_day<int64_t> wagered;
};

/// By hotkey. Looked up by uid first, which is faster and nearly always right.
class open_sports_records {
public:
  open_sports_record& of(const stored_prediction& x) {
    if (x.uid.value >= by_uid_.size())
      by_uid_.resize(size_t{x.uid.value} + 1);
    auto& found = by_uid_[x.uid.value];
    if (!found || found->first != x.key.value)
      found = &*all_.try_emplace(x.key.value).first;
    return found->second;
  }
  std::unordered_map<std::string, open_sports_record>& all() { return all_; }

private:
  std::unordered_map<std::string, open_sports_record> all_;
  std::vector<std::pair<const std::string, open_sports_record>*> by_uid_;
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

void count(open_sports_record& record, const stored_prediction& x) {
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
  record.wagered[sports_day_of(x.received_us)] += x.wager;
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

/// What scoring needs of each game.
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
  /// `id`: of a row that outlives this.
  const seen_game& of(const std::string& id) {
    if (!last_id_ || *last_id_ != id) {
      last_ = &all_.at(id);
      last_id_ = &id;
    }
    return *last_;
  }

private:
  const std::string* last_id_ = nullptr;
  const seen_game* last_ = nullptr;
  std::unordered_map<std::string, seen_game> all_;
};

} // namespace

sports_records sports_records_of(const sports_book& book) {
  known_games games{book};
  open_sports_records open;
  std::unordered_map<int64_t, double> largest;
  for (const auto& [number, x] : book.predictions()) {
    auto& record = open.of(x);
    count(record, x);
    if (x.state != prediction_state::won && x.state != prediction_state::lost)
      continue;
    const auto& game = games.of(x.game_id);
    add_bet(record.days[game.day], x, game.closing[static_cast<size_t>(x.outcome)]);
  }
  for (const auto& one : open.all())
    for (const auto& [day, sums] : one.second.days.all()) {
      const auto at = largest.emplace(day, sums.sum.entropy).first;
      at->second = std::max(at->second, sums.sum.entropy);
    }
  sports_records made;
  for (auto& [key, record] : open.all()) {
    record.made.wagered = std::move(record.wagered.all());
    for (const auto& [day, sums] : record.days.all())
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
