// What stands in `data`, written by one side and read by the other.
#include "net/sports/frame_data.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::net {
namespace {

constexpr int64_t data_now = 1'743'508'800'123'456;

sports_game some_game() {
  sports_game x;
  x.external_id = "501";
  x.team_a = "\xc3\x89toile \"R\"";
  x.team_b = "B\n";
  x.sport = "soccer";
  x.league = "First";
  x.start_us = data_now + 1;
  x.team_a_odds = 1'900'000'000;
  x.team_b_odds = 2'000'000'000;
  x.tie_odds = 3'250'000'000;
  x.can_tie = true;
  x.created_us = data_now - 5;
  x.updated_us = data_now;
  return x;
}

TEST(sports_frame_data, claims_keep_what_each_field_was) {
  const auto all = claims_of_data(
    R"({"confidence_score": null, "game_id": 501, "model_name": [1], "more": 1, )"
    R"("predicted_odds": 1.9, "prediction_id": "\u00e9", "tie_odds": true, "wager": "10"})");
  ASSERT_TRUE(all) << all.error().what;
  ASSERT_EQ(all->size(), 1U);
  const auto& x = all->front();
  EXPECT_EQ(x.confidence_score, (claim_value{claim_kind::null, ""}));
  EXPECT_EQ(x.game_id, (claim_value{claim_kind::number, "501"}));
  EXPECT_EQ(x.model_name, (claim_value{claim_kind::other, ""}));
  EXPECT_EQ(x.predicted_odds, (claim_value{claim_kind::number, "1.9"}));
  EXPECT_EQ(x.prediction_id, (claim_value{claim_kind::text, "\xc3\xa9"}));
  EXPECT_EQ(x.tie_odds, (claim_value{claim_kind::boolean, "true"}));
  EXPECT_EQ(x.wager, (claim_value{claim_kind::text, "10"}));
  EXPECT_EQ(x.team_a, claim_value{});
  EXPECT_EQ(id_of_claim(x), "\xc3\xa9");
}

TEST(sports_frame_data, lists_of_predictions_are_bounded_and_hold_objects) {
  EXPECT_EQ(claims_of_data(predictions_data(std::vector<std::string>(256, "{}")))->size(), 256U);
  EXPECT_FALSE(claims_of_data(predictions_data(std::vector<std::string>(257, "{}"))));
  for (const auto* bad :
       {R"({"predictions": []})", R"({"predictions": 1})", R"({"predictions": {}})",
        R"({"predictions": [[]]})", R"({"predictions": [{}, "x"]})"})
    EXPECT_FALSE(claims_of_data(bad)) << bad;
  EXPECT_EQ(claims_of_data(R"({"predictions": [{}, "x"]})").error().what.substr(0, 7), "item 2:");
}

TEST(sports_frame_data, answers_come_back) {
  for (size_t code = 0; code < prediction_code_names.size(); ++code) {
    prediction_answer x;
    x.prediction_id = "p1";
    x.code = static_cast<prediction_code>(code);
    x.same = x.code == prediction_code::duplicate_prediction;
    x.message = "a \"sentence\"";
    x.outcome = code == 0 ? game_outcome::draw : game_outcome::undecided;
    const auto read = answers_of_data(confirmation_data(x, data_now));
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->front(), x) << name_of(x.code);
    const auto list = answers_of_data(results_data(std::vector{x, x}, data_now));
    ASSERT_TRUE(list) << list.error().what;
    EXPECT_EQ(*list, (std::vector{x, x}));
  }
}

TEST(sports_frame_data, answers_of_the_original_have_no_code) {
  const auto success = answers_of_data(
    R"({"message": "Prediction accepted", "prediction_id": "p", "status": "success"})");
  ASSERT_TRUE(success) << success.error().what;
  EXPECT_EQ(success->front().code, prediction_code::accepted);
  const auto error
    = answers_of_data(R"({"message": "no", "prediction_id": "p", "status": "error"})");
  ASSERT_TRUE(error) << error.error().what;
  EXPECT_EQ(error->front().code, prediction_code::other_errors);
  EXPECT_FALSE(answers_of_data(R"({"prediction_id": "p", "status": "perhaps"})"));
  EXPECT_FALSE(answers_of_data(R"({"code": "x", "prediction_id": "p", "status": "error"})"));
}

TEST(sports_frame_data, a_standing_is_sent_as_texts) {
  sports_standing stands;
  stands.uid = {7};
  stands.tier = 3;
  stands.wins = 5;
  stands.lifetime_wager = 1'500'000'000;
  const auto data = nlohmann::json::parse(confirmation_data({}, data_now, stands));
  EXPECT_EQ(data["miner_stats"]["miner_uid"], "7");
  EXPECT_EQ(data["miner_stats"]["miner_current_tier"], "3");
  EXPECT_EQ(data["miner_stats"]["miner_lifetime_wins"], "5");
  EXPECT_EQ(data["miner_stats"]["miner_lifetime_wager"], "1.5");
}

TEST(sports_frame_data, games_come_back) {
  auto decided = some_game();
  decided.external_id = "502";
  decided.tie_odds.reset();
  decided.can_tie = false;
  decided.outcome = game_outcome::team_b;
  decided.state = game_state::decided;
  decided.ended_us = data_now + 7;
  auto voided = some_game();
  voided.state = game_state::void_;
  voided.ended_us = data_now;
  const std::vector all{some_game(), decided, voided};
  const auto read = games_of_data(games_data(all, data_now));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->games, all);
  EXPECT_FALSE(read->since_us);
  sports_games_page page{all, data_now, "502", true};
  const auto again = games_of_data(games_page_data(page, data_now));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->games, all);
  EXPECT_EQ(again->since_us, data_now);
  EXPECT_EQ(again->after_id, "502");
  EXPECT_TRUE(again->more);
  const auto none = games_of_data(games_page_data({{}, 0, "", false}, data_now));
  ASSERT_TRUE(none) << none.error().what;
  EXPECT_TRUE(none->games.empty());
}

TEST(sports_frame_data, a_thousand_games_fit) {
  std::vector<sports_game> all(sports_limits::listed_max, some_game());
  const auto read = games_of_data(games_data(all, data_now));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->games, all);
}

TEST(sports_frame_data, a_game_is_active_until_four_hours_after_the_start_of_a_decided_one) {
  auto x = some_game();
  const auto active = [&x](int64_t now_us) {
    return nlohmann::json::parse(games_data(std::vector{x}, now_us))["games"][0]["active"];
  };
  const int64_t later = x.start_us + int64_t{4} * 3600 * 1'000'000;
  EXPECT_EQ(active(later + 1), 1);
  x.state = game_state::decided;
  x.outcome = game_outcome::team_a;
  EXPECT_EQ(active(later), 1);
  EXPECT_EQ(active(later + 1), 0);
}

TEST(sports_frame_data, games_have_one_digest_whatever_the_moment) {
  const std::vector games{some_game()};
  auto other = games;
  other[0].team_a_odds += 10'000'000;
  EXPECT_EQ(digest_of_games(games), digest_of_games(games));
  EXPECT_NE(digest_of_games(games), digest_of_games(other));
}

TEST(sports_frame_data, games_that_are_none_are_refused_with_the_field) {
  const auto fault_of = [](const std::string& game) {
    const auto x = games_of_data("{\"games\": [" + game + "]}");
    return x ? "" : x.error().what;
  };
  EXPECT_EQ(fault_of("{\"outcome\": 3}"), "item 1: external_id: expected a text, got nothing");
  EXPECT_EQ(fault_of(R"({"external_id": "1", "outcome": 4})"),
            "item 1: outcome: expected a whole number from 0 to 3, got 4");
  EXPECT_EQ(fault_of(R"({"external_id": "1", "outcome": 3, "team_a_odds": "x"})"),
            "item 1: team_a_odds: expected a number, got \"x\"");
  EXPECT_EQ(fault_of(R"({"event_start_date": "soon", "external_id": "1", "outcome": 3})"),
            "item 1: event_start_date: expected a moment, as 2025-04-01T12:00:00+00:00, got"
            " \"soon\"");
}

TEST(sports_frame_data, ids_and_confirmations_come_back) {
  const std::vector<std::string> ids{"a", "\xc3\xa9"};
  EXPECT_EQ(*ids_of_data(ids_data(ids)), ids);
  stored_prediction row;
  row.state = prediction_state::won;
  row.outcome = game_outcome::team_b;
  row.wager = 10'000'000'000;
  row.payout = 19'500'000'000;
  row.received_us = data_now;
  row.settled_us = data_now + 1;
  const std::vector all{confirmed_of("a", row), confirmed_of("b", std::nullopt)};
  const auto read = confirmed_of_data(confirmed_data(all, data_now));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, all);
  EXPECT_EQ(read->front().payout, row.payout);
}

} // namespace
} // namespace sluice::net
