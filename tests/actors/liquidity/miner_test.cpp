#include "actors/liquidity/miner.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/support/actor_test.hpp"

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

TEST_F(miner, answers_what_its_strategy_says) {
  for (const auto* what : {"hold", "wide", "narrow", "volatility", "refuser", "garbage"}) {
    SCOPED_TRACE(what);
    const auto way = raise(what);
    strategy_memory memory;
    for (uint64_t block : {100, 200, 300}) {
      const auto query = question("pair", round_kind::evaluation, block, int32_t(block));
      EXPECT_EQ(ask<rebalance_reply>(way, query),
                propose(*parse_strategy(what), query, memory).reply);
    }
  }
}

TEST_F(miner, remembers_every_job_and_kind_of_round_apart) {
  const auto what = "volatility:floor=0.0001";
  const auto way = raise(what);
  std::map<std::pair<std::string, round_kind>, strategy_memory> memories;
  int32_t tick = 0;
  for (uint64_t block : {100, 200, 300, 400})
    for (const auto* job : {"a", "b"})
      for (auto kind : {round_kind::evaluation, round_kind::live}) {
        SCOPED_TRACE(testing::Message() << job << ' ' << to_string(kind) << " at " << block);
        tick += kind == round_kind::live ? 500 : -130; // markets that have nothing in common
        const auto query = question(job, kind, block, tick);
        EXPECT_EQ(ask<rebalance_reply>(way, query),
                  propose(*parse_strategy(what), query, memories[{job, kind}]).reply);
      }
}

TEST_F(miner, a_silent_one_passes_the_fence_without_an_answer) {
  const auto way = raise("silent");
  test::question<rebalance_reply> asked{sys, way, question("pair", round_kind::live, 1, 0)};
  EXPECT_EQ(ask<atom::done>(way, atom::fence_v), atom::done_v);
  advance(std::chrono::hours(24));
  EXPECT_FALSE(asked.answered());
}

TEST_F(miner, a_crasher_falls_with_the_question) {
  const auto way = raise("crasher");
  EXPECT_EQ(ask<atom::done>(way, atom::fence_v), atom::done_v);
  (void)ask_error<rebalance_reply>(way, question("pair", round_kind::live, 1, 0));
  (void)ask_error<atom::done>(way, atom::fence_v);
}

TEST_F(miner, a_refused_proposal_changes_nothing) {
  const auto way = raise("narrow");
  const auto query = question("pair", round_kind::evaluation, 1, 0);
  const auto before = ask<rebalance_reply>(way, query);
  caf::anon_send(way, proposal_refused{query.round, 1, "too wide"});
  settle();
  EXPECT_EQ(ask<rebalance_reply>(way, query), before);
}

} // namespace
} // namespace sluice::test
