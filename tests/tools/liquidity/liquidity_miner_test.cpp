#include "net/liquidity/miner_bodies.hpp"
#include "tools/liquidity/liquidity_miner.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::tools {
namespace {

rebalance_query question(uint64_t round = 7) {
  rebalance_query x;
  x.job = x.round.job = {"weth-usdc"};
  x.round.number = {round};
  x.block_number = 3150;
  x.current_price = 1;
  x.sqrt_price_x96 = u256{1U} << 96;
  x.terms = {500, 10, 18, 18};
  x.inventory_remaining = {u256{1'000'000U}, u256{1'000'000U}};
  return x;
}

miner_scores scores_of(uint64_t round, miner_verdict verdict) {
  miner_scores x;
  x.round = question(round).round;
  x.verdict = verdict;
  return x;
}

class liquidity_miner_test : public ::testing::Test {
protected:
  liquidity_miner make(const char* strategy, bool json = false, bool once = false) {
    return liquidity_miner{{*parse_strategy(strategy),
                            json,
                            once,
                            [this](std::string_view text) { shown += text; },
                            {}}};
  }

  std::vector<nlohmann::json> lines() const {
    std::vector<nlohmann::json> all;
    std::istringstream in{shown};
    for (std::string line; std::getline(in, line);)
      all.push_back(nlohmann::json::parse(line));
    return all;
  }

  std::string shown;
};

TEST_F(liquidity_miner_test, shows_what_it_was_asked_and_what_it_answered) {
  auto miner = make("wide:width=0.1");
  const auto move = miner.answer(question());
  EXPECT_TRUE(move.reply.accepted);
  EXPECT_NE(shown.find("question  weth-usdc/evaluation/7 block 3150: price 1, 0 positions held\n"),
            std::string::npos)
    << shown;
  EXPECT_NE(shown.find("answer    ["), std::string::npos) << shown;
}

TEST_F(liquidity_miner_test, answers_as_the_strategy_does_inside_a_node) {
  auto miner = make("narrow:width=0.02");
  const auto what = *parse_strategy("narrow:width=0.02");
  strategy_memory memory;
  for (uint64_t block = 0; block < 5; ++block) {
    auto query = question();
    query.block_number += block;
    query.current_price += 0.01 * static_cast<double>(block);
    EXPECT_EQ(miner.answer(query).reply, propose(what, query, memory).reply);
  }
}

TEST_F(liquidity_miner_test, shows_why_a_proposal_was_not_allowed_its_scores_and_its_rank) {
  auto miner = make("wide");
  miner.invalid({question().round, 3150, "position 1: tick_lower -3 is not a multiple of 10"});
  miner.scores(
    {question().round, miner_verdict::scored, 0.5, 2, 8, 1, "invalid: x", 0.25, 0, 0.15, true});
  EXPECT_EQ(shown,
            "invalid   weth-usdc/evaluation/7 block 3150: position 1: tick_lower -3 is not a"
            " multiple of 10\n"
            "scores    weth-usdc/evaluation/7: scored, 0.5, rank 2 of 8; combined 0.15, eligible;"
            " invalid: x\n");
}

TEST_F(liquidity_miner_test, every_refusal_comes_with_what_to_do) {
  for (size_t i = 0; i < gateway_reason_names.size(); ++i) {
    shown.clear();
    auto miner = make("wide");
    miner.refused({static_cast<gateway_reason>(i), "because", 0});
    EXPECT_NE(shown.find(std::string{gateway_reason_names[i]} + ": because (what to do: "),
              std::string::npos)
      << shown;
  }
}

TEST_F(liquidity_miner_test, nothing_that_a_node_sends_steers_the_terminal) {
  auto miner = make("wide");
  miner.refused({gateway_reason::banned, "\x1b[2Jgone\x07\n", 0});
  EXPECT_EQ(shown.find('\x1b'), std::string::npos);
  EXPECT_EQ(shown.find('\x07'), std::string::npos);
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 1);
}

TEST_F(liquidity_miner_test, prints_the_same_as_json_lines) {
  auto miner = make("wide:width=0.1", true);
  miner.welcome("ws://127.0.0.1:8700", {"5F"}, {4});
  miner.answer(question());
  miner.invalid({question().round, 3150, "no"});
  miner.scores({question().round, miner_verdict::failed, 0, 0, 8, 1, "no answer", 0, 0, 0, false});
  miner.refused({gateway_reason::clock_skew, "93 s behind", 5});
  miner.lost("ws://127.0.0.1:8700", "Connection refused", 1500);
  const auto all = lines();
  ASSERT_EQ(all.size(), 7U);
  EXPECT_EQ(all[0]["event"], "welcome");
  EXPECT_EQ(all[0]["uid"], 4);
  EXPECT_EQ(all[1]["event"], "question");
  EXPECT_EQ(all[1]["block"], 3150);
  EXPECT_EQ(all[2]["event"], "answer");
  EXPECT_EQ(all[2]["positions"].size(), 1U);
  EXPECT_TRUE(all[2]["positions"][0]["allocation0"].is_string());
  EXPECT_EQ(all[3]["reason"], "no");
  EXPECT_EQ(all[4]["verdict"], "failed");
  EXPECT_EQ(all[5]["reason"], "clock_skew");
  EXPECT_FALSE(all[5]["advice"].get<std::string>().empty());
  EXPECT_EQ(all[6]["pause_ms"], 1500);
}

TEST_F(liquidity_miner_test, once_is_over_with_the_scores_of_a_round_that_it_answered_in) {
  auto miner = make("wide", false, true);
  miner.scores(scores_of(6, miner_verdict::scored));
  EXPECT_FALSE(miner.over()); // it had no part in that
  miner.answer(question());
  miner.scores(scores_of(6, miner_verdict::scored));
  EXPECT_FALSE(miner.over());
  miner.scores(scores_of(7, miner_verdict::scored));
  EXPECT_EQ(miner.over(), 0);
  auto other = make("refuser", false, true);
  other.answer(question());
  other.scores(scores_of(7, miner_verdict::refused));
  EXPECT_EQ(other.over(), 1);
}

TEST_F(liquidity_miner_test, once_is_over_when_the_node_refuses_and_goes_on_when_it_restarts) {
  auto miner = make("wide", false, true);
  miner.refused({gateway_reason::closing, "this node stops", 0});
  EXPECT_FALSE(miner.over());
  miner.refused({gateway_reason::unknown_hotkey, "who?", 0});
  EXPECT_EQ(miner.over(), 1);
  auto for_ever = make("wide");
  for_ever.refused({gateway_reason::banned, "go", 0});
  EXPECT_FALSE(for_ever.over());
}

TEST_F(liquidity_miner_test, distinguishes_a_crash_and_silence) {
  auto mute = make("silent");
  EXPECT_EQ(mute.answer(question()).act, strategy_act::stay_silent);
  auto broken = make("crasher");
  EXPECT_EQ(broken.answer(question()).act, strategy_act::crash);
  EXPECT_NE(shown.find("a crash"), std::string::npos);
}

/// A question as it comes, in either protocol.
net::wire_question as_sent(const rebalance_query& query, uint64_t protocol) {
  const net::wire_question whole{7, "liquidity", 5'000, {net::question_body(query).text()}};
  return std::get<net::wire_question>(*net::read_message(
    net::write_message(whole, protocol), net::gateway_side::node, net::node_bytes_max, protocol));
}

TEST_F(liquidity_miner_test, reads_questions_of_every_protocol) {
  for (const uint64_t protocol : {1, 2}) {
    auto miner = make("wide:width=0.1", true);
    const auto asked = as_sent(question(), protocol);
    const auto move = miner.asked(asked);
    ASSERT_TRUE(move) << move.error().what;
    EXPECT_EQ(lines().front()["deadline_ms"], 5'000);
    shown.clear();
    ASSERT_TRUE(move->answer);
    EXPECT_EQ(move->answer->id, 7U);
    EXPECT_EQ(*net::answer_in(miner_body{move->answer->body.text}),
              make("wide:width=0.1").answer(question()).reply);
    shown.clear();
  }
}

TEST_F(liquidity_miner_test, passes_over_other_mechanisms) {
  auto miner = make("wide");
  const auto move = miner.asked({7, "trading", 5'000, {"{}"}});
  ASSERT_TRUE(move);
  EXPECT_FALSE(move->answer);
  EXPECT_FALSE(move->crash);
  EXPECT_TRUE(miner.noticed({"trading", {"{}"}}));
  EXPECT_EQ(shown, "");
}

TEST_F(liquidity_miner_test, reads_notices_and_states_why_one_cannot_be_read) {
  auto miner = make("wide", true);
  EXPECT_TRUE(miner.noticed(
    {"liquidity", {net::notice_body(proposal_refused{question().round, 3150, "no"}).text()}}));
  EXPECT_TRUE(miner.noticed(
    {{},
     {R"({"type":"invalid","round":"weth-usdc/evaluation/7","block":1,"reason":"again"})",
      body_form::flat}}));
  EXPECT_TRUE(
    miner.noticed({"liquidity", {net::notice_body(scores_of(7, miner_verdict::scored)).text()}}));
  const auto all = lines();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0]["reason"], "no");
  EXPECT_EQ(all[1]["reason"], "again");
  EXPECT_EQ(all[2]["verdict"], "scored");
  const auto broken = miner.noticed({"liquidity", {R"({"type":"invalid"})"}});
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().what, "notice: body.round: expected a value, got nothing");
  EXPECT_FALSE(miner.asked({7, "liquidity", 5'000, {"{}"}}));
}

} // namespace
} // namespace sluice::tools
