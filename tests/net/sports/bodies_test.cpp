#include "net/sports/bodies.hpp"

#include <gtest/gtest.h>

namespace sluice::net {
namespace {

sports_game body_game() {
  sports_game x;
  x.external_id = "g-1";
  x.team_a = "Reds \"1904\"";
  x.team_b = "Blues";
  x.sport = "soccer";
  x.league = "first";
  x.start_us = 1'767'312'000'000'000;
  x.team_a_odds = 1'950'000'000;
  x.team_b_odds = 3'400'000'000;
  x.tie_odds = 3'100'000'001;
  x.can_tie = true;
  x.created_us = 1'767'225'600'000'000;
  x.updated_us = 1'767'225'600'123'456;
  return x;
}

/// As a miner on another machine gets it: by its text only.
template <class T>
miner_body as_text(const T& body) {
  return miner_body{body.text()};
}

TEST(sports_bodies, read_back_a_question) {
  sports_question x;
  x.now_us = 1'767'225'600'500'000;
  x.daily_left = 12'500'000'000;
  x.games = {body_game()};
  const auto read = sports_question_in(as_text(sports_question_body(x)), 700);
  ASSERT_TRUE(read) << read.error().what;
  x.deadline_ms = 700;
  EXPECT_EQ(*read, x);
}

TEST(sports_bodies, read_back_an_answer_with_the_digits_that_were_sent) {
  sports_pick pick{"8c7e", game_outcome::draw, 10'250'000'000, "elo", 400'000'000};
  const auto claim = claim_of_pick(pick, body_game(), {7}, 1'767'225'600'000'000);
  const auto read = sports_answer_in(as_text(sports_answer_body({{claim}})));
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_EQ(read->predictions.size(), 1U);
  EXPECT_EQ(read->predictions.front(), claim);
  EXPECT_EQ(claim.wager.text, "10.25");
  EXPECT_EQ(claim.predicted_odds.text, "3.100000001");
  const auto none = sports_answer_in(as_text(sports_answer_body({})));
  ASSERT_TRUE(none) << none.error().what;
  EXPECT_TRUE(none->predictions.empty());
}

TEST(sports_bodies, read_back_a_notice) {
  sports_notice x;
  x.now_us = 1'767'225'600'000'000;
  x.answers = {{"8c7e", prediction_code::accepted, false, "stored", game_outcome::draw},
               {"8c7f", prediction_code::duplicate_prediction, true, "stored before",
                game_outcome::undecided}};
  x.games = {body_game()};
  const auto read = sports_notice_in(as_text(sports_notice_body(x)));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, x);
  EXPECT_TRUE(sports_notice_in(as_text(sports_notice_body({1'000'000, {}, {}}))));
}

TEST(sports_bodies, refuse_what_is_no_answer) {
  const std::string long_text(20'000, ' ');
  for (const auto& text :
       {std::string{"{}"}, std::string{"[]"}, std::string{"{"}, std::string{"{\"predictions\":1}"},
        std::string{"{\"predictions\":[1]}"}, std::string{"{\"predictions\":[],\"more\":1}"},
        std::string{"{\"predictions\":[{\"wager\":1,\"wager\":2}]}"},
        "{\"predictions\":[]" + long_text + "}",
        std::string{"{\"predictions\":[{\"wager\":[[[[[[[[[[1]]]]]]]]]]}]}"}}) {
    const auto read = sports_codec().answer({text, body_form::nested});
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, ec::bad_input) << text;
  }
  EXPECT_FALSE(sports_codec().answer({"{\"predictions\":[]}", body_form::flat}));
}

TEST(sports_bodies, leave_out_predictions_that_do_not_fit) {
  sports_pick pick{"id", game_outcome::team_a, 1'000'000'000, "", {}};
  const auto claim = claim_of_pick(pick, body_game(), {7}, 0);
  const auto fitting = fitting_predictions(std::vector(300, claim));
  EXPECT_LT(fitting.predictions.size(), 100U);
  EXPECT_GT(fitting.predictions.size(), 10U);
  const auto text = sports_answer_body(fitting).text();
  EXPECT_LE(text.size(), 16U * 1024);
  EXPECT_TRUE(sports_codec().answer({text, body_form::nested}));
}

} // namespace
} // namespace sluice::net
