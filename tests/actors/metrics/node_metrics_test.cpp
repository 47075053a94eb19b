#include "actors/liquidity/module.hpp"
#include "actors/metrics/node_metrics.hpp"
#include "actors/observed/actor_stats.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/actor_test.hpp"

#include <algorithm>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class node_metrics_of : public actor_test {
protected:
  std::shared_ptr<storage::data_dir> disk = open_disk();
  std::shared_ptr<actor_slot> root = std::make_shared<actor_slot>("node");
  std::shared_ptr<actor_stats> node = std::make_shared<actor_stats>();

  const mechanism_module* mechanisms[1] = {&liquidity_module()};
  metrics_seen seen;

  void SetUp() override { root->taken(node, {}); }

  std::vector<net::metric> metrics() {
    return node_metrics({root, disk}, mechanisms, "0.1.0", seen);
  }

  std::shared_ptr<actor_stats>
  child(const std::shared_ptr<actor_stats>& owner, const std::string& name, int messages) {
    auto stats = std::make_shared<actor_stats>();
    for (int i = 0; i < messages; ++i)
      stats->handled_one();
    owner->add_slot(name)->taken(stats, {});
    return stats;
  }

  /// The value of a metric; of the point with this label, if it has any.
  double value(const std::string& name, const std::string& label = "") {
    for (const auto& x : metrics())
      if (x.name == name)
        for (const auto& point : x.points)
          if (label.empty() || (!point.labels.empty() && point.labels[0].second == label))
            return point.value;
    ADD_FAILURE() << "no " << name << " of " << label;
    return -1;
  }

  bool there(const std::string& name) {
    const auto all = metrics();
    return std::any_of(all.begin(), all.end(), [&](const auto& x) { return x.name == name; });
  }
};

TEST_F(node_metrics_of, actors_are_counted_under_the_child_of_the_node_that_owns_them) {
  const auto roster = child(node, "roster", 2);
  child(roster, "miner-a", 3);
  child(roster, "miner-b", 4);
  const auto liquidity = child(node, "liquidity", 1);
  const auto job = child(liquidity, "weth-usdc", 10);
  child(job, "pool_feed", 5);
  EXPECT_EQ(value("sluice_actor_messages_total", "node/roster"), 9);
  EXPECT_EQ(value("sluice_actor_messages_total", "node/liquidity"), 1);
  EXPECT_EQ(value("sluice_actor_messages_total", "node/liquidity/weth-usdc"), 15);
}

TEST_F(node_metrics_of, no_counter_decreases_when_rounds_end) {
  const auto liquidity = child(node, "liquidity", 0);
  const auto job = child(liquidity, "weth-usdc", 1);
  double before = 0;
  for (int i = 0; i < 6; ++i) {
    auto slot = job->add_slot("round-evaluation-" + std::to_string(i));
    auto stats = std::make_shared<actor_stats>();
    stats->handled_one();
    slot->taken(stats, {});
    job->leave_slot(slot);
    const auto now = value("sluice_actor_messages_total", "node/liquidity/weth-usdc");
    EXPECT_EQ(now, before == 0 ? 2 : before + 1);
    before = now;
  }
}

TEST_F(node_metrics_of, an_actor_s_own_figures_carry_its_name) {
  const auto gateway = child(node, "miner_gateway", 0);
  gateway->count("refusals", 3);
  gateway->level("sessions", 2);
  const auto job = child(child(node, "liquidity", 0), "weth-usdc", 0);
  job->note("checkpoint", std::chrono::milliseconds{5});
  EXPECT_EQ(value("sluice_miner_gateway_refusals_total"), 3);
  EXPECT_EQ(value("sluice_miner_gateway_sessions"), 2);
  EXPECT_NEAR(value("sluice_job_checkpoint_seconds", "weth-usdc"), 0.005, 1e-9);
}

TEST_F(node_metrics_of, weights_are_as_old_as_the_last_that_the_chain_holds) {
  EXPECT_FALSE(there("sluice_weights_age_epochs")) << "no chain has been seen";
  storage::batch writes;
  const uint64_t now = 9;
  seen.chain = chain_head{(chain_params{}.tempo + 1) * now, {now}};
  const auto publish = [&](uint64_t epoch, publish_status how, const std::string& why) {
    publish_record x;
    x.epoch = epoch_no{epoch};
    x.status = how;
    x.reason = why;
    tables::published.put(writes, x.epoch, x);
  };
  publish(now - 4, publish_status::failed, "the pool is full");
  publish(now - 3, publish_status::confirmed, "");
  publish(now - 2, publish_status::failed, "the pool is full");
  publish(now - 1, publish_status::skipped, "no scores");
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_EQ(value("sluice_weights_age_epochs"), 3);
  EXPECT_EQ(value("sluice_weights_published_total"), 1);
  EXPECT_EQ(value("sluice_weights_skipped_total"), 1);
  EXPECT_EQ(value("sluice_weights_failures_total", "the pool is full"), 2);
}

TEST_F(node_metrics_of, the_disk_is_measured_store_by_store) {
  EXPECT_GT(value("sluice_storage_bytes", std::string{storage::node_store}), 0);
}

TEST_F(node_metrics_of, times_of_messages_are_cumulative_and_complete) {
  auto busy = child(node, "storage_writer", 0);
  for (uint64_t ticks = 1; ticks < (uint64_t{1} << 38); ticks *= 3)
    busy->took(ticks, 1, 1);
  for (const auto& x : metrics())
    for (const auto& point : x.points) {
      uint64_t last = 0;
      for (const auto& [bound, count] : point.at_most) {
        EXPECT_GE(count, last) << x.name << ' ' << bound;
        EXPECT_LE(count, point.count);
        last = count;
      }
    }
}

TEST_F(node_metrics_of, jobs_are_counted_on_the_disk) {
  EXPECT_FALSE(there("sluice_job_rounds_total"));
  storage::batch writes;
  job_record job;
  job.completed = 12;
  job.failed = true;
  tables::jobs.put(writes, {"weth-usdc"}, job);
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_EQ(value("sluice_job_rounds_total", "weth-usdc"), 12);
  EXPECT_EQ(value("sluice_job_failed", "weth-usdc"), 1);
  EXPECT_EQ(value("sluice_job_ended", "weth-usdc"), 0);
}

TEST_F(node_metrics_of, without_its_module_a_mechanism_is_an_actor_like_others) {
  child(child(node, "liquidity", 1), "weth-usdc", 10);
  const auto all = node_metrics({root, disk}, {}, "0.1.0");
  for (const auto& x : all)
    if (x.name == "sluice_actor_messages_total") {
      ASSERT_EQ(x.points.size(), 2u);
      EXPECT_EQ(x.points[1].value, 11);
    }
}

} // namespace
} // namespace sluice::test
