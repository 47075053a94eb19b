// Every code of facts/mechanisms D3.1, and the order in which they win.
#include "rules/sports/check.hpp"
#include "tests/rules/sports/sports_world.hpp"

namespace sluice::test {
namespace {

class sports_check : public ::testing::Test {
protected:
  sports_check() { feed(book_, game_); }

  prediction_code
  code(const prediction_claim& claim, std::optional<miner_uid> uid = miner_uid{1}) const {
    return book_.judge(arrival_of(claim, now_), uid, std::nullopt).answer.code;
  }
  prediction_claim claim() const { return good_claim("a", game_); }
  prediction_claim with(claim_value prediction_claim::*field, claim_value value) const {
    auto x = claim();
    x.*field = std::move(value);
    return x;
  }

  int64_t now_ = sports_midnight_us + sports_hour_us;
  game_update game_ = with_ties(update_of("5005", sports_midnight_us + 10 * sports_hour_us));
  sports_book book_;
};

using enum prediction_code;

TEST_F(sports_check, takes_a_good_one) {
  const auto judged = book_.judge(arrival_of(claim(), now_), miner_uid{1}, std::nullopt);
  EXPECT_EQ(judged.answer.code, accepted) << judged.answer.message;
  ASSERT_TRUE(judged.accepted);
  EXPECT_EQ(judged.accepted->number, 1U);
  EXPECT_EQ(judged.accepted->odds, game_.team_a_odds);
  EXPECT_EQ(judged.accepted->wager, 10 * nano_one);
  EXPECT_EQ(judged.answer.outcome, game_outcome::team_a);
}

TEST_F(sports_check, knows_who_may_predict) {
  EXPECT_EQ(code(claim(), std::nullopt), unknown_hotkey);
  EXPECT_EQ(code(claim(), miner_uid{2}), uid_mismatch);
  EXPECT_EQ(code(with(&prediction_claim::miner_uid, {})), uid_mismatch);
  EXPECT_EQ(code(with(&prediction_claim::miner_uid, text_claim("1"))), accepted);
}

TEST_F(sports_check, wants_an_id_that_is_new) {
  EXPECT_EQ(code(with(&prediction_claim::prediction_id, {})), missing_data);
  EXPECT_EQ(code(with(&prediction_claim::prediction_id, {claim_kind::null, ""})), missing_data);
  EXPECT_EQ(code(with(&prediction_claim::prediction_id, text_claim(""))), missing_data);
  EXPECT_EQ(code(with(&prediction_claim::prediction_id, text_claim(std::string(65, 'x')))),
            missing_data);
  EXPECT_EQ(take(book_, arrival_of(claim(), now_)).code, accepted);
  EXPECT_EQ(code(claim()), duplicate_prediction);
}

TEST_F(sports_check, confirms_what_is_sent_again) {
  take(book_, arrival_of(claim(), now_));
  const auto again = take(book_, arrival_of(claim(), now_ + 1));
  EXPECT_TRUE(again.same);
  EXPECT_TRUE(again.confirmed());
  EXPECT_EQ(again.outcome, game_outcome::team_a);
  EXPECT_FALSE(take(book_, arrival_of(claim(), now_, "another")).same) << "of another miner";
  auto other = claim();
  other.wager = number_claim("11");
  EXPECT_FALSE(take(book_, arrival_of(other, now_)).same);
  other = claim();
  other.predicted_outcome = text_claim("Mill Town");
  EXPECT_TRUE(take(book_, arrival_of(other, now_)).same) << "another name of the same outcome";
  EXPECT_EQ(book_.predictions().size(), 1U);
}

TEST_F(sports_check, takes_wagers_above_nothing) {
  for (const auto& wrong :
       {number_claim("0"), number_claim("-5"), text_claim("ten"), claim_value{},
        claim_value{claim_kind::boolean, "true"}, claim_value{claim_kind::null, ""},
        claim_value{claim_kind::other, ""}, text_claim("NaN")})
    EXPECT_EQ(code(with(&prediction_claim::wager, wrong)), invalid_wager) << wrong.text;
  EXPECT_EQ(code(with(&prediction_claim::wager, text_claim("10.5"))), accepted);
}

TEST_F(sports_check, holds_the_daily_limit_exactly) {
  EXPECT_EQ(take(book_, arrival_of(good_claim("a", game_, "0", "600"), now_)).code, accepted);
  EXPECT_EQ(take(book_, arrival_of(good_claim("b", game_, "0", "300"), now_)).code, accepted);
  EXPECT_EQ(take(book_, arrival_of(good_claim("c", game_, "0", "200"), now_)).code,
            daily_limit_exceeded);
  EXPECT_EQ(take(book_, arrival_of(good_claim("d", game_, "0", "99.9"), now_)).code, accepted);
  EXPECT_EQ(take(book_, arrival_of(good_claim("e", game_, "0", "0.1"), now_)).code, accepted)
    << "exactly 1000";
  EXPECT_EQ(take(book_, arrival_of(good_claim("f", game_, "0", "0.000000001"), now_)).code,
            daily_limit_exceeded);
  EXPECT_EQ(take(book_, arrival_of(good_claim("g", game_, "0", "1e300"), now_)).code,
            daily_limit_exceeded);
  EXPECT_EQ(take(book_, arrival_of(good_claim("h", game_, "0", "1000"), now_, "other")).code,
            accepted)
    << "each miner has its own";
}

TEST_F(sports_check, counts_the_days_of_the_server) {
  auto late = game_;
  late.start_us = sports_midnight_us + 2 * sports_day_us;
  feed(book_, late);
  const auto before = sports_midnight_us + sports_day_us - 1;
  EXPECT_EQ(take(book_, arrival_of(good_claim("a", late, "0", "1000"), before)).code, accepted);
  EXPECT_EQ(take(book_, arrival_of(good_claim("b", late, "0", "1"), before)).code,
            daily_limit_exceeded);
  EXPECT_EQ(take(book_, arrival_of(good_claim("c", late, "0", "1"), before + 1)).code, accepted);
}

TEST_F(sports_check, wants_a_game_that_has_not_begun) {
  EXPECT_EQ(code(with(&prediction_claim::game_id, text_claim("1"))), game_not_found);
  EXPECT_EQ(code(with(&prediction_claim::game_id, {})), game_not_found);
  EXPECT_EQ(code(with(&prediction_claim::game_id, number_claim("5005"))), accepted);
  EXPECT_EQ(code(with(&prediction_claim::game_id, number_claim("5005.0"))), accepted);
  now_ = game_.start_us;
  EXPECT_EQ(code(claim()), game_started) << "at its start it has begun";
  now_ = game_.start_us - 1;
  EXPECT_EQ(code(claim()), accepted);
}

TEST_F(sports_check, refuses_games_that_ended_although_their_start_moved) {
  feed(book_, decided(game_, game_outcome::team_b, game_.start_us + sports_hour_us));
  book_.apply(book_.due(game_.start_us + 2 * sports_hour_us));
  auto moved = game_;
  moved.start_us += sports_day_us;
  feed(book_, moved);
  now_ = game_.start_us + 3 * sports_hour_us;
  EXPECT_EQ(code(good_claim("b", moved, "1")), game_started) << "everybody knows who won";
  EXPECT_TRUE(book_.offered(now_, 10).empty());
}

TEST_F(sports_check, refuses_odds_whose_payout_is_beyond_all_bounds) {
  auto rare = update_of("5006", game_.start_us);
  rare.team_a_odds = 2'000'000 * nano_one;
  feed(book_, rare);
  EXPECT_EQ(code(good_claim("b", rare, "0", "500")), accepted);
  EXPECT_EQ(code(good_claim("b", rare, "0", "501")), invalid_odds);
}

TEST_F(sports_check, refuses_odds_that_nobody_confirmed_lately) {
  const auto limit = static_cast<int64_t>(sports_settings{}.odds_stale_s) * 1'000'000;
  const auto at = [this](int64_t feed_us) {
    return book_.judge(arrival_of(claim(), now_), miner_uid{1}, feed_us).answer.code;
  };
  EXPECT_EQ(at(now_ - limit), accepted);
  EXPECT_EQ(at(now_ - limit - 1), stale_odds);
}

TEST_F(sports_check, compares_teams_and_their_odds) {
  EXPECT_EQ(code(with(&prediction_claim::team_a, text_claim("mill town"))), team_mismatch);
  EXPECT_EQ(code(with(&prediction_claim::team_b, {})), team_mismatch);
  EXPECT_EQ(code(with(&prediction_claim::team_a_odds, number_claim("1.91"))), accepted)
    << "a hundredth is within, exactly";
  EXPECT_EQ(code(with(&prediction_claim::team_a_odds, number_claim("1.910000001"))), odds_mismatch);
  EXPECT_EQ(code(with(&prediction_claim::team_b_odds, {})), odds_mismatch);
  EXPECT_EQ(code(with(&prediction_claim::tie_odds, {})), odds_mismatch) << "the game has some";
  feed(book_, update_of("5005", game_.start_us));
  EXPECT_EQ(code(claim()), odds_mismatch) << "the game has none";
  EXPECT_EQ(code(with(&prediction_claim::tie_odds, {claim_kind::null, ""})), accepted);
}

TEST_F(sports_check, reads_outcomes_in_every_form) {
  const auto outcome = [this](claim_value value, const char* odds) {
    auto x = with(&prediction_claim::predicted_outcome, std::move(value));
    x.predicted_odds = number_claim(odds);
    const auto answer = book_.judge(arrival_of(x, now_), miner_uid{1}, std::nullopt).answer;
    return answer.code == accepted ? static_cast<int>(answer.outcome) : -1;
  };
  EXPECT_EQ(outcome(number_claim("1"), "2.05"), 1);
  EXPECT_EQ(outcome(text_claim("1"), "2.05"), 1);
  EXPECT_EQ(outcome(number_claim("1.0"), "2.05"), 1);
  EXPECT_EQ(outcome(text_claim("Harbour"), "2.05"), 1);
  EXPECT_EQ(outcome(number_claim("2"), "3.16"), 2);
  EXPECT_EQ(outcome(text_claim("tIE"), "3.16"), 2);
  for (const auto& wrong :
       {number_claim("1.9"), number_claim("3"), number_claim("-1"), text_claim("draw"),
        claim_value{claim_kind::boolean, "true"}, claim_value{}, claim_value{claim_kind::null, ""}})
    EXPECT_EQ(outcome(wrong, "2.05"), -1) << wrong.text;
}

TEST_F(sports_check, wants_odds_of_what_is_chosen) {
  EXPECT_EQ(code(with(&prediction_claim::predicted_odds, {})), missing_odds);
  EXPECT_EQ(code(with(&prediction_claim::predicted_odds, number_claim("1.92"))), odds_mismatch);
  const auto plain = update_of("6", game_.start_us);
  feed(book_, plain);
  auto tie = good_claim("t", plain);
  tie.predicted_outcome = text_claim("Tie");
  EXPECT_EQ(code(tie), invalid_odds);
  tie.predicted_odds = {};
  EXPECT_EQ(code(tie), missing_odds) << "which is looked at first";
  tie.predicted_outcome = number_claim("2");
  EXPECT_EQ(code(tie), invalid_outcome) << "as a number it is none";
}

TEST_F(sports_check, compares_with_odds_of_four_decimals) {
  auto fine = update_of("7", game_.start_us);
  fine.team_a_odds = *nano_of("1.90004999");
  feed(book_, fine);
  auto x = good_claim("f", fine);
  x.team_a_odds = number_claim("1.9");
  x.predicted_odds = number_claim("1.91");
  EXPECT_EQ(code(x), accepted);
  x.predicted_odds = number_claim("1.910001");
  EXPECT_EQ(code(x), odds_mismatch);
}

TEST_F(sports_check, takes_a_confidence_from_nothing_to_one) {
  for (const auto* good : {"0", "1", "0.785"})
    EXPECT_EQ(code(with(&prediction_claim::confidence_score, number_claim(good))), accepted);
  for (const auto& wrong : {number_claim("1.2"), number_claim("-0.1"), text_claim("high"),
                            claim_value{claim_kind::boolean, "true"}})
    EXPECT_EQ(code(with(&prediction_claim::confidence_score, wrong)), invalid_confidence);
}

TEST_F(sports_check, says_the_first_thing_that_is_wrong) {
  prediction_claim nothing_right;
  EXPECT_EQ(code(nothing_right, std::nullopt), unknown_hotkey);
  EXPECT_EQ(code(nothing_right), uid_mismatch);
  nothing_right.miner_uid = number_claim("1");
  EXPECT_EQ(code(nothing_right), missing_data);
  nothing_right.prediction_id = text_claim("x");
  EXPECT_EQ(code(nothing_right), invalid_wager);
  nothing_right.wager = number_claim("1001");
  EXPECT_EQ(code(nothing_right), daily_limit_exceeded) << "whatever the game";
  nothing_right.wager = number_claim("1");
  EXPECT_EQ(code(nothing_right), game_not_found);
}

} // namespace
} // namespace sluice::test
