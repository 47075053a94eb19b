#include "actors/liquidity/work/simulators.hpp"
#include "actors/liquidity/work/worker.hpp"
#include "tests/support/far_worker.hpp"
#include "tests/support/job_world.hpp"

namespace sluice::test {
namespace {

/// A pool whose own simulator is busy elsewhere, so that what is tested is what the worker does.
class far_workers : public actor_test {
protected:
  const job_config job = small_job();
  const std::shared_ptr<const window> market = market_of(job, 100, 130);

  static std::vector<plan> plans_of(const window& seen, const inventory& start, size_t count) {
    std::vector<plan> plans;
    for (size_t i = 0; i < count; ++i) {
      plan what{start, {}, {}, {}};
      const auto tick = seen.start.tick / 10 * 10;
      const auto width = static_cast<int32_t>(10 * (i + 1));
      what.opening = {{tick - width, tick + width, start.amount0, start.amount1, {}}};
      if (i == 4)
        what.rebalances = {{120, {}}, {110, {}}}; // cannot be played
      plans.push_back(std::move(what));
    }
    return plans;
  }

  simulation work(size_t count, std::shared_ptr<const window> on = nullptr) const {
    auto seen = on ? on : market;
    auto plans = plans_of(*seen, job.start, count);
    return {std::move(seen), std::move(plans), pool_model::replayed, 10};
  }

  static std::vector<result<plan_outcome>> expected(const simulation& x) {
    std::vector<result<plan_outcome>> all;
    for (const auto& one : x.plans)
      all.push_back(evaluate(*x.market, one, x.model, x.positions_max));
    return all;
  }

  static bool equal(const simulation_result& got, const simulation& asked) {
    const auto wanted = expected(asked);
    if (got.outcomes.size() != wanted.size())
      return false;
    for (size_t i = 0; i < wanted.size(); ++i)
      if (bool(got.outcomes[i]) != bool(wanted[i])
          || (wanted[i] ? *got.outcomes[i] != *wanted[i]
                        : got.outcomes[i].error() != wanted[i].error()))
        return false;
    return true;
  }

  /// A pool that only notes who comes.
  simulator_pool_actor nobody() {
    return mock<simulator_pool_actor>(
      [](const simulation&) -> caf::result<simulation_result> { return simulation_result{}; },
      [](const worker_came&) {}, [](const worker_gone&) {}, [](atom::due) {},
      [](atom::roster) -> std::vector<worker_row> { return {}; });
  }

  /// The first `count` blocks of the market, the same records.
  std::shared_ptr<const window> first(size_t count) const {
    auto part = std::make_shared<window>(*market);
    part->blocks.resize(count);
    part->to = part->blocks.back()->block.number;
    return part;
  }
};

TEST_F(far_workers, outcomes_from_far_are_ours_to_the_last_bit) {
  far_worker far{sys, nobody(), 2};
  settle();
  for (const size_t count : {1, 5, 12})
    EXPECT_TRUE(equal(ask<simulation_result>(far.entry, work(count)), work(count))) << count;
  auto bars = std::make_shared<window>(*market); // without a pool
  bars->start_pool = nullptr;
  auto seen = work(4, bars);
  seen.model = pool_model::observed;
  EXPECT_TRUE(equal(ask<simulation_result>(far.entry, seen), seen));
}

TEST_F(far_workers, a_window_that_grows_is_not_sent_again) {
  far_worker far{sys, nobody(), 1};
  settle();
  const auto all = market->blocks.size();
  ask<simulation_result>(far.entry, work(3, first(all - 5)));
  const auto before = far.sent();
  EXPECT_TRUE(equal(ask<simulation_result>(far.entry, work(3, first(all))), work(3, first(all))));
  EXPECT_EQ(far.sent() - before, 2u) << "the new blocks, and the work";
  EXPECT_TRUE(
    equal(ask<simulation_result>(far.entry, work(3, first(all - 9))), work(3, first(all - 9))))
    << "a shorter one has been sent already";
  EXPECT_EQ(far.sent() - before, 3u);
}

TEST_F(far_workers, a_market_that_was_forgotten_is_sent_again_once) {
  far_worker far{sys, nobody(), 1, "far", 1'000'000};
  settle();
  std::vector<std::shared_ptr<const window>> markets;
  for (int i = 0; i < 40; ++i)
    markets.push_back(market_of(small_job("pair", static_cast<uint64_t>(i + 1)), 100, 104));
  for (int again = 0; again < 2; ++again)
    for (const auto& one : markets)
      EXPECT_TRUE(equal(ask<simulation_result>(far.entry, work(1, one)), work(1, one)));
}

TEST_F(far_workers, one_without_space_for_a_market_reports_it) {
  far_worker far{sys, nobody(), 1, "far", 100};
  settle();
  const auto why = ask_error<simulation_result>(far.entry, work(1));
  EXPECT_NE(sentence(why).find("far could not do it"), std::string::npos) << sentence(why);
}

TEST_F(far_workers, a_lost_worker_answers_what_is_open_with_an_error) {
  far_worker far{sys, nobody(), 1};
  settle();
  far.freeze();
  question<simulation_result> asked{sys, far.entry, work(3)};
  settle();
  EXPECT_FALSE(asked.answered());
  far.die();
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_NE(sentence(asked.look().error()).find("connection lost"), std::string::npos);
}

} // namespace
} // namespace sluice::test
