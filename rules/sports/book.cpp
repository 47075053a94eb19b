#include "rules/sports/book.hpp"

#include "rules/sports/components.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr int64_t second_us = 1'000'000;

pool_pick pick_of(const stored_prediction& x) {
  return {double_of(x.odds), double_of(x.wager),
          static_cast<double>(x.received_us) / static_cast<double>(second_us)};
}

size_t pool_of(const stored_prediction& x) {
  return static_cast<size_t>(x.outcome);
}

/// A game after one record, `before` it as it was.
sports_game game_after(sports_game before, const game_update& x, int64_t void_after_us) {
  auto& game = before;
  if (game.external_id.empty()) {
    game.external_id = x.external_id;
    game.created_us = x.at_us;
  }
  game.team_a = x.team_a;
  game.team_b = x.team_b;
  game.sport = x.sport;
  game.league = x.league;
  game.start_us = x.start_us;
  game.team_a_odds = x.team_a_odds;
  game.team_b_odds = x.team_b_odds;
  game.can_tie = x.can_tie;
  game.tie_odds = x.can_tie ? x.tie_odds : std::nullopt;
  const bool in_time = x.at_us <= x.start_us + void_after_us;
  if (game.state == game_state::open && game.outcome == game_outcome::undecided && in_time)
    game.outcome = x.outcome;
  return before;
}

/// Do they differ in more than the moment of the last record?
bool is_changed(const sports_game& before, sports_game after) {
  after.updated_us = before.updated_us;
  return !(after == before);
}

/// The row as it is once its game is decided or void.
stored_prediction settled_row(stored_prediction row, const sports_game& game, int64_t now_us) {
  row.settled_us = now_us;
  if (game.state == game_state::void_) {
    row.state = prediction_state::void_;
    row.payout = row.wager;
    return row;
  }
  const bool won = row.outcome == game.outcome;
  row.state = won ? prediction_state::won : prediction_state::lost;
  const auto payout = settled_payout(row.wager, row.odds, won);
  row.payout = payout ? *payout : nano_max; // check_terms lets no such odds in
  return row;
}

} // namespace

// ---- games --------------------------------------------------------------------------------------

sports_game sports_book::after(const game_update& x) const {
  const std::array<game_update, 1> one{x};
  auto changed = after_all(one);
  if (changed.empty())
    return *find_game(x.external_id);
  return std::move(changed.front());
}

std::vector<sports_game> sports_book::after_all(std::span<const game_update> all) const {
  const auto void_after_us = static_cast<int64_t>(rules_.void_after_s) * second_us;
  std::map<std::string, sports_game, std::less<>> touched;
  for (const auto& x : all) {
    auto at = touched.find(x.external_id);
    if (at == touched.end()) {
      const auto* known = find_game(x.external_id);
      at = touched.emplace(x.external_id, known ? *known : sports_game{}).first;
    }
    auto next = game_after(at->second, x, void_after_us);
    if (is_changed(at->second, next))
      next.updated_us = x.at_us;
    at->second = std::move(next);
  }
  std::vector<sports_game> made;
  for (auto& [id, game] : touched) {
    const auto* known = find_game(id);
    if (!known || !(*known == game))
      made.push_back(std::move(game));
  }
  return made;
}

void sports_book::put(sports_game x) {
  if (x.state == game_state::open)
    open_games_.insert(x.external_id);
  else
    open_games_.erase(x.external_id);
  auto id = x.external_id;
  games_.insert_or_assign(std::move(id), std::move(x));
}

const sports_game* sports_book::find_game(std::string_view external_id) const {
  const auto at = games_.find(external_id);
  return at == games_.end() ? nullptr : &at->second;
}

std::vector<sports_game> sports_book::offered(int64_t now_us, size_t limit) const {
  std::vector<const sports_game*> found;
  for (const auto& id : open_games_) {
    const auto* game = find_game(id);
    if (game->outcome == game_outcome::undecided && now_us < game->start_us)
      found.push_back(game);
  }
  std::ranges::sort(found, [](const sports_game* a, const sports_game* b) {
    return a->start_us != b->start_us ? a->start_us < b->start_us : a->external_id < b->external_id;
  });
  found.resize(std::min(found.size(), limit));
  std::vector<sports_game> made;
  for (const auto* game : found)
    made.push_back(*game);
  return made;
}

// ---- predictions --------------------------------------------------------------------------------

checked_prediction sports_book::judge(const prediction_arrival& x, std::optional<miner_uid> uid,
                                      std::optional<int64_t> feed_us) const {
  const auto ids = read_claim_ids(x.claim);
  check_context context;
  context.uid = uid;
  context.stored = find(ids.prediction_id);
  if (context.stored)
    context.stored_game = find_game(context.stored->game_id);
  context.game = find_game(ids.game_id);
  context.wagered_today = wagered_on(x.key, sports_day_of(x.received_us));
  context.feed_us = feed_us;
  auto made = check_prediction(x, context, rules_);
  if (made.accepted) {
    made.accepted->number = last_number_ + 1;
    add_entropy(*made.accepted);
  }
  return made;
}

void sports_book::add_entropy(stored_prediction& x) const {
  const auto* pools = pools_of(x.game_id);
  static const std::vector<pool_pick> no_picks;
  static const std::vector<double> no_values;
  const auto& picks = pools ? pools->picks[pool_of(x)] : no_picks;
  const auto& raw = pools ? pools->raw[pool_of(x)] : no_values;
  const auto contrarian = contrarian_of(picks.size(), pools ? pools->size() : 0);
  x.raw_entropy = raw_entropy_of(similarity_of(pick_of(x), picks), contrarian);
  auto least = x.raw_entropy;
  auto largest = x.raw_entropy;
  for (const auto value : raw) {
    least = std::min(least, value);
    largest = std::max(largest, value);
  }
  x.entropy = raw.empty() ? 0 : scaled_entropy(x.raw_entropy, least, largest);
}

result<nothing> sports_book::apply(stored_prediction x) {
  const auto wrong = [&x](const std::string& what) {
    return fault{ec::corrupt_data, "prediction " + std::to_string(x.number) + ": " + what};
  };
  if (x.number <= last_number_)
    return wrong("the number is not above " + std::to_string(last_number_));
  if (numbers_.contains(x.prediction_id))
    return wrong("the id " + x.prediction_id + " is stored twice");
  if (!find_game(x.game_id))
    return wrong("its game " + x.game_id + " is not stored");
  if (pool_of(x) > 2)
    return wrong("it chooses no outcome");
  auto& pools = pools_[x.game_id];
  pools.numbers[pool_of(x)].push_back(x.number);
  pools.picks[pool_of(x)].push_back(pick_of(x));
  pools.raw[pool_of(x)].push_back(x.raw_entropy);
  wagered_[{sports_day_of(x.received_us), x.key}] += x.wager;
  numbers_.emplace(x.prediction_id, x.number);
  last_number_ = x.number;
  picks_.add(x);
  const auto number = x.number;
  predictions_.emplace(number, std::move(x));
  return nothing{};
}

void sports_book::take_back(size_t count) {
  for (; count > 0 && !predictions_.empty(); --count) {
    const auto last = std::prev(predictions_.end());
    const auto& x = last->second;
    const auto pools = pools_.find(x.game_id);
    pools->second.numbers[pool_of(x)].pop_back();
    pools->second.picks[pool_of(x)].pop_back();
    pools->second.raw[pool_of(x)].pop_back();
    if (pools->second.size() == 0)
      pools_.erase(pools);
    const auto day = wagered_.find({sports_day_of(x.received_us), x.key});
    day->second -= x.wager;
    if (day->second == 0)
      wagered_.erase(day);
    numbers_.erase(x.prediction_id);
    last_number_ = x.number - 1;
    predictions_.erase(last);
    picks_.take_back();
  }
}

const stored_prediction* sports_book::find(std::string_view prediction_id) const {
  const auto at = numbers_.find(prediction_id);
  return at == numbers_.end() ? nullptr : &predictions_.at(at->second);
}

nano sports_book::wagered_on(const hotkey& key, int64_t day) const {
  const auto at = wagered_.find({day, key});
  return at == wagered_.end() ? 0 : at->second;
}

std::map<hotkey, nano> sports_book::wagered_on(int64_t day) const {
  std::map<hotkey, nano> made;
  for (auto at = wagered_.lower_bound({day, {}}); at != wagered_.end() && at->first.first == day;
       ++at)
    made.emplace(at->first.second, at->second);
  return made;
}

const sports_book::game_pools* sports_book::pools_of(std::string_view external_id) const {
  const auto at = pools_.find(external_id);
  return at == pools_.end() ? nullptr : &at->second;
}

// ---- settlement ---------------------------------------------------------------------------------

sports_settlement sports_book::due(int64_t now_us) const {
  const auto void_after_us = static_cast<int64_t>(rules_.void_after_s) * second_us;
  sports_settlement made;
  const auto settle = [this, &made, now_us](const sports_game& game) {
    const auto* pools = pools_of(game.external_id);
    if (!pools)
      return;
    for (const auto& numbers : pools->numbers)
      for (const auto number : numbers)
        if (auto row = predictions_.at(number); row.state == prediction_state::stored) {
          made.predictions.push_back(settled_row(std::move(row), game, now_us));
        }
  };
  for (const auto& id : open_games_) {
    auto game = *find_game(id);
    if (game.outcome != game_outcome::undecided)
      game.state = game_state::decided;
    else if (now_us > game.start_us + void_after_us)
      game.state = game_state::void_;
    else
      continue;
    game.ended_us = now_us;
    settle(game);
    made.games.push_back(std::move(game));
  }
  std::ranges::sort(made.predictions, {}, &stored_prediction::number);
  return made;
}

void sports_book::apply(const sports_settlement& x) {
  for (const auto& game : x.games)
    put(game);
  for (const auto& row : x.predictions) {
    predictions_.at(row.number) = row;
    picks_.settle(row);
  }
}

sports_forgotten sports_book::old(int64_t before_us) const {
  sports_forgotten made;
  for (const auto& [id, game] : games_) {
    if (game.state == game_state::open || game.start_us >= before_us)
      continue;
    std::vector<const stored_prediction*> rows;
    if (const auto* pools = pools_of(id))
      for (const auto& numbers : pools->numbers)
        for (const auto number : numbers)
          rows.push_back(&predictions_.at(number));
    const bool settled = std::ranges::none_of(
      rows, [](const auto* row) { return row->state == prediction_state::stored; });
    if (!settled)
      continue;
    made.games.push_back(id);
    for (const auto* row : rows)
      made.predictions.push_back(*row);
  }
  std::ranges::sort(made.predictions, {}, &stored_prediction::number);
  return made;
}

void sports_book::apply(const sports_forgotten& x) {
  for (const auto& row : x.predictions) {
    const auto day = wagered_.find({sports_day_of(row.received_us), row.key});
    if (day != wagered_.end()) {
      day->second -= row.wager;
      if (day->second == 0)
        wagered_.erase(day);
    }
    numbers_.erase(row.prediction_id);
    predictions_.erase(row.number);
  }
  if (!x.predictions.empty())
    picks_.rebuild(predictions_);
  for (const auto& id : x.games) {
    pools_.erase(id);
    open_games_.erase(id);
    games_.erase(id);
  }
}

} // namespace sluice
