#include "rules/liquidity/job_order.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

job_config named(const std::string& id, bool active = true) {
  job_config job;
  job.id = {id};
  job.active = active;
  return job;
}

/// Gives commands and remembers the orders, as the liquidity actor does.
struct book {
  std::vector<job_config> configured{named("a"), named("b"), named("idle", false)};
  std::map<job_id, job_order> orders;

  std::string
  give(const std::string& id, job_act act, uint64_t step, std::optional<job_config> added = {}) {
    auto next = order_after({{id}, act, std::move(added), "ann", 7}, configured, orders, step);
    if (!next)
      return next.error().what;
    EXPECT_EQ(next->who, "ann");
    EXPECT_EQ(next->time_ms, 7U);
    orders[{id}] = *std::move(next);
    return "done";
  }

  std::map<job_id, current_job> jobs() const { return current_jobs(configured, orders); }
};

TEST(job_orders, without_an_order_the_active_jobs_play) {
  const auto jobs = book{}.jobs();
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(jobs.at({"a"}), (current_job{named("a"), false, 0}));
  EXPECT_EQ(jobs.at({"b"}), (current_job{named("b"), false, 0}));
}

TEST(job_orders, a_paused_job_misses_the_steps_that_are_played_without_it) {
  book x;
  EXPECT_EQ(x.give("a", job_act::pause, 4), "done");
  EXPECT_TRUE(x.jobs().at({"a"}).paused);
  EXPECT_EQ(x.give("a", job_act::resume, 9), "done");
  EXPECT_EQ(x.jobs().at({"a"}), (current_job{named("a"), false, 5}));
  EXPECT_EQ(x.give("a", job_act::pause, 11), "done");
  EXPECT_EQ(x.give("a", job_act::resume, 11), "done"); // in the same step
  EXPECT_EQ(x.jobs().at({"a"}).steps_missed, 5U);
  EXPECT_EQ(x.give("a", job_act::pause, 12), "done");
  EXPECT_EQ(x.give("a", job_act::resume, 13), "done");
  EXPECT_EQ(x.jobs().at({"a"}).steps_missed, 6U);
}

TEST(job_orders, an_added_job_begins_with_the_next_step) {
  book x;
  EXPECT_EQ(x.give("new", job_act::add, 30, named("new")), "done");
  EXPECT_EQ(x.jobs().at({"new"}), (current_job{named("new"), false, 30}));
}

TEST(job_orders, a_job_that_the_configuration_switched_off_can_be_resumed) {
  book x;
  EXPECT_EQ(x.give("idle", job_act::resume, 8), "done");
  EXPECT_EQ(x.jobs().at({"idle"}), (current_job{named("idle"), false, 8}));
}

TEST(job_orders, a_removed_job_is_gone_until_it_is_added_again) {
  book x;
  EXPECT_EQ(x.give("b", job_act::remove, 5), "done");
  EXPECT_FALSE(x.jobs().contains({"b"}));
  EXPECT_EQ(x.give("b", job_act::resume, 6), "job b is not played here; there are a");
  EXPECT_EQ(x.give("b", job_act::add, 8, named("b")), "done");
  EXPECT_EQ(x.jobs().at({"b"}).steps_missed, 3U);
  EXPECT_EQ(x.give("a", job_act::pause, 10), "done");
  EXPECT_EQ(x.give("a", job_act::remove, 14), "done"); // it stood at 10 already
  EXPECT_EQ(x.give("a", job_act::add, 15, named("a")), "done");
  EXPECT_EQ(x.jobs().at({"a"}).steps_missed, 5U);
}

TEST(job_orders, a_job_that_failed_can_be_resumed_and_misses_nothing) {
  const book x;
  const job_command resume{{"a"}, job_act::resume, {}, "ann", 7};
  EXPECT_FALSE(order_after(resume, x.configured, x.orders, 9));
  const auto next = order_after(resume, x.configured, x.orders, 9, true);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->what, job_order_kind::run);
  EXPECT_EQ(next->steps_missed, 0U);
  const auto add
    = order_after({{"a"}, job_act::add, named("a"), "ann", 7}, x.configured, x.orders, 9, true);
  ASSERT_FALSE(add);
  EXPECT_EQ(add.error().what, "job a is here already and has failed; resume or remove it");
}

TEST(job_orders, of_a_job_that_left_the_configuration_count_for_nothing) {
  book x;
  EXPECT_EQ(x.give("a", job_act::pause, 4), "done");
  x.configured.erase(x.configured.begin());
  EXPECT_FALSE(x.jobs().contains({"a"}));
}

TEST(job_orders, that_cannot_be_state_why) {
  book x;
  EXPECT_EQ(x.give("c", job_act::pause, 1), "job c is not played here; there are a, b");
  EXPECT_EQ(x.give("a", job_act::resume, 1), "job a is not paused");
  EXPECT_EQ(x.give("a", job_act::add, 1, named("a")),
            "job a is here already; pause, resume or remove it");
  EXPECT_EQ(x.give("idle", job_act::pause, 1), "job idle is paused already");
  EXPECT_EQ(x.give("n", job_act::add, 1), "job n: expected its configuration");
  EXPECT_EQ(x.give("n", job_act::add, 1, named("m")), "job n: expected its configuration");
  for (int i = 0; i < 62; ++i)
    EXPECT_EQ(x.give("n" + std::to_string(i), job_act::add, 1, named("n" + std::to_string(i))),
              "done");
  EXPECT_EQ(x.give("z", job_act::add, 1, named("z")), "job z is one too many: at most 64");
}

} // namespace
} // namespace sluice
