// The vault in live rounds.
#include "rules/liquidity/score.hpp"
#include "sim/evaluate/baseline.hpp"
#include "tests/support/round_world.hpp"

namespace sluice::test {
namespace {

class live_round : public round_test {};

TEST_F(live_round, an_evaluation_does_not_touch_the_vault) {
  std::vector<execution_order> orders;
  links.executor = executor(execution_status::mined, &orders);
  join(1, "wide");
  const auto done = play(config());
  EXPECT_TRUE(orders.empty());
  EXPECT_EQ(done.vault, std::nullopt);
  EXPECT_EQ(done.executions + done.executions_failed, 0U);
}

TEST_F(live_round, a_live_plan_is_what_was_mined) {
  std::vector<execution_order> orders;
  links.executor = executor(execution_status::mined, &orders);
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) { return accept(around(q.tick)); }));
  const auto done = play(config(round_kind::live));
  const auto& what = done.predictions[0].what;
  ASSERT_EQ(orders.size(), done.executions);
  ASSERT_GE(orders.size(), 1U);
  EXPECT_EQ(orders[0].block, 19U);
  EXPECT_EQ(orders[0].miner, miner_uid{1});
  EXPECT_EQ(orders[0].so_far.opening, orders[0].asked); // the order contains itself
  EXPECT_EQ(what.opening, orders[0].asked);
  EXPECT_EQ(what.rebalances.size(), orders.size() - 1);
  EXPECT_EQ(done.vault, done.predictions[0].outcome);
  EXPECT_EQ(done.executions_failed, 0U);
}

TEST_F(live_round, a_live_answer_that_changes_nothing_is_no_order) {
  std::vector<execution_order> orders;
  links.executor = executor(execution_status::mined, &orders);
  join(1, "hold"); // of an empty vault
  EXPECT_EQ(play(config(round_kind::live)).executions, 0U);
  EXPECT_TRUE(orders.empty());
}

TEST_F(live_round, what_a_plan_itself_cannot_execute_is_no_fault_of_the_chain) {
  std::vector<execution_order> orders;
  links.executor = executor(execution_status::failed, &orders);
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) { return accept(around(q.tick)); }));
  const auto done = play(config(round_kind::live));
  EXPECT_EQ(orders.size(), 3U);
  EXPECT_EQ(done.executions_failed, 0U);
  EXPECT_EQ(done.results[0].verdict, miner_verdict::scored); // on what the vault earned
  EXPECT_TRUE(done.results[0].entered);
}

TEST_F(live_round, a_failed_execution_is_never_part_of_the_plan) {
  std::vector<execution_order> orders;
  links.executor = executor(execution_status::failed, &orders, true);
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) { return accept(around(q.tick)); }));
  const auto done = play(config(round_kind::live));
  EXPECT_EQ(orders.size(), 3U);
  EXPECT_EQ(done.executions, 0U);
  EXPECT_EQ(done.executions_failed, 3U);
  const auto& record = done.predictions[0];
  EXPECT_EQ(record.what.opening, std::nullopt);
  EXPECT_TRUE(record.what.rebalances.empty());
  EXPECT_EQ(record.note, "execution failed: price moved too far");
  for (const auto& q : book.asked)
    EXPECT_TRUE(q.current_positions.empty()); // it sees what is, not what it asked for
  ASSERT_TRUE(done.vault);
  EXPECT_EQ(done.vault->end.free, job.start);
}

TEST_F(live_round, a_live_round_reports_what_the_vault_has_even_when_its_miner_left) {
  std::vector<execution_order> orders;
  links.executor = executor(execution_status::mined, &orders);
  diary book;
  join(1, writer(book, [this](const rebalance_query& q) {
         auto reply = accept(around(q.tick));
         reply.accepted = q.block_number == 19;
         return reply;
       }));
  const auto done = play(config(round_kind::live));
  EXPECT_EQ(done.results[0].verdict, miner_verdict::scored); // the vault's score is its own
  EXPECT_EQ(done.results[0].entered, score(done.vault->metrics, job.scoring));
  EXPECT_EQ(done.winner, miner_uid{1});
  ASSERT_TRUE(done.vault);
  EXPECT_EQ(done.vault->end.positions.size(), 1U); // its opening stands
}

TEST_F(live_round, a_refused_live_opening_passes_to_the_next) {
  std::vector<execution_order> orders;
  links.executor = executor(execution_status::mined, &orders);
  job.fallback = live_fallback::next;
  join(3, "refuser");
  join(1, "refuser");
  join(2, "wide");
  join(4, "wide");
  const auto done = play(config(round_kind::live));
  ASSERT_EQ(done.results.size(), 3U); // the fourth is not needed
  EXPECT_EQ(done.winner, miner_uid{2});
  EXPECT_EQ(done.results[1].verdict, miner_verdict::scored);
  ASSERT_TRUE(done.vault);
  EXPECT_EQ(done.results[1].entered, score(done.vault->metrics, job.scoring));
  for (const size_t refuser : {0, 2}) {
    EXPECT_EQ(done.results[refuser].verdict, miner_verdict::refused);
    EXPECT_EQ(done.results[refuser].entered, std::min(0.0, *done.results[1].entered));
  }
}

TEST_F(live_round, a_live_round_that_everybody_refuses_costs_what_the_untouched_vault_lost) {
  for (const auto fallback : {live_fallback::skip, live_fallback::next}) {
    SCOPED_TRACE(static_cast<int>(fallback));
    links.miners.clear();
    job.fallback = fallback;
    join(1, "refuser");
    join(2, fallback == live_fallback::next ? "refuser" : "wide");
    const auto done = play(config(round_kind::live));
    ASSERT_EQ(done.results.size(), fallback == live_fallback::next ? 2U : 1U);
    EXPECT_EQ(done.vault, std::nullopt);
    EXPECT_EQ(done.winner, std::nullopt);
    const auto kept = evaluate(*until(29), {job.start, job.start_positions, {}, {}, false},
                               job.model, job.positions_max, round_options(job));
    EXPECT_EQ(done.results[0].entered, std::min(0.0, score(kept->metrics, job.scoring)));
  }
}

} // namespace
} // namespace sluice::test
