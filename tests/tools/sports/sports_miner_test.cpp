#include "net/sports/bodies.hpp"
#include "rules/sports/name.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tools/sports/sports_miner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace sluice::tools {
namespace {

constexpr int64_t miner_now_us = 1'767'225'600'000'000;
constexpr int64_t miner_hour_us = 3'600'000'000;

sports_game asked_game(const std::string& id, int64_t start_us = miner_now_us + miner_hour_us) {
  sports_game x;
  x.external_id = id;
  x.team_a = "A";
  x.team_b = "B";
  x.sport = "soccer";
  x.start_us = start_us;
  x.team_a_odds = 1'500'000'000;
  x.team_b_odds = 2'500'000'000;
  return x;
}

class sports_miner_test : public ::testing::Test {
protected:
  std::unique_ptr<miner_side> make(const std::string& strategy, bool once = false) {
    auto made = make_sports_miner(config(strategy, once));
    EXPECT_TRUE(made) << made.error().what;
    (*made)->welcome("node", {"5Me"}, {31});
    return *std::move(made);
  }

  miner_side_config config(const std::string& strategy, bool once = false) {
    miner_side_config made;
    made.strategy = strategy;
    made.json = true;
    made.once = once;
    made.write = [this](std::string_view text) { shown += text; };
    return made;
  }

  /// What is answered, as a node reads it.
  static std::vector<prediction_claim>
  ask(miner_side& side, std::vector<sports_game> games, uint64_t deadline_ms = 10'000) {
    const sports_question question{miner_now_us, 100 * nano_one, std::move(games), 0};
    const auto move = side.asked({7,
                                  std::string{sports_name},
                                  deadline_ms,
                                  {net::sports_question_body(question).text(), body_form::nested}});
    EXPECT_TRUE(move) << move.error().what;
    if (!move || !move->answer)
      return {};
    EXPECT_EQ(move->answer->id, 7U);
    const auto body = net::sports_codec().answer(move->answer->body);
    EXPECT_TRUE(body) << body.error().what;
    return net::sports_answer_in(*body)->predictions;
  }

  static result<nothing> tell(miner_side& side, sports_notice notice) {
    notice.now_us = miner_now_us;
    return side.noticed({std::string{sports_name},
                         {net::sports_notice_body(std::move(notice)).text(), body_form::nested}});
  }

  static prediction_answer accepted(const prediction_claim& x) {
    return {x.prediction_id.text, prediction_code::accepted, false, "Prediction accepted",
            game_outcome::team_a};
  }

  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> all;
    std::istringstream in{shown};
    for (std::string line; std::getline(in, line);)
      all.push_back(nlohmann::json::parse(line));
    return all;
  }

  test::scratch_folder folder;
  std::string shown;
};

TEST_F(sports_miner_test, predicts_every_game_once_by_its_model) {
  const auto side = make("odds", true);
  const auto first = ask(*side, {asked_game("g1"), asked_game("g2")});
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].game_id.text, "g1");
  EXPECT_EQ(first[0].miner_uid.text, "31");
  EXPECT_EQ(first[0].predicted_outcome.text, "0") << "the lower odds";
  EXPECT_EQ(first[0].predicted_odds.text, "1.5");
  EXPECT_EQ(first[0].model_name.text, "odds");
  EXPECT_EQ(ask(*side, {asked_game("g1"), asked_game("g2")}), first) << "no answer came";
  ASSERT_TRUE(tell(*side, {0, {accepted(first[0])}, {}}));
  EXPECT_EQ(side->over(), 0);
  EXPECT_EQ(ask(*side, {asked_game("g1"), asked_game("g2")}).size(), 1U);
  const auto all = lines();
  EXPECT_EQ(all[0]["strategy"], "odds");
  EXPECT_EQ(all[1]["event"], "question");
  EXPECT_EQ(all[1]["undecided"], 2);
  EXPECT_EQ(all[1]["daily_left"], "100");
  EXPECT_EQ(all[5]["event"], "confirmed");
  EXPECT_EQ(all[5]["prediction_id"], first[0].prediction_id.text);
  EXPECT_EQ(all.back()["confirmed"], 1);
  EXPECT_EQ(all.back()["pending"], 1);
}

TEST_F(sports_miner_test, learns_from_results_once_each) {
  const auto side = make("elo");
  auto won = asked_game("w", miner_now_us - miner_hour_us);
  won.state = game_state::decided;
  won.outcome = game_outcome::team_b;
  EXPECT_EQ(ask(*side, {asked_game("g1")}).front().predicted_outcome.text, "0") << "at home";
  // 12 * 0.57 points for either: one result is not worth the 50 points of the home team, five are.
  ASSERT_TRUE(tell(*side, {0, {}, {won}}));
  ASSERT_TRUE(tell(*side, {0, {}, {won}}));
  EXPECT_EQ(ask(*side, {asked_game("g1"), asked_game("g2")}).back().predicted_outcome.text, "0");
  for (const auto* id : {"w2", "w3", "w4", "w5"}) {
    won.external_id = id;
    ASSERT_TRUE(tell(*side, {0, {}, {won}}));
  }
  EXPECT_EQ(ask(*side, {asked_game("g1"), asked_game("g2"), asked_game("g3")})
              .back()
              .predicted_outcome.text,
            "1");
}

TEST_F(sports_miner_test, asks_a_command_and_goes_on_when_it_fails) {
  const auto script = folder.write(
    "predict.py", "import json, sys\n"
                  "for line in sys.stdin:\n"
                  "    game = json.loads(line)\n"
                  "    if game['externalId'] == 'bad':\n"
                  "        sys.exit(3)\n"
                  "    print(json.dumps({'externalId': game['externalId'], 'outcome': "
                  "game['teamB'], 'wager': 12.5, 'confidence': 0.5}))\n");
  const auto side = make("exec:python3 " + script);
  const auto made = ask(*side, {asked_game("g1")});
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].predicted_outcome.text, "1");
  EXPECT_EQ(made[0].wager.text, "12.5");
  EXPECT_EQ(made[0].model_name.text, "exec");
  EXPECT_EQ(ask(*side, {asked_game("bad"), asked_game("g1")}), made);
  const auto all = lines();
  EXPECT_EQ(all[all.size() - 2]["event"], "failed");
  EXPECT_NE(all[all.size() - 2]["why"].get<std::string>().find("python3"), std::string::npos);
}

TEST_F(sports_miner_test, passes_over_other_mechanisms_and_refuses_what_it_cannot_read) {
  const auto side = make("odds", true);
  shown.clear();
  const auto move = side->asked({1, "other", 1000, {"{}", body_form::nested}});
  ASSERT_TRUE(move);
  EXPECT_FALSE(move->answer);
  EXPECT_TRUE(side->noticed({"other", {"{}", body_form::nested}}));
  EXPECT_EQ(shown, "");
  const std::string name{sports_name};
  EXPECT_EQ(side->asked({1, name, 1000, {"{}", body_form::nested}}).error().code, ec::bad_input);
  EXPECT_FALSE(side->noticed({name, {"[]", body_form::nested}}));
  side->lost("node", "it is away", 1500);
  EXPECT_EQ(lines().back()["pause_ms"], 1500);
  side->refused({gateway_reason::closing, "later", 10});
  EXPECT_FALSE(side->over());
  side->refused({gateway_reason::banned, "no", 0});
  EXPECT_EQ(side->over(), 1);
  EXPECT_EQ(make_sports_miner(config("wide")).error().code, ec::bad_input);
}

} // namespace
} // namespace sluice::tools
