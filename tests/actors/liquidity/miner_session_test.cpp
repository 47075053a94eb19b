#include "actors/liquidity/miner.hpp"
#include "actors/liquidity/miner_session.hpp"
#include "actors/miner_gateway/peer.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/miner_messages.hpp"

#include <caf/response_promise.hpp>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr miner_session_config stepped{60s, true};
constexpr miner_session_config paced{60s, false};

miner_question some_question() {
  rebalance_query query;
  query.round = {{"pair"}, round_kind::evaluation, {1}};
  query.terms = {500, 10, 18, 18};
  query.sqrt_price_x96 = u256{1U} << 96;
  query.current_price = 1;
  query.inventory_remaining = {u256{1'000U}, u256{1'000U}};
  return asking(std::move(query));
}

rebalance_reply yes() {
  rebalance_reply reply;
  reply.accepted = true;
  reply.desired_positions = {{-10, 10, u256{5U}, u256{5U}, {}}};
  return reply;
}

class miner_session : public actor_test {
protected:
  miner_session_actor session(miner_session_config config, const miner_actor& handle) {
    return keep(spawn_miner_session(sys, config, handle));
  }

  miner_actor real(std::string_view what) { return keep(spawn_miner(sys, *parse_strategy(what))); }

  miner_actor answering(rebalance_reply reply) {
    return mock<miner_actor>(on_question([reply](const rebalance_query&) { return reply; }),
                             on_any_notice(), [](atom::fence) { return atom::done_v; });
  }

  /// Answers when the test does.
  miner_actor holding(held_promise<miner_answer>& later) {
    return keep(sys.spawn([&later](miner_actor::pointer self) -> miner_actor::behavior_type {
      return {[self, &later](const miner_question&) {
                later = held_promise<miner_answer>{self};
                return later.promise();
              },
              on_any_notice(), [](atom::fence) { return atom::done_v; }};
    }));
  }

  session_answer answer_of(const miner_session_actor& whom) {
    return ask<session_answer>(whom, some_question());
  }

  void expect_failure(const session_answer& answer, std::string_view note) {
    EXPECT_EQ(answer.kind, answer_kind::failed);
    EXPECT_EQ(answer.note, note);
    EXPECT_EQ(answer.body, miner_body{});
  }
};

TEST_F(miner_session, hands_on_what_was_answered_and_does_not_look_inside) {
  for (auto config : {stepped, paced}) {
    const auto answer = answer_of(session(config, answering(yes())));
    EXPECT_EQ(answer, (session_answer{answer_kind::answered, net::answer_body(yes()), "", 0}));
  }
}

TEST_F(miner_session, silence_ends_at_the_fence_while_time_stands_still) {
  const auto before = sched.clock().now();
  expect_failure(answer_of(session(stepped, real("silent"))), "no answer");
  EXPECT_EQ(sched.clock().now(), before);
  EXPECT_TRUE(sched.clock().schedule().empty()); // nothing is waited for
}

TEST_F(miner_session, paced_silence_ends_at_the_timeout_and_not_before) {
  const auto whom = session(paced, real("silent"));
  question<session_answer> asked{sys, whom, some_question()};
  settle();
  advance(60s - 1ms);
  EXPECT_FALSE(asked.answered());
  advance(1ms);
  ASSERT_TRUE(asked.answered());
  expect_failure(*asked.look(), "no answer in time");
  EXPECT_EQ(asked.look()->response_us, 60'000'000U);
}

/// As at `--speed 0`: only for a miner in this process is there no later.
TEST_F(miner_session, in_stepped_time_a_miner_far_away_has_its_whole_deadline_too) {
  uint64_t written = 0;
  const auto peer = keep(spawn_peer(
    sys, {liquidity_alone()},
    {[&written](const std::string&, uint64_t id) { written = id; }, [](const gateway_refusal&) {}},
    std::make_shared<peer_counts>()));
  const auto whom = session(stepped, peer);
  auto minute = some_question();
  minute.deadline_ms = 60'000;
  for (const bool in_time : {true, false}) {
    question<session_answer> asked{sys, whom, minute};
    settle();
    caf::anon_send(peer, gateway_written{1, written});
    settle();
    advance(60s - 1ms);
    EXPECT_FALSE(asked.answered());
    if (in_time)
      caf::anon_send(peer, gateway_answered{1, written, {net::answer_body(yes()).text()}});
    else
      advance(1ms);
    settle();
    ASSERT_TRUE(asked.answered());
    EXPECT_EQ(asked.look()->kind, in_time ? answer_kind::answered : answer_kind::failed);
    EXPECT_EQ(asked.look()->note, in_time ? "" : "no answer in time");
  }
}

TEST_F(miner_session, a_paced_answer_states_how_long_it_took) {
  held_promise<miner_answer> later;
  const auto slow = holding(later);
  question<session_answer> asked{sys, session(paced, slow), some_question()};
  settle();
  advance(1500ms);
  later.deliver(answering_with(yes()));
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(*asked.look(),
            (session_answer{answer_kind::answered, net::answer_body(yes()), "", 1'500'000}));
  later = {};
}

TEST_F(miner_session, a_late_answer_is_no_second_answer) {
  held_promise<miner_answer> later;
  const auto slow = holding(later);
  for (auto config : {stepped, paced}) {
    const auto whom = session(config, slow);
    question<session_answer> asked{sys, whom, some_question()};
    settle();
    advance(61s);
    ASSERT_TRUE(asked.answered());
    EXPECT_EQ(asked.look()->kind, answer_kind::failed);
    later.deliver(answering_with(yes()));
    settle();
    question<session_answer> again{sys, whom, some_question()}; // it runs and asks again
    settle();
    later.deliver(answering_with(yes()));
    settle();
    if (!config.stepped) {
      ASSERT_TRUE(again.answered());
      EXPECT_EQ(again.look()->kind, answer_kind::answered);
    }
  }
  later = {};
}

TEST_F(miner_session, a_crash_is_a_failure_of_the_miner_alone) {
  for (auto config : {stepped, paced}) {
    const auto whom = session(config, real("crasher"));
    expect_failure(answer_of(whom), "the miner is down");
    expect_failure(answer_of(whom), "the miner is down"); // and it stays down
  }
}

TEST_F(miner_session, a_dead_or_missing_way_is_a_failure) {
  const auto dead = real("wide");
  kill(dead);
  for (auto config : {stepped, paced}) {
    expect_failure(answer_of(session(config, dead)), "the miner is down");
    expect_failure(answer_of(session(config, miner_actor{})), "the miner is down");
  }
}

TEST_F(miner_session, a_miner_that_fails_while_it_is_waited_for_is_a_failure) {
  const auto handle = real("silent");
  const auto whom = session(paced, handle);
  question<session_answer> asked{sys, whom, some_question()};
  settle();
  EXPECT_FALSE(asked.answered());
  kill(handle);
  advance(60s);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.look()->kind, answer_kind::failed);
}

TEST_F(miner_session, a_notice_is_passed_on) {
  std::vector<miner_notice> received;
  const auto handle = mock<miner_actor>(
    on_question([](const rebalance_query&) { return yes(); }),
    [&received](const miner_notice& x) { received.push_back(x); },
    [](atom::fence) { return atom::done_v; });
  const auto notice
    = notice_of(proposal_refused{{{"pair"}, round_kind::live, {3}}, 12, "ticks unordered"});
  caf::anon_send(session(stepped, handle), notice);
  caf::anon_send(session(stepped, miner_actor{}), notice); // nobody there: nothing happens
  settle();
  EXPECT_EQ(received, std::vector{notice});
}

TEST_F(miner_session, a_miner_that_came_back_is_asked_by_its_new_handle) {
  held_promise<miner_answer> later;
  const auto old_handle = holding(later);
  const auto whom = session(paced, old_handle);
  question<session_answer> first{sys, whom, some_question()};
  settle();
  caf::anon_send(whom, answering(yes()));
  EXPECT_EQ(answer_of(whom).kind, answer_kind::answered);
  EXPECT_FALSE(first.answered()); // what was sent to the old handle stays there
  later.deliver(answering_with(yes()));
  settle();
  ASSERT_TRUE(first.answered());
  caf::anon_send(whom, miner_actor{});
  expect_failure(answer_of(whom), "the miner is down");
}

} // namespace
} // namespace sluice::test
