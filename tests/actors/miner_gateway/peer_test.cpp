#include "actors/miner_gateway/peer.hpp"
#include "net/miner_gateway/wire.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/miner_messages.hpp"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

class peer : public actor_test {
protected:
  peer() { kill_at_end(); }

  void kill_at_end(uint64_t protocol = gateway_protocol) {
    whom = keep(
      spawn_peer(sys, {liquidity_alone(), protocol},
                 {[x = recorded](std::string text, uint64_t mark) {
                    x->texts.emplace_back(std::move(text), mark);
                  },
                  [x = recorded](gateway_refusal why) { x->ended.push_back(std::move(why)); },
                  [x = recorded](uint64_t mark) { x->expired.push_back(mark); }},
                 counts));
  }

  static rebalance_query query(uint64_t deadline_ms = 60'000) {
    rebalance_query x;
    x.job = {"pair"};
    x.round = {{"pair"}, round_kind::evaluation, {1}};
    x.deadline_ms = deadline_ms;
    return x;
  }

  static body_text yes(std::string info) {
    rebalance_reply x;
    x.accepted = true;
    x.model_info = std::move(info);
    return {net::answer_body(x).text()};
  }

  void send(const auto& event) {
    caf::anon_send(whom, event);
    settle();
  }

  /// The peer's last message comes when this fixture has gone.
  struct record {
    std::vector<std::pair<std::string, uint64_t>> texts;
    std::vector<gateway_refusal> ended;
    std::vector<uint64_t> expired;
  };
  std::shared_ptr<record> recorded = std::make_shared<record>();
  std::vector<std::pair<std::string, uint64_t>>& texts = recorded->texts;
  std::vector<gateway_refusal>& ended = recorded->ended;
  std::shared_ptr<peer_counts> counts = std::make_shared<peer_counts>();
  peer_actor whom;
};

TEST_F(peer, writes_the_question_and_hands_back_the_answer) {
  question<miner_answer> asked{sys, whom, asking(query())};
  settle();
  ASSERT_EQ(texts.size(), 1U);
  const auto sent = net::read_message(texts[0].first, net::gateway_side::node, net::node_bytes_max);
  ASSERT_TRUE(sent) << sent.error().what;
  EXPECT_EQ(std::get<net::wire_question>(*sent),
            (net::wire_question{
              texts[0].second, "liquidity", 60'000, {net::question_body(query()).text()}}));
  send(gateway_answered{1, texts[0].second, yes("mine")});
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(reply_in(asked.look()->body).model_info, "mine");
  EXPECT_EQ(counts->asked, 1U);
  EXPECT_EQ(counts->answered, 1U);
}

TEST_F(peer, the_time_of_a_question_runs_from_when_it_was_written) {
  question<miner_answer> asked{sys, whom, asking(query(500))};
  settle();
  advance(10s); // it waits in a queue
  EXPECT_FALSE(asked.answered());
  send(gateway_written{1, texts[0].second});
  advance(499ms);
  EXPECT_FALSE(asked.answered());
  advance(1ms);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_timeout);
  EXPECT_EQ(counts->late, 1U);
  EXPECT_EQ(recorded->expired, std::vector{texts[0].second}) << "a late answer is not free";
  send(gateway_answered{1, texts[0].second, yes("too late")});
  EXPECT_EQ(counts->answered, 0U);
}

TEST_F(peer, a_fence_waits_for_what_was_asked_before_it_and_for_nothing_else) {
  EXPECT_EQ(ask<atom::done>(whom, atom::fence_v), atom::done_v);
  question<miner_answer> first{sys, whom, asking(query())}, second{sys, whom, asking(query())};
  question<atom::done> fence{sys, whom, atom::fence_v};
  question<miner_answer> third{sys, whom, asking(query())};
  settle();
  ASSERT_EQ(texts.size(), 3U);
  send(gateway_answered{1, 2, yes("b")});
  EXPECT_FALSE(fence.answered());
  send(gateway_answered{1, 1, yes("a")});
  EXPECT_TRUE(fence.answered());
  EXPECT_FALSE(third.answered());
}

TEST_F(peer, the_end_of_the_session_answers_everybody) {
  question<miner_answer> asked{sys, whom, asking(query())};
  question<atom::done> fence{sys, whom, atom::fence_v};
  settle();
  send(gateway_left{1, "silent", "for a minute"});
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_receiver_down);
  ASSERT_TRUE(fence.answered());
  EXPECT_TRUE(ended.empty()); // it has ended already
}

TEST_F(peer, one_that_is_killed_answers_everybody_and_ends_its_session) {
  question<miner_answer> asked{sys, whom, asking(query())};
  settle();
  kill(whom);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_receiver_down);
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].reason, gateway_reason::closing);
}

TEST_F(peer, one_that_its_owner_stops_does_not_speak_of_a_fault) {
  question<miner_answer> asked{sys, whom, asking(query())};
  settle();
  caf::anon_send_exit(whom, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_TRUE(asked.answered());
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].reason, gateway_reason::closing);
  EXPECT_EQ(ended[0].text, "this node stops or restarts its miner gateway; come back");
}

TEST_F(peer, passes_on_refusals_and_scores) {
  const proposal_refused no{query().round, 7, "ticks unordered"};
  const miner_scores scores{query().round, miner_verdict::scored, 1, 1, 1, 1, "", 0, 0, 0, true};
  send(notice_of(no));
  send(notice_of(scores));
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0].first,
            net::write_message(net::wire_notice{"liquidity", {net::notice_body(no).text()}}));
  EXPECT_EQ(texts[1].first,
            net::write_message(net::wire_notice{"liquidity", {net::notice_body(scores).text()}}));
  EXPECT_EQ(texts[0].second, 0U);
  EXPECT_EQ(counts->invalid, 1U);
}

TEST_F(peer, an_answer_counts_once_and_only_to_what_was_asked) {
  question<miner_answer> asked{sys, whom, asking(query())};
  settle();
  send(gateway_answered{1, 99, yes("to nothing")});
  EXPECT_FALSE(asked.answered());
  send(gateway_answered{1, 1, yes("first")});
  send(gateway_answered{1, 1, yes("second")});
  EXPECT_EQ(reply_in(asked.look()->body).model_info, "first");
  EXPECT_EQ(counts->answered, 1U);
  EXPECT_TRUE(recorded->expired.empty());
}

TEST_F(peer, more_questions_than_anybody_could_have_are_refused) {
  std::deque<question<miner_answer>> all;
  for (int i = 0; i < 129; ++i)
    all.emplace_back(sys, whom, asking(query()));
  settle();
  EXPECT_EQ(texts.size(), 128U);
  ASSERT_TRUE(all.back().answered());
  EXPECT_EQ(sentence(all.back().look().error()), "too many questions are open");
}

TEST_F(peer, an_answer_that_cannot_be_read_ends_the_session_with_the_reason) {
  question<miner_answer> asked{sys, whom, asking(query())};
  settle();
  send(gateway_answered{1, 1, {R"({"accepted":"yes"})"}});
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended[0].reason, gateway_reason::malformed);
  EXPECT_EQ(ended[0].text, "answer: body.accepted: expected true or false, got \"yes\"");
  EXPECT_FALSE(asked.answered());
  send(gateway_left{1, "malformed", ""});
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look().error(), caf::sec::request_receiver_down);
}

TEST_F(peer, an_answer_to_a_question_that_is_over_is_passed_over_unread) {
  send(gateway_answered{1, 5, {R"({"accepted":"yes"})"}});
  EXPECT_TRUE(ended.empty());
}

TEST_F(peer, a_mechanism_that_nobody_knows_is_an_error_of_who_asks) {
  EXPECT_EQ(sentence(ask_error<miner_answer>(whom, miner_question{"trading", {}, 1'000})),
            "this miner speaks protocol 2, in which there is no mechanism trading");
  EXPECT_TRUE(texts.empty());
}

TEST_F(peer, in_protocol_1_the_fields_stand_in_the_messages) {
  kill_at_end(1);
  question<miner_answer> asked{sys, whom, asking(query())};
  settle();
  ASSERT_EQ(texts.size(), 1U);
  const auto sent
    = net::read_message(texts[0].first, net::gateway_side::node, net::node_bytes_max, 1);
  ASSERT_TRUE(sent) << sent.error().what;
  const auto read = net::liquidity_codec().question(std::get<net::wire_question>(*sent).body);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read->as<rebalance_query>(), query());
  send(gateway_answered{
    1,
    1,
    {R"({"type":"proposal","id":1,"accepted":true,"desired_positions":[]})", body_form::flat}});
  ASSERT_TRUE(asked.answered());
  EXPECT_TRUE(reply_in(asked.look()->body).accepted);
  send(notice_of(proposal_refused{query().round, 7, "ticks unordered"}));
  EXPECT_EQ(texts.at(1).first, R"({"type":"invalid","round":"pair/evaluation/1","block":7,)"
                               R"("reason":"ticks unordered"})");
}

TEST_F(peer, in_protocol_1_there_is_one_mechanism) {
  kill_at_end(1);
  EXPECT_EQ(sentence(ask_error<miner_answer>(whom, miner_question{"trading", {}, 1'000})),
            "this miner speaks protocol 1, in which there is no mechanism trading");
  send(miner_notice{"trading", {}, false});
  EXPECT_TRUE(texts.empty());
  send(gateway_answered{1, 5, {R"({"type":"proposal","id":5,"accepted":1})", body_form::flat}});
  ASSERT_EQ(ended.size(), 1U); // to whatever question
  EXPECT_EQ(ended[0].text, "proposal: accepted: expected true or false, got 1");
}

} // namespace
} // namespace sluice::test
