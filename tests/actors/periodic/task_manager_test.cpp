#include "actors/events/event_manager.hpp"
#include "actors/periodic/task_manager.hpp"
#include "rules/periodic/events.hpp"
#include "tests/support/actor_test.hpp"

#include <deque>

namespace sluice::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// What an owner was asked, and what it does about it.
struct task_work {
  std::vector<run_task> asked;
  std::deque<held_promise<atom::done>> held;
  bool holds = false;
  bool fails = false;
};

class task_manager_test : public actor_test {
protected:
  task_manager_test() {
    events = keep(spawn_event_manager(sys, {.unix_ms = [this] { return unix_ms(); }}));
    manager = keep(spawn_task_manager(
      sys, {[this] { return unix_ms(); }, [] { return uint64_t{1} << 63; }}, events));
  }

  uint64_t unix_ms() const {
    return 1'700'000'000'000
           + static_cast<uint64_t>(
             std::chrono::duration_cast<milliseconds>(sched.clock().now() - began).count());
  }

  task_owner_actor owner(const std::shared_ptr<task_work>& work) {
    return keep<task_owner_actor>(
      sys.spawn([work](task_owner_actor::pointer self) -> task_owner_actor::behavior_type {
        self->set_error_handler([](caf::error&) {});
        return {[self, work](const run_task& x) -> caf::result<atom::done> {
          work->asked.push_back(x);
          if (work->fails)
            return caf::make_error(ec::unreachable, "nobody there");
          if (!work->holds)
            return atom::done_v;
          work->held.emplace_back(self);
          return work->held.back().promise();
        }};
      }));
  }

  static periodic_terms every_minute() {
    periodic_terms x;
    x.initial_delay_ms = 1000;
    return x;
  }

  uint64_t
  add(const std::string& name, const task_owner_actor& who, periodic_terms terms = every_minute()) {
    return ask<uint64_t>(manager, add_task{name, terms, who});
  }

  task_view order(task_order what, const std::string& task) {
    return ask<task_view>(manager, task_command{what, task});
  }
  fault refusal(task_order what, const std::string& task) {
    return to_fault(ask_error<task_view>(manager, task_command{what, task}));
  }
  task_view look(const std::string& task = "games") { return order(task_order::look, task); }

  void answer(task_work& work) {
    auto next = std::move(work.held.front());
    work.held.pop_front();
    next.deliver(atom::done_v);
    settle();
  }

  std::vector<std::string> events_of(const std::string& type) {
    std::vector<std::string> all;
    for (const auto& x : ask<event_list>(events, event_query{type, 0, 1000}).events)
      all.push_back(x.data.json());
    return all;
  }

  const caf::actor_clock::time_point began = sched.clock().now();
  event_manager_actor events;
  task_manager_actor manager;
  std::shared_ptr<task_work> work = std::make_shared<task_work>();
};

TEST_F(task_manager_test, asks_the_owner_after_the_initial_delay_and_every_interval) {
  EXPECT_EQ(add("games", owner(work)), 1U);
  EXPECT_EQ(look().state, "waiting");
  EXPECT_EQ(look().next_in_ms, 1000U);
  advance(milliseconds{999});
  EXPECT_TRUE(work->asked.empty());
  advance(milliseconds{1});
  ASSERT_EQ(work->asked.size(), 1U);
  EXPECT_EQ(work->asked[0], (run_task{"games", 1, 1}));
  advance(seconds{180});
  EXPECT_EQ(work->asked.size(), 4U);
  const auto all = ask<task_list>(manager, atom::view_v);
  EXPECT_EQ(all.total_runs, 4U);
  EXPECT_EQ(all.success_rate, 1);
  EXPECT_EQ(all.uptime_s, 181);
  EXPECT_EQ(look("1").runs, 4U); // by its id
  EXPECT_EQ(look().last_run_ms, 1'700'000'181'000U);
}

TEST_F(task_manager_test, retries_after_1_2_4_seconds_and_then_in_the_next_period) {
  work->fails = true;
  add("games", owner(work));
  advance(seconds{1});
  for (const auto& [pause, asked] : std::vector<std::pair<int, size_t>>{{1, 2}, {2, 3}, {4, 4}}) {
    EXPECT_EQ(look().state, "retrying");
    advance(seconds{pause} - milliseconds{1});
    EXPECT_EQ(work->asked.size(), asked - 1);
    advance(milliseconds{1});
    EXPECT_EQ(work->asked.size(), asked);
  }
  EXPECT_EQ(look().state, "waiting");
  EXPECT_EQ(look().last_error, "nobody there");
  EXPECT_EQ(look().consecutive_failures, 1U);
  advance(seconds{52});
  EXPECT_EQ(work->asked.size(), 4U);
  advance(seconds{1});
  EXPECT_EQ(work->asked.back(), (run_task{"games", 2, 1}));
  EXPECT_EQ(events_of("task_failed").size(), 5U);
  EXPECT_NE(events_of("task_failed")[0].find(R"("error":"nobody there","retry_in":1,)"),
            std::string::npos);
}

TEST_F(task_manager_test, never_runs_a_task_twice_at_a_time_and_a_slow_one_delays_no_other) {
  work->holds = true;
  const auto quick = std::make_shared<task_work>();
  add("games", owner(work));
  add("other", owner(quick));
  advance(seconds{601});
  EXPECT_EQ(work->asked.size(), 1U);
  EXPECT_EQ(quick->asked.size(), 11U);
  EXPECT_EQ(look().state, "running");
  EXPECT_EQ(refusal(task_order::run, "games").code, ec::busy);
  answer(*work);
  EXPECT_EQ(look().next_in_ms, 100U); // runs that were missed are not made up for
  EXPECT_EQ(look().last_duration_s, 600);
}

TEST_F(task_manager_test, pauses_resumes_runs_and_removes) {
  add("games", owner(work));
  EXPECT_EQ(order(task_order::pause, "games").state, "paused");
  EXPECT_EQ(refusal(task_order::pause, "games").what, "task games is paused already");
  advance(seconds{300});
  EXPECT_TRUE(work->asked.empty());
  order(task_order::run, "games");
  settle();
  EXPECT_EQ(work->asked.size(), 1U);
  EXPECT_EQ(look().state, "paused");
  order(task_order::resume, "games");
  advance(seconds{60});
  EXPECT_EQ(work->asked.size(), 2U);
  EXPECT_EQ(order(task_order::remove, "games").runs, 2U);
  const auto why = refusal(task_order::look, "games");
  EXPECT_EQ(why.code, ec::no_such_key);
  EXPECT_EQ(why.what, "no task games; there is none");
  advance(seconds{600});
  EXPECT_EQ(work->asked.size(), 2U);
  EXPECT_EQ(ask<task_list>(manager, atom::view_v).total_runs, 2U);
}

TEST_F(task_manager_test, runs_with_a_limit_on_time) {
  work->holds = true;
  add("games", owner(work));
  question<task_view> in_time{sys, manager, run_with_timeout{"games", 500}};
  settle();
  ASSERT_EQ(work->asked.size(), 1U);
  advance(milliseconds{499});
  EXPECT_FALSE(in_time.answered());
  answer(*work);
  ASSERT_TRUE(in_time.answered());
  EXPECT_EQ(in_time.look()->successes, 1U);

  question<task_view> late{sys, manager, run_with_timeout{"games", 500}};
  advance(milliseconds{500});
  ASSERT_TRUE(late.answered());
  EXPECT_EQ(to_fault(late.look().error()).code, ec::timeout);
  EXPECT_EQ(to_fault(late.look().error()).what, "task games: it took longer than 500 ms");
  advance(seconds{300});
  EXPECT_EQ(work->asked.size(), 2U); // the owner has not answered: nothing begins
  answer(*work);
  EXPECT_EQ(work->asked.size(), 3U);
  EXPECT_EQ(look().timeouts, 1U);
}

TEST_F(task_manager_test, an_owner_that_comes_back_goes_on_with_the_statistics) {
  const auto first = owner(work);
  add("games", first);
  advance(seconds{1});
  kill(first);
  EXPECT_EQ(look().state, "ownerless");
  EXPECT_EQ(refusal(task_order::run, "games").code, ec::refused);
  advance(seconds{200});
  EXPECT_EQ(work->asked.size(), 1U);
  EXPECT_EQ(add("games", owner(work)), 1U); // the same task
  EXPECT_EQ(look().runs, 1U);
  advance(seconds{1});
  EXPECT_EQ(work->asked.size(), 2U);
}

TEST_F(task_manager_test, an_owner_that_ends_while_it_works_has_failed) {
  work->holds = true;
  const auto first = owner(work);
  add("games", first);
  question<task_view> asked{sys, manager, run_with_timeout{"games", 500}};
  settle();
  kill(first);
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(to_fault(asked.look().error()).code, ec::refused);
  EXPECT_EQ(look().failures, 1U);
  EXPECT_EQ(look().state, "ownerless");
}

TEST_F(task_manager_test, publishes_what_it_does) {
  add("games", owner(work));
  advance(seconds{1});
  ASSERT_EQ(events_of("task_started").size(), 1U);
  EXPECT_EQ(events_of("task_started")[0],
            R"({"name":"games","task_id":1,"run":1,"attempt":1,"timestamp":1700000001})");
  ASSERT_EQ(events_of("task_completed").size(), 1U);
  EXPECT_EQ(events_of("task_completed")[0], R"({"name":"games","task_id":1,"run":1,"attempt":1,)"
                                            R"("duration":0,"timestamp":1700000001})");
}

TEST_F(task_manager_test, refuses_what_is_no_task) {
  const auto why = [&](const std::string& name, auto change) {
    auto terms = every_minute();
    change(terms);
    return to_fault(ask_error<uint64_t>(manager, add_task{name, terms, owner(work)}));
  };
  EXPECT_EQ(why("Games", [](auto&) {}).code, ec::bad_input);
  EXPECT_EQ(why("games", [](auto& x) { x.interval_ms = 1; }).what,
            "task games: interval_ms: expected 100 to 604800000, got 1");
  EXPECT_EQ(to_fault(ask_error<uint64_t>(manager, add_task{"games", every_minute(), {}})).what,
            "task games: expected an owner, got none");
  for (size_t i = 0; i < periodic_limits::tasks_max; ++i)
    add("t" + std::to_string(i), owner(work));
  EXPECT_EQ(why("one-more", [](auto&) {}).code, ec::out_of_range);
}

} // namespace
} // namespace sluice::test
