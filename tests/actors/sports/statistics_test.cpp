// The invariants of facts/mechanisms D3b, over random traffic with restarts.
#include "actors/sports/intake.hpp"
#include "actors/sports/stats.hpp"
#include "rules/sports/events.hpp"
#include "tests/support/sports_world.hpp"

#include <map>
#include <random>
#include <vector>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

/// Sends whatever comes, and counts by itself.
class sports_statistics_test : public sports_test {
protected:
  uint64_t any(uint64_t below) { return chance_() % below; }

  void one_action() {
    switch (any(8)) {
    case 0:
      games_.push_back(game_at("g" + std::to_string(games_.size()), hours() + 1 + at_most(40)));
      give(games_.back());
      break;
    case 1:
      now_us += at_most(6) * sports_hour_us;
      break;
    case 2:
      if (!games_.empty())
        end_one(games_[any(games_.size())]);
      break;
    case 3:
      kill(intake_);
      intake_ = make_intake();
      break;
    default:
      submit_some();
    }
  }

  int64_t hours() const { return (now_us - sports_start_us) / sports_hour_us; }
  int64_t at_most(uint64_t most) { return static_cast<int64_t>(any(most + 1)); }

  void give(const game_update& x) {
    ask<sports_games_taken>(intake_, sports_game_batch{now_us, {x}});
  }

  void end_one(const game_update& x) {
    if (now_us < x.start_us)
      return;
    auto ended = decided(x, any(2) == 0 ? game_outcome::team_a : game_outcome::team_b);
    ended.at_us = now_us;
    give(ended);
  }

  void submit_some() {
    const auto uid = static_cast<uint16_t>(1 + any(5)); // the last one is not registered
    std::vector<prediction_claim> claims;
    for (auto n = 1 + any(6); n > 0; --n)
      claims.push_back(any_claim(uid));
    sent_ += claims.size();
    const auto answers = submit(intake_, uid, claims);
    ASSERT_EQ(answers.size(), claims.size());
    for (const auto& x : answers) {
      accepted_ += x.code == prediction_code::accepted ? 1 : 0;
      again_ += x.same ? 1 : 0;
      ++codes_[x.code];
    }
  }

  prediction_claim any_claim(uint16_t uid) {
    if (!claims_.empty() && any(4) == 0)
      return claims_[any(claims_.size())]; // sent before, perhaps by another one
    const auto unknown = game_at("none", 30);
    const auto& game = games_.empty() || any(10) == 0 ? unknown : games_[any(games_.size())];
    auto made = claim("p" + std::to_string(sent_) + '-' + std::to_string(claims_.size()), uid, game,
                      any(2) == 0 ? game_outcome::team_a : game_outcome::team_b, at_most(500));
    if (any(10) == 0)
      made.predicted_odds = {claim_kind::text, "many"};
    claims_.push_back(made);
    return made;
  }

  void expect_balance(unsigned seed) {
    const auto stats = sports_stats(*disk);
    ASSERT_TRUE(stats);
    const auto& x = stats->at("predictions");
    const auto count = [&x](const char* name) { return x.at(name).get<uint64_t>(); };
    EXPECT_EQ(count("received"), sent_) << "seed " << seed;
    EXPECT_EQ(count("in_flight"), 0U) << "seed " << seed;
    EXPECT_EQ(count("received"), count("validated") + count("rejected") + count("in_flight"));
    EXPECT_EQ(count("validated"), accepted_ + again_) << "seed " << seed;
    EXPECT_EQ(count("stored"), accepted_) << "seed " << seed;
    EXPECT_EQ(count("confirmations_sent") + count("confirmations_failed"), sent_);
    EXPECT_EQ(count_of("prediction_received"), sent_) << "seed " << seed;
    EXPECT_EQ(count_of("prediction_accepted"), accepted_) << "seed " << seed;
    EXPECT_EQ(count_of("prediction_rejected"), sent_ - accepted_ - again_) << "seed " << seed;
  }

  /// Rows: as many as were accepted; each settled one was published once; money adds up.
  void expect_rows(unsigned seed) {
    uint64_t rows = 0;
    uint64_t settled = 0;
    nano wagers = 0;
    std::map<prediction_state, nano> by_state;
    const auto read = tables::sports_predictions.for_each(*disk, [&](uint64_t, auto x) {
      ++rows;
      settled += x.state == prediction_state::stored ? 0 : 1;
      wagers += x.wager;
      by_state[x.state] += x.wager;
      const nano paid = x.state == prediction_state::won     ? 2 * x.wager
                        : x.state == prediction_state::void_ ? x.wager
                                                             : 0;
      EXPECT_EQ(x.payout, paid) << "seed " << seed << ", " << x.prediction_id;
    });
    ASSERT_TRUE(read);
    EXPECT_EQ(rows, accepted_) << "seed " << seed;
    EXPECT_EQ(count_of("prediction_settled"), settled) << "seed " << seed;
    nano sum = 0;
    for (const auto& one : by_state)
      sum += one.second;
    EXPECT_EQ(sum, wagers) << "seed " << seed;
  }

  std::mt19937_64 chance_;
  std::vector<game_update> games_;
  std::vector<prediction_claim> claims_;
  uint64_t sent_ = 0;
  uint64_t accepted_ = 0;
  uint64_t again_ = 0;
  std::map<prediction_code, uint64_t> codes_;
  sports_intake_actor intake_ = make_intake();
};

TEST_F(sports_statistics_test, add_up_whatever_is_sent) {
  constexpr unsigned seed = 20'251'203;
  chance_.seed(seed);
  for (int i = 0; i < 600; ++i)
    one_action();
  expect_balance(seed);
  expect_rows(seed);
  for (const auto code : {prediction_code::accepted, prediction_code::unknown_hotkey,
                          prediction_code::uid_mismatch, prediction_code::duplicate_prediction,
                          prediction_code::daily_limit_exceeded, prediction_code::game_not_found,
                          prediction_code::game_started, prediction_code::missing_odds})
    EXPECT_GT(codes_[code], 0U) << name_of(code);
  EXPECT_GT(again_, 0U);
  EXPECT_GT(count_of("prediction_settled"), 0U);
}

} // namespace
} // namespace sluice::test
