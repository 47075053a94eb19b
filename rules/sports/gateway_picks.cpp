#include "rules/sports/gateway_picks.hpp"

#include "rules/sports/delivery_book.hpp"
#include "rules/sports/league_miner.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

namespace sluice {

namespace {

/// Odds that moved while a prediction was on its way are no reason to give a game up, but a
/// validator that refuses three times means something else.
constexpr size_t gateway_tries_max = 3;

} // namespace

void gateway_picks::forget(int64_t now_us) {
  for (auto at = rows_.begin(); at != rows_.end();) {
    if (at->second.start_us > now_us) {
      ++at;
      continue;
    }
    if (!at->second.answered) {
      --counts_.pending;
      ++counts_.expired;
    }
    games_.erase(at->second.claim.prediction_id.text);
    tries_.erase(at->first);
    at = rows_.erase(at);
  }
}

std::vector<sports_game> gateway_picks::undecided(const sports_question& question) {
  forget(question.now_us);
  std::vector<sports_game> made;
  for (const auto& x : question.games)
    if (is_offered(x, question.now_us) && !rows_.contains(x.external_id))
      made.push_back(x);
  return made;
}

nano gateway_picks::left_for_new(const sports_question& question) const {
  if (!question.daily_left)
    return std::numeric_limits<nano>::max();
  auto left = *question.daily_left;
  for (const auto& [game, x] : rows_)
    if (!x.answered)
      left = std::max<nano>(0, left - x.wager);
  return left;
}

void gateway_picks::decide(const std::vector<sports_game>& games, std::vector<game_pick> picks,
                           miner_uid uid, int64_t now_us) {
  for (auto& x : picks) {
    const auto& game = games[x.game];
    x.pick.prediction_id = prediction_id_of(key_.value + " gateway " + game.external_id);
    row made;
    made.claim = claim_of_pick(x.pick, game, uid, now_us);
    made.start_us = game.start_us;
    made.wager = x.pick.wager;
    const auto tries = tries_.find(game.external_id);
    made.tries = tries == tries_.end() ? 1 : tries->second + 1;
    if (!rows_.emplace(game.external_id, std::move(made)).second)
      continue;
    games_[x.pick.prediction_id] = game.external_id;
    ++counts_.made;
    ++counts_.pending;
  }
}

std::vector<prediction_claim> gateway_picks::claims_for(const sports_question& question) const {
  std::vector<const row*> found;
  for (const auto& game : question.games) {
    const auto at = rows_.find(game.external_id);
    if (at != rows_.end() && !at->second.answered)
      found.push_back(&at->second);
  }
  std::ranges::sort(found, [](const row* a, const row* b) {
    return std::tie(a->start_us, a->claim.game_id.text)
           < std::tie(b->start_us, b->claim.game_id.text);
  });
  std::vector<prediction_claim> made;
  for (const auto* x : found)
    made.push_back(x->claim);
  return made;
}

bool gateway_picks::take(const prediction_answer& answer) {
  const auto id = games_.find(answer.prediction_id);
  if (id == games_.end())
    return false;
  const auto at = rows_.find(id->second);
  auto& x = at->second;
  if (x.answered)
    return false;
  if (!is_final(answer.code))
    return true;
  --counts_.pending;
  // An id that is stored is ours, of an earlier run: the game is predicted.
  const bool stored = answer.confirmed() || answer.code == prediction_code::duplicate_prediction;
  ++(stored ? counts_.confirmed : counts_.refused);
  x.answered = true;
  if (answer.code == prediction_code::odds_mismatch && x.tries < gateway_tries_max) {
    tries_[id->second] = x.tries;
    rows_.erase(at);
    games_.erase(id);
  }
  return true;
}

} // namespace sluice
