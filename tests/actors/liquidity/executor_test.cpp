#include "actors/liquidity/executor.hpp"
#include "tests/support/job_world.hpp"

#include <deque>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

/// A storage writer whose disk is slow: writes on request.
class slow_storage_writer {
public:
  explicit slow_storage_writer(std::shared_ptr<storage::data_dir> disk) : disk_(std::move(disk)) {}

  storage_writer_actor::behavior_type behavior(storage_writer_actor::pointer self) {
    const auto take = [this, self](const storage::batch& writes) {
      waiting.emplace_back(writes, held_promise<atom::done>{self});
      return waiting.back().second.promise();
    };
    return {take,
            [take](const incarnation_batch& x) {
              EXPECT_EQ(x.writer, "job pair");
              EXPECT_EQ(x.incarnation, 3U);
              return take(x.writes);
            },
            [](atom::fence, const std::string&) -> uint64_t { return 3; }, [](atom::flush) {}};
  }

  void write_one() {
    auto [writes, promise] = std::move(waiting.front());
    waiting.pop_front();
    ASSERT_TRUE(disk_->commit(writes));
    promise.deliver(atom::done_v);
  }

  void fail_one() {
    waiting.front().second.deliver(caf::make_error(ec::storage_full, std::string{"full"}));
    waiting.pop_front();
  }

  std::deque<std::pair<storage::batch, held_promise<atom::done>>> waiting;

private:
  std::shared_ptr<storage::data_dir> disk_;
};

const execution_key key{{"pair"}, {2}, 24};

class executor : public actor_test {
protected:
  executor() {
    disk = open_disk();
    storage_writer = std::make_unique<slow_storage_writer>(disk);
    auto handle = keep(
      sys.spawn([this](storage_writer_actor::pointer self) -> storage_writer_actor::behavior_type {
        return storage_writer->behavior(self);
      }));
    whom = keep(spawn_paper_executor(sys, {disk, handle, "job pair", 3}));
    order = good_order();
  }

  /// The whole inventory into one range around the price, in the middle of a round.
  static execution_order good_order() {
    const auto job = small_job();
    execution_order x;
    x.round = {job.id, round_kind::live, {2}};
    x.miner = {4};
    x.block = 24;
    x.market = market_of(job, 20, 24);
    const auto tick = x.market->blocks.back()->tick / 10 * 10;
    x.asked = {{tick - 1000, tick + 1000, job.start.amount0, job.start.amount1, {}}};
    x.so_far.start = job.start;
    x.so_far.rebalances = {{24, x.asked}};
    x.positions_max = 10;
    return x;
  }

  std::optional<live_execution> stored() { return *tables::live_executions.find(*disk, key); }

  /// The answer when the disk is as quick as it should be.
  live_execution take(const execution_order& what) {
    question<live_execution> asked{sys, whom, what};
    settle();
    while (!storage_writer->waiting.empty()) {
      storage_writer->write_one();
      settle();
    }
    EXPECT_TRUE(asked.answered());
    return asked.look() ? *asked.look() : live_execution{};
  }

  std::shared_ptr<storage::data_dir> disk;
  std::unique_ptr<slow_storage_writer> storage_writer;
  executor_actor whom;
  execution_order order;
};

TEST_F(executor, the_intent_is_durable_before_and_the_result_before_the_answer) {
  question<live_execution> asked{sys, whom, order};
  settle();
  ASSERT_EQ(storage_writer->waiting.size(), 1U);
  EXPECT_EQ(stored(), std::nullopt);
  storage_writer->write_one();
  ASSERT_TRUE(stored());
  EXPECT_EQ(stored()->status, execution_status::pending);
  EXPECT_EQ(stored()->asked, order.asked);
  EXPECT_TRUE(stored()->transactions.empty());
  settle();
  EXPECT_FALSE(asked.answered());
  ASSERT_EQ(storage_writer->waiting.size(), 1U);
  storage_writer->write_one();
  EXPECT_EQ(stored()->status, execution_status::mined);
  settle();
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(*asked.look(), *stored());
  EXPECT_TRUE(storage_writer->waiting.empty());
}

TEST_F(executor, reports_what_the_vault_has_afterwards) {
  const auto done = take(order);
  EXPECT_EQ(done.status, execution_status::mined);
  EXPECT_EQ(done.id, "pair/live/2@24");
  EXPECT_EQ(done.uid, miner_uid{4});
  EXPECT_EQ(done.block, 24U);
  EXPECT_EQ(done.error, "");
  ASSERT_EQ(done.transactions.size(), 1U);
  EXPECT_EQ(done.transactions[0].size(), 66U); // 0x and 32 bytes
  const auto direct = evaluate(*order.market, order.so_far, order.model, 10);
  ASSERT_TRUE(direct);
  EXPECT_EQ(done.achieved, direct->end.positions);
  EXPECT_EQ(done.after, direct->end.free);
  ASSERT_EQ(done.achieved.size(), 1U);
  EXPECT_EQ(done.achieved[0].tick_lower, order.asked[0].tick_lower);
  EXPECT_GT(done.achieved[0].liquidity, u128{0});
}

TEST_F(executor, asked_twice_it_answers_what_was_done_the_first_time) {
  const auto first = take(order);
  auto other = order;
  other.asked[0].tick_upper += 100;
  other.so_far.rebalances[0].desired_positions = other.asked;
  question<live_execution> again{sys, whom, other};
  settle();
  ASSERT_TRUE(again.answered());
  EXPECT_EQ(*again.look(), first);
  EXPECT_TRUE(storage_writer->waiting.empty()); // nothing is written a second time
  EXPECT_EQ(*stored(), first);
}

TEST_F(executor, another_block_is_another_order) {
  const auto first = take(order);
  auto later = order;
  later.block = 29;
  later.market = market_of(small_job(), 20, 29);
  later.asked[0].tick_upper += 100;
  later.so_far.rebalances.push_back({29, later.asked});
  const auto second = take(later);
  EXPECT_EQ(second.status, execution_status::mined);
  EXPECT_NE(second.transactions, first.transactions);
  EXPECT_EQ(*stored(), first);
}

TEST_F(executor, what_an_earlier_incarnation_left_pending_is_finished_once) {
  live_execution left;
  left.id = "pair/live/2@24";
  left.round = order.round;
  left.uid = order.miner;
  left.block = 24;
  left.asked = order.asked;
  storage::batch writes;
  tables::live_executions.put(writes, key, left);
  ASSERT_TRUE(disk->commit(writes));
  const auto done = take(order);
  EXPECT_EQ(done.status, execution_status::mined);
  EXPECT_EQ(*stored(), done);
  EXPECT_EQ(take(order), done);
}

TEST_F(executor, an_order_that_cannot_be_executed_fails_and_stays_failed) {
  auto bad = order;
  bad.so_far.rebalances = {{24, order.asked}, {22, order.asked}}; // out of order
  const auto done = take(bad);
  EXPECT_EQ(done.status, execution_status::failed);
  EXPECT_NE(done.error, "");
  EXPECT_TRUE(done.achieved.empty());
  EXPECT_EQ(take(order), done); // a second try would be a second order
}

TEST_F(executor, an_order_that_changes_nothing_is_no_execution) {
  auto nothing_to_do = order;
  nothing_to_do.asked.clear();
  nothing_to_do.so_far.rebalances = {{24, {}}}; // the vault holds no position
  const auto done = take(nothing_to_do);
  EXPECT_EQ(done.status, execution_status::failed);
  EXPECT_NE(done.error, "");
}

TEST_F(executor, a_disk_that_refuses_is_reported_and_nothing_was_executed) {
  question<live_execution> asked{sys, whom, order};
  settle();
  storage_writer->fail_one();
  settle();
  ASSERT_TRUE(asked.answered());
  ASSERT_FALSE(asked.look());
  EXPECT_EQ(to_fault(asked.look().error()).code, ec::storage_full);
  EXPECT_EQ(stored(), std::nullopt);
}

} // namespace
} // namespace sluice::test
