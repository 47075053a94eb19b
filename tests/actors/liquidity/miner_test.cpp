#include "actors/liquidity/miner.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/support/actor_test.hpp"
#include "tests/support/miner_messages.hpp"

namespace sluice::test {
namespace {

class miner : public actor_test {
protected:
  miner_actor raise(std::string_view what) { return keep(spawn_miner(sys, *parse_strategy(what))); }

  static rebalance_query
  question(const std::string& job, round_kind kind, uint64_t block, int32_t tick) {
    rebalance_query query;
    query.job = {job};
    query.round = {{job}, kind, {7}};
    query.block_number = block;
    query.tick = tick;
    query.sqrt_price_x96 = sqrt_ratio_at_tick(tick);
    query.terms = {500, 10, 18, 18};
    query.current_price = std::pow(1.0001, tick);
    query.inventory_remaining = {u256{1'000'000'000U}, u256{1'000'000'000U}};
    return query;
  }
};

TEST_F(miner, answers_what_its_strategy_returns) {
  for (const auto* what : {"hold", "wide", "narrow", "volatility", "refuser", "garbage"}) {
    SCOPED_TRACE(what);
    const auto handle = raise(what);
    strategy_memory memory;
    for (uint64_t block : {100, 200, 300}) {
      const auto query = question("pair", round_kind::evaluation, block, int32_t(block));
      EXPECT_EQ(reply_in(ask<miner_answer>(handle, asking(query)).body),
                propose(*parse_strategy(what), query, memory).reply);
    }
  }
}

TEST_F(miner, remembers_every_job_and_kind_of_round_apart) {
  const auto what = "volatility:floor=0.0001";
  const auto handle = raise(what);
  std::map<std::pair<std::string, round_kind>, strategy_memory> memories;
  int32_t tick = 0;
  for (uint64_t block : {100, 200, 300, 400})
    for (const auto* job : {"a", "b"})
      for (auto kind : {round_kind::evaluation, round_kind::live}) {
        SCOPED_TRACE(testing::Message() << job << ' ' << to_string(kind) << " at " << block);
        tick += kind == round_kind::live ? 500 : -130; // markets that have nothing in common
        const auto query = question(job, kind, block, tick);
        EXPECT_EQ(reply_in(ask<miner_answer>(handle, asking(query)).body),
                  propose(*parse_strategy(what), query, memories[{job, kind}]).reply);
      }
}

TEST_F(miner, a_silent_one_passes_the_fence_without_an_answer) {
  const auto handle = raise("silent");
  test::question<miner_answer> asked{sys, handle, asking(question("pair", round_kind::live, 1, 0))};
  EXPECT_EQ(ask<atom::done>(handle, atom::fence_v), atom::done_v);
  advance(std::chrono::hours(24));
  EXPECT_FALSE(asked.answered());
}

TEST_F(miner, a_crasher_fails_with_the_question) {
  const auto handle = raise("crasher");
  EXPECT_EQ(ask<atom::done>(handle, atom::fence_v), atom::done_v);
  (void)ask_error<miner_answer>(handle, asking(question("pair", round_kind::live, 1, 0)));
  (void)ask_error<atom::done>(handle, atom::fence_v);
}

TEST_F(miner, a_refused_proposal_changes_nothing) {
  const auto handle = raise("narrow");
  const auto query = question("pair", round_kind::evaluation, 1, 0);
  const auto before = ask<miner_answer>(handle, asking(query));
  caf::anon_send(handle, notice_of(proposal_refused{query.round, 1, "too wide"}));
  settle();
  EXPECT_EQ(ask<miner_answer>(handle, asking(query)), before);
}

TEST_F(miner, a_question_that_is_text_is_read_first) {
  const auto handle = raise("narrow");
  const auto whole = asking(question("pair", round_kind::evaluation, 1, 0));
  const miner_question text{whole.mechanism, miner_body{whole.body.text()}, whole.deadline_ms};
  EXPECT_EQ(ask<miner_answer>(handle, text), ask<miner_answer>(handle, whole));
  const miner_question broken{whole.mechanism, miner_body{"{}"}, 1};
  EXPECT_EQ(sentence(ask_error<miner_answer>(handle, broken)),
            "question: body.job: expected a value, got nothing");
}

TEST_F(miner, a_question_of_another_mechanism_is_an_error) {
  const auto handle = raise("narrow");
  EXPECT_EQ(sentence(ask_error<miner_answer>(handle, miner_question{"trading", {}, 1})),
            "this miner plays liquidity, not trading");
}

TEST(local_miners, are_the_configured_ones_with_their_strategy_as_label) {
  const auto all = local_miners({{{7}, {"seven"}, "wide:width=0.1"}});
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].uid, miner_uid{7});
  EXPECT_EQ(all[0].key, hotkey{"seven"});
  EXPECT_EQ(all[0].label, "wide:width=0.1");
}

TEST(local_miners, name_the_strategy_that_nobody_knows) {
  try {
    (void)local_miners({{{1}, {"one"}, "wise"}});
    FAIL() << "there is no such strategy";
  } catch (const std::runtime_error& e) {
    EXPECT_NE(std::string{e.what()}.find("wise"), std::string::npos) << e.what();
  }
}

} // namespace
} // namespace sluice::test
