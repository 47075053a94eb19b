/// A season of the invented league, played by the rules alone.
#pragma once

#include "rules/sports/book.hpp"
#include "rules/sports/league_miner.hpp"
#include "rules/sports/scoring.hpp"
#include "rules/sports/tier_weights.hpp"
#include "rules/sports/tiers.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::test {

/// Who plays, and what came of it.
class sports_season {
public:
  sports_season(sports_world world, std::vector<league_miner_kind> kinds,
                sports_settings rules = {})
    : world_(world), book_(rules) {
    for (const auto kind : kinds) {
      const miner_uid uid{static_cast<uint16_t>(members_.size())};
      members_.push_back(
        {uid, hotkey{std::string{name_of(kind)} + std::to_string(uid.value)}, true});
      kinds_.push_back(kind);
    }
  }

  void play_days(uint64_t days) {
    const auto steps = days * 86'400 / world_.step_s;
    for (uint64_t i = 0; i < steps; ++i)
      play_step(next_step_++);
  }

  const sports_book& book() const { return book_; }
  const std::vector<sports_member>& members() const { return members_; }
  const tier_state& tiers() const { return tiers_; }
  const std::vector<tier_move>& moves() const { return moves_; }
  /// Sum of the weights of all days, by uid.
  const std::map<uint16_t, double>& earned() const { return earned_; }
  const std::map<prediction_code, uint64_t>& answers() const { return answers_; }
  /// What was forgotten, exactly.
  nano forgotten_wager() const { return forgotten_wager_; }
  nano forgotten_payout() const { return forgotten_payout_; }
  nano forgotten_refund() const { return forgotten_refund_; }
  nano accepted_wager() const { return accepted_wager_; }
  sports_scores scores() const {
    return score_sports(now_us_, members_, tiers_, sports_records_of(book_), {}, book_.rules());
  }
  int64_t now_us() const { return now_us_; }

private:
  void play_step(uint64_t step) {
    now_us_ = sports_moment_us(world_, step);
    for (auto& game : book_.after_all(league_updates(world_, now_us_)))
      book_.put(std::move(game));
    book_.apply(book_.due(now_us_));
    const auto games = book_.offered(now_us_, sports_limits::listed_max);
    for (size_t i = 0; i < members_.size(); ++i)
      predict({kinds_[i], world_}, members_[i], games);
    if ((step + 1) * world_.step_s % 86'400 == 0)
      end_day();
  }

  void predict(const league_miner& what, const sports_member& who,
               const std::vector<sports_game>& games) {
    const auto left = book_.rules().daily_limit - book_.wagered_on(who.key, sports_day_of(now_us_));
    for (auto& claim : league_predictions(what, who.key, who.uid, now_us_, games, left)) {
      const auto judged = book_.judge({now_us_, who.key, prediction_way::world, std::move(claim)},
                                      who.uid, std::nullopt);
      ++answers_[judged.answer.code];
      if (!judged.accepted)
        continue;
      accepted_wager_ += judged.accepted->wager;
      ASSERT_TRUE(book_.apply(*judged.accepted));
    }
  }

  void end_day() {
    const auto records = sports_records_of(book_);
    const auto today = sports_day_of(now_us_);
    for (auto& x : advance_tiers(tiers_, today, today, members_, records, book_.rules()))
      moves_.push_back(x);
    for (const auto& x : score_sports(now_us_, members_, tiers_, records, {}, book_.rules()).miners)
      earned_[x.uid.value] += x.weight;
    const auto keep_us = static_cast<int64_t>(book_.rules().keep_days) * 86'400'000'000;
    const auto old = book_.old(now_us_ - keep_us);
    for (const auto& x : old.predictions) {
      forgotten_wager_ += x.wager;
      (x.state == prediction_state::void_ ? forgotten_refund_ : forgotten_payout_) += x.payout;
    }
    book_.apply(old);
  }

  sports_world world_;
  sports_book book_;
  std::vector<sports_member> members_;
  std::vector<league_miner_kind> kinds_;
  tier_state tiers_;
  std::vector<tier_move> moves_;
  std::map<uint16_t, double> earned_;
  std::map<prediction_code, uint64_t> answers_;
  nano accepted_wager_ = 0;
  nano forgotten_wager_ = 0;
  nano forgotten_payout_ = 0;
  nano forgotten_refund_ = 0;
  uint64_t next_step_ = 0;
  int64_t now_us_ = 0;
};

} // namespace sluice::test
