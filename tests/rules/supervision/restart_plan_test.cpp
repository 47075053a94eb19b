#include "rules/supervision/restart_plan.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sluice {
namespace {

using namespace std::chrono_literals;
using kind = restart_order::kind;

/// "stop 2, wait 0 50ms", to be compared with what is expected.
std::string text(const restart_orders& orders) {
  const char* const names[]
    = {"start ", "stop ", "wait ", "forget ", "abandon ", "escalate ", "leave"};
  std::string all;
  for (const auto& x : orders) {
    all += (all.empty() ? "" : ", ") + std::string{names[static_cast<size_t>(x.what)]};
    if (x.what != kind::leave)
      all += std::to_string(x.number);
    if (x.what == kind::wait && x.pause.count() > 0)
      all += ' ' + std::to_string(x.pause / 1ms) + "ms";
  }
  return all;
}

class restart_plans : public ::testing::Test {
protected:
  restart_plan plan{{}};
  std::chrono::nanoseconds now{1h};

  void
  begin(const restart_terms& terms, size_t count, restart_rule rule = restart_rule::permanent) {
    plan = restart_plan{terms};
    for (size_t i = 0; i < count; ++i)
      EXPECT_EQ(plan.add(rule), i);
  }

  std::string fails(size_t number) { return text(plan.ended(number, true, now)); }
  std::string ends(size_t number) { return text(plan.ended(number, false, now)); }
  std::string waited(size_t wait) { return text(plan.waited(wait)); }
  std::string started(size_t number) { return text(plan.started(number)); }

  /// Fails, is down, and runs again, with everybody who has to come along.
  void fail_and_return(size_t number, size_t wait) {
    EXPECT_EQ(fails(number).substr(0, 4), "wait");
    EXPECT_EQ(waited(wait), "start " + std::to_string(number));
    EXPECT_EQ(started(number), "");
  }
};

constexpr restart_terms rest{.how = strategy_of_restart::rest_for_one};

TEST_F(restart_plans, one_for_one_brings_back_the_failed_one_only) {
  begin({}, 4);
  EXPECT_EQ(fails(1), "wait 0");
  EXPECT_EQ(plan.state_of(1), child_state::waiting);
  EXPECT_EQ(waited(0), "start 1");
  EXPECT_EQ(plan.state_of(1), child_state::starting);
  EXPECT_EQ(started(1), "");
  for (size_t i = 0; i < 4; ++i)
    EXPECT_EQ(plan.state_of(i), child_state::running);
}

TEST_F(restart_plans, rest_for_one_stops_those_behind_one_after_another_and_starts_in_order) {
  begin(rest, 4);
  EXPECT_EQ(fails(1), "stop 3");
  EXPECT_EQ(ends(3), "stop 2");
  EXPECT_EQ(ends(2), "wait 0");
  EXPECT_EQ(waited(0), "start 1");
  EXPECT_EQ(started(1), "start 2");
  EXPECT_EQ(started(2), "start 3");
  EXPECT_EQ(started(3), "");
  EXPECT_EQ(plan.state_of(0), child_state::running);
}

TEST_F(restart_plans, the_failure_of_an_earlier_one_takes_over_a_restart_that_waits) {
  begin(rest, 3);
  EXPECT_EQ(fails(1), "stop 2");
  EXPECT_EQ(ends(2), "wait 0");
  EXPECT_EQ(fails(0), "wait 1");
  EXPECT_EQ(waited(0), "") << "out of date";
  EXPECT_EQ(waited(1), "start 0");
  EXPECT_EQ(started(0), "start 1");
  EXPECT_EQ(fails(0), "") << "while 1 is being started: it ends first";
  EXPECT_EQ(started(1), "stop 1");
  EXPECT_EQ(ends(1), "wait 2 50ms");
  EXPECT_EQ(waited(2), "start 0");
  EXPECT_EQ(started(0), "start 1");
  EXPECT_EQ(started(1), "start 2");
}

TEST_F(restart_plans, who_cannot_be_started_has_failed_and_those_behind_wait_with_it) {
  begin({.how = strategy_of_restart::rest_for_one, .restarts_max = 2}, 3);
  EXPECT_EQ(fails(0), "stop 2");
  EXPECT_EQ(ends(2), "stop 1");
  EXPECT_EQ(ends(1), "wait 0");
  EXPECT_EQ(waited(0), "start 0");
  EXPECT_EQ(started(0), "start 1");
  EXPECT_EQ(fails(1), "wait 1") << "its own first failure";
  EXPECT_EQ(waited(1), "start 1");
  EXPECT_EQ(fails(1), "escalate 1, stop 0") << "the third within the window";
  EXPECT_EQ(ends(0), "leave");
}

TEST_F(restart_plans, rules_state_who_comes_back_from_what) {
  begin({}, 1, restart_rule::permanent);
  EXPECT_EQ(ends(0), "wait 0");
  begin({}, 1, restart_rule::transient);
  EXPECT_EQ(ends(0), "forget 0");
  EXPECT_FALSE(plan.has(0));
  begin({}, 1, restart_rule::transient);
  EXPECT_EQ(fails(0), "wait 0");
  begin({}, 1, restart_rule::temporary);
  EXPECT_EQ(fails(0), "forget 0");
  begin(rest, 1);
  plan.add(restart_rule::temporary);
  plan.add(restart_rule::transient);
  EXPECT_EQ(fails(0), "stop 2");
  EXPECT_EQ(ends(2), "stop 1");
  EXPECT_EQ(ends(1), "forget 1, wait 0");
  EXPECT_EQ(waited(0), "start 0");
  EXPECT_EQ(started(0), "start 2") << "transient ones do, when they were stopped";
}

TEST_F(restart_plans, failures_of_all_children_count_together_towards_the_owners_end) {
  begin({.restarts_max = 3}, 4);
  for (size_t i = 0; i < 3; ++i)
    fail_and_return(i, i);
  EXPECT_EQ(fails(3), "escalate 3, stop 2, stop 1, stop 0");
  EXPECT_TRUE(plan.leaving());
  EXPECT_EQ(ends(1), "");
  EXPECT_EQ(ends(2), "");
  EXPECT_EQ(ends(0), "leave");
}

TEST_F(restart_plans, failures_that_are_a_window_apart_do_not_count_together) {
  begin({.restarts_max = 1, .window = 30s}, 1);
  for (size_t i = 0; i < 5; ++i) {
    fail_and_return(0, i);
    now += 30s + 1ns;
  }
  fail_and_return(0, 5);
  now += 30s;
  EXPECT_EQ(fails(0), "escalate 0, leave");
}

TEST_F(restart_plans, an_abandoned_child_takes_nothing_from_its_siblings) {
  begin({.then = when_exhausted::abandon, .restarts_max = 1}, 3);
  fail_and_return(1, 0);
  EXPECT_EQ(fails(1), "abandon 1");
  EXPECT_EQ(plan.state_of(1), child_state::abandoned);
  fail_and_return(0, 1);
  fail_and_return(2, 2);
  EXPECT_FALSE(plan.leaving());
  EXPECT_EQ(text(plan.remove(1)), "forget 1");
}

TEST_F(restart_plans, the_first_restart_is_at_once_and_the_next_wait_twice_as_long_each) {
  begin({.restarts_max = 10, .pause_max = 150ms}, 2);
  for (const auto* const expected : {"wait 0", "wait 1 50ms", "wait 2 100ms", "wait 3 150ms"}) {
    EXPECT_EQ(fails(0), expected);
    waited(static_cast<size_t>(expected[5] - '0'));
    started(0);
  }
  EXPECT_EQ(fails(1), "wait 4") << "its own first failure";
  begin({.restarts_max = 10}, 1);
  fail_and_return(0, 0);
  EXPECT_EQ(text(plan.ended(0, true, now, 0)), "wait 1 25ms") << "as chance has it";
}

TEST_F(restart_plans, without_a_limit_nothing_is_exhausted) {
  begin({.restarts_max = SIZE_MAX}, 1);
  for (size_t i = 0; i < 3 * restart_times::counted_max; ++i)
    fail_and_return(0, i);
}

TEST_F(restart_plans, an_operators_restart_is_no_failure) {
  begin({.restarts_max = 0}, 2);
  EXPECT_EQ(plan.why_not_again(0), "");
  EXPECT_EQ(text(plan.again(0)), "stop 0");
  EXPECT_EQ(plan.why_not_again(0), "is not running: it is restarting, abandoned or ended");
  EXPECT_EQ(text(plan.again(0)), "");
  EXPECT_EQ(ends(0), "wait 0");
  EXPECT_EQ(waited(0), "start 0");
  EXPECT_EQ(started(0), "");
  EXPECT_EQ(plan.why_not_again(9), "is not running: it is restarting, abandoned or ended");
  begin({.how = strategy_of_restart::rest_for_one, .restarts_max = 0}, 3);
  EXPECT_EQ(text(plan.again(1)), "stop 2");
  EXPECT_EQ(ends(2), "stop 1");
  EXPECT_EQ(fails(1), "wait 0") << "it was to end anyway";
  EXPECT_EQ(waited(0), "start 1");
  EXPECT_EQ(started(1), "start 2");
  begin({}, 1, restart_rule::temporary);
  EXPECT_EQ(plan.why_not_again(0), "never comes back once it ends");
  EXPECT_EQ(text(plan.leave()), "stop 0");
  EXPECT_EQ(plan.why_not_again(0), "its owner is on its way out");
}

TEST_F(restart_plans, leaving_stops_backwards_and_ends_with_the_last_one) {
  begin({}, 3);
  EXPECT_EQ(text(plan.leave()), "stop 2, stop 1, stop 0");
  EXPECT_EQ(fails(2), "");
  EXPECT_EQ(ends(0), "");
  EXPECT_EQ(ends(1), "leave");
  begin(rest, 3);
  EXPECT_EQ(text(plan.leave()), "stop 2");
  EXPECT_EQ(fails(0), "") << "no failure any more";
  EXPECT_EQ(ends(2), "stop 1");
  EXPECT_EQ(ends(1), "leave");
  begin({}, 0);
  EXPECT_EQ(text(plan.leave()), "leave");
}

TEST_F(restart_plans, leaving_does_not_wait_for_pauses_nor_start_anybody) {
  begin({.restarts_max = 10}, 2);
  fail_and_return(0, 0);
  EXPECT_EQ(fails(0), "wait 1 50ms");
  EXPECT_EQ(text(plan.leave()), "stop 1");
  EXPECT_EQ(waited(1), "");
  EXPECT_EQ(ends(1), "leave");
}

TEST_F(restart_plans, who_is_being_started_while_all_leave_is_stopped_as_well) {
  begin({}, 1);
  EXPECT_EQ(fails(0), "wait 0");
  EXPECT_EQ(waited(0), "start 0");
  EXPECT_EQ(text(plan.leave()), "");
  EXPECT_EQ(started(0), "stop 0");
  EXPECT_EQ(ends(0), "leave");
  begin({}, 1);
  EXPECT_EQ(text(plan.leave()), "stop 0");
  EXPECT_EQ(plan.add(restart_rule::permanent), 1U);
  EXPECT_EQ(text(plan.leave()), "stop 1") << "whoever comes when all leave";
  EXPECT_EQ(ends(0), "");
  EXPECT_EQ(ends(1), "leave");
}

TEST_F(restart_plans, a_removed_child_ends_for_good_and_holds_nobody_up) {
  begin({.restarts_max = 10}, 3);
  EXPECT_EQ(text(plan.remove(1)), "stop 1");
  fail_and_return(2, 0); // while 1 takes its time
  EXPECT_EQ(fails(1), "forget 1");
  EXPECT_FALSE(plan.has(1));
  fail_and_return(2, 1);
  EXPECT_EQ(fails(2), "wait 2 100ms");
  EXPECT_EQ(text(plan.remove(2)), "forget 2");
  EXPECT_EQ(waited(2), "");
  EXPECT_EQ(text(plan.remove(2)), "");
  EXPECT_EQ(fails(2), "");
  begin(rest, 2);
  EXPECT_EQ(fails(0), "stop 1");
  EXPECT_EQ(text(plan.remove(1)), "") << "it is being stopped already";
  EXPECT_EQ(ends(1), "forget 1, wait 0");
  EXPECT_EQ(waited(0), "start 0");
  EXPECT_EQ(text(plan.remove(0)), "");
  EXPECT_EQ(started(0), "stop 0") << "removed while it was being started";
  EXPECT_EQ(ends(0), "forget 0");
}

} // namespace
} // namespace sluice
