#include "tests/support/jobs_of.hpp"
#include "tests/support/node_world.hpp"

namespace sluice::test {
namespace {

namespace tables = storage::tables;

class node : public node_test {
protected:
  /// Notes a job that has completed so many rounds.
  static void put_job(storage::data_dir& disk, const std::string& name, uint64_t completed,
                      bool ended = false, bool active = true) {
    job_record record;
    record.config.id = {name};
    record.config.active = active;
    record.completed = completed;
    record.ended = ended;
    storage::batch writes;
    tables::jobs.put(writes, record.config.id, record);
    ASSERT_TRUE(disk.commit(writes));
  }
};

TEST_F(node, steps_done_are_those_that_every_job_that_goes_on_has_completed) {
  const auto disk = open_disk();
  EXPECT_EQ(*steps_done(*disk, mechanisms), 0U);
  put_job(*disk, "quick", 7);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 7U);
  put_job(*disk, "slow", 5);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 5U);
  put_job(*disk, "over", 2, true);
  put_job(*disk, "asleep", 1, false, false);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 5U);
}

TEST_F(node, steps_that_were_played_without_a_job_count_for_it) {
  const auto disk = open_disk();
  const auto put_order
    = [&](const std::string& name, job_order_kind what, uint64_t missed, uint64_t stood_at) {
        job_order order;
        order.what = what;
        order.steps_missed = missed;
        order.stood_at = stood_at;
        storage::batch writes;
        tables::job_orders.put(writes, {name}, order);
        ASSERT_TRUE(disk->commit(writes));
      };
  put_job(*disk, "always", 9);
  put_job(*disk, "late", 3);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 3U);
  put_order("late", job_order_kind::run, 6, 0);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 9U);
  put_job(*disk, "removed", 1);
  put_order("removed", job_order_kind::remove, 0, 1);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 9U);
  for (const auto* name : {"always", "late"})
    put_order(name, job_order_kind::pause, 0, 8);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 9U);
}

TEST_F(node, a_run_that_was_cut_off_in_its_first_step_begins_with_it_again) {
  const auto disk = open_disk();
  const auto config = *dev_config(all_mechanisms(), {7, {}});
  ASSERT_GT(config.mechanisms.size(), 1U);
  put_job(*disk, "quick", 1);
  EXPECT_EQ(*steps_done(*disk, mechanisms, &config), 0U) << "the others have done none";
  const auto alone = short_config();
  EXPECT_EQ(*steps_done(*disk, mechanisms, &alone), 1U);
  put_job(*disk, "quick", 7);
  EXPECT_EQ(*steps_done(*disk, mechanisms, &config), 7U) << "the others are new on this folder";
}

TEST_F(node, when_every_job_is_over_the_longest_one_counts) {
  const auto disk = open_disk();
  put_job(*disk, "short", 3, true);
  put_job(*disk, "long", 9, true);
  EXPECT_EQ(*steps_done(*disk, mechanisms), 9U);
}

TEST_F(node, the_chain_begins_with_its_neurons_in_order) {
  auto config = short_config();
  std::reverse(config.neurons.begin(), config.neurons.end());
  const auto chain = genesis_of(config);
  EXPECT_EQ(chain.params, config.chain);
  EXPECT_EQ(chain.block, 1U);
  ASSERT_EQ(chain.neurons.size(), config.neurons.size());
  for (size_t i = 1; i < chain.neurons.size(); ++i)
    EXPECT_LT(chain.neurons[i - 1].uid, chain.neurons[i].uid);
}

TEST_F(node, reports_every_step_and_then_to_its_owner_that_it_is_over) {
  const auto end = run(short_config(), 3, "data", nullptr);
  ASSERT_TRUE(end.last);
  EXPECT_EQ(end.last->code, 0);
  EXPECT_EQ(end.last->why, "");
  EXPECT_EQ(end.last->steps, 3U);
  ASSERT_EQ(end.steps.size(), 3U);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(end.steps[i].number, i + 1);
    EXPECT_EQ(end.steps[i].chain.block, 1 + (i + 1) * short_config().chain_blocks_per_step);
    ASSERT_EQ(end.steps[i].mechanisms.size(), 1U);
    const auto& jobs = jobs_of(end.steps[i].mechanisms[0]);
    ASSERT_EQ(jobs.size(), 2U);
    for (const auto& job : jobs)
      EXPECT_EQ(job.completed, i + 1);
    ASSERT_TRUE(end.steps[i].published);
    EXPECT_EQ(end.steps[i].published->status, publish_status::confirmed);
    EXPECT_EQ(end.steps[i].published->read_back, end.steps[i].published->row);
  }
}

TEST_F(node, weights_do_not_wait_for_the_longest_round) {
  auto config = short_config();
  liquidity_in(config).jobs[1].round_seconds *= 1000;
  const auto end = run(config, 3, "data", nullptr);
  ASSERT_EQ(end.steps.size(), 3U);
  for (const auto& x : end.steps) {
    ASSERT_EQ(jobs_of(x.mechanisms[0]).size(), 1U);
    EXPECT_EQ(jobs_of(x.mechanisms[0])[0].completed, x.number);
    EXPECT_EQ(x.published->status, publish_status::confirmed);
  }
}

TEST_F(node, counts_the_steps_of_this_run_only) {
  EXPECT_EQ(run(short_config(), 2, "data", nullptr).last->steps, 2U);
  const auto end = run(short_config(), 1, "data", nullptr);
  EXPECT_EQ(end.last->steps, 1U);
  ASSERT_EQ(end.steps.size(), 1U);
  EXPECT_EQ(end.steps[0].number, 3U);
}

TEST_F(node, a_storage_writer_that_fails_takes_nobody_out_of_step) {
  bool killed = false;
  size_t wait = 500;
  const auto end = run(short_config(), 3, "data", nullptr, [&](actor_hunt& hunt) {
    if (!killed && wait-- == 0)
      killed = hunt.kill("storage_writer");
  });
  EXPECT_TRUE(killed);
  ASSERT_TRUE(end.last);
  EXPECT_EQ(end.last->code, 0) << end.last->why;
  EXPECT_EQ(*steps_done(*open_disk(), mechanisms), 3U);
}

TEST_F(node, one_whose_children_fail_again_and_again_ends_with_the_reason) {
  const auto end = run(short_config(), 3, "data", nullptr,
                       [](actor_hunt& hunt) { (void)hunt.kill("dev_chain"); });
  EXPECT_FALSE(end.last);
  EXPECT_EQ(end.reason, caf::exit_reason::kill);
}

} // namespace
} // namespace sluice::test
