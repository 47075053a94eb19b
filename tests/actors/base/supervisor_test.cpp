#include "actors/base/default_handlers.hpp"
#include "actors/base/supervisor.hpp"
#include "messages/atoms.hpp"
#include "tests/support/actor_end.hpp"
#include "tests/support/actor_test.hpp"

#include <caf/event_based_actor.hpp>

#include <algorithm>
#include <map>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;
using names = std::vector<std::string>;

struct boss_state {
  std::unique_ptr<supervisor> children;
};

/// Throws when asked to start, fails when due, ends normally when closing.
caf::behavior fragile(caf::event_based_actor* self) {
  install_default_handlers(self);
  return {
    [](atom::start) { throw std::runtime_error("broken invariant"); },
    [self](atom::due) { self->quit(caf::make_error(ec::refused, std::string{"had enough"})); },
    [self](atom::closing) { self->quit(); },
  };
}

class supervisor_actors : public actor_test {
protected:
  supervisor* children = nullptr; // boss's own
  caf::actor boss;
  std::map<std::string, caf::actor> handles; // the current ones
  std::map<std::string, caf::actor> knows;   // whose handle a child was started with
  names log;                                 // who started and ended
  actor_end end;                             // of the boss

  ~supervisor_actors() override { kill(boss); } // as long as the log is there

  child_spec spec(const std::string& name, restart_rule rule) {
    return {name, rule, [this, name] {
              log.push_back("+" + name);
              const auto before = handles.lower_bound(name);
              knows[name] = before == handles.begin() ? caf::actor{} : std::prev(before)->second;
              auto x = sys.spawn(fragile);
              x->attach_functor([this, name] { log.push_back("-" + name); });
              return handles[name] = x;
            }};
  }

  /// A boss with the children a, b, c, d (or as many as asked for).
  void
  raise(supervisor_config config, size_t count = 4, restart_rule rule = restart_rule::permanent) {
    config.expects_failures = true;
    boss = keep(sys.spawn([this, config, count, rule](caf::stateful_actor<boss_state>* self) {
      install_default_handlers(self);
      self->state.children = std::make_unique<supervisor>(self, config);
      children = self->state.children.get();
      for (size_t i = 0; i < count; ++i)
        children->add(spec({static_cast<char>('a' + i)}, rule));
      return caf::behavior{[](atom::fence) {}};
    }));
    end = actor_end{boss};
    boss->attach_functor([this] { log.emplace_back("-boss"); });
    settle();
  }

  void crash(const std::string& name) { send(name, atom::start_v); }
  template <class Atom>
  void send(const std::string& name, Atom what) {
    caf::anon_send(handles.at(name), what);
    settle();
  }

  names take_log() { return std::exchange(log, {}); }

  child_status status(const std::string& name) {
    for (auto& x : children->children())
      if (x.name == name)
        return x;
    ADD_FAILURE() << "no child " << name;
    return {};
  }
};

TEST_F(supervisor_actors, children_start_in_order_and_stop_backwards_before_their_owner) {
  raise({});
  EXPECT_EQ(take_log(), (names{"+a", "+b", "+c", "+d"}));
  caf::anon_send_exit(boss, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_EQ(take_log(), (names{"-d", "-c", "-b", "-a", "-boss"}));
  EXPECT_EQ(*end, caf::exit_reason::user_shutdown);
}

TEST_F(supervisor_actors, one_for_one_restarts_only_the_failed) {
  raise({});
  const auto before = handles;
  take_log();
  crash("b");
  EXPECT_EQ(take_log(), (names{"-b", "+b"}));
  EXPECT_NE(before.at("b"), handles.at("b"));
  EXPECT_EQ(status("b").restarts, 1u);
  EXPECT_EQ(status("a").restarts, 0u);
  EXPECT_TRUE(status("b").alive);
}

TEST_F(supervisor_actors, rest_for_one_renews_the_later_ones_in_order_with_fresh_handles) {
  raise({.how = strategy_of_restart::rest_for_one});
  const auto before = handles;
  take_log();
  crash("b");
  EXPECT_EQ(take_log(), (names{"-b", "-d", "-c", "+b", "+c", "+d"}));
  EXPECT_EQ(before.at("a"), handles.at("a"));
  for (const auto* name : {"b", "c", "d"})
    EXPECT_NE(before.at(name), handles.at(name)) << name;
  EXPECT_EQ(knows.at("b"), handles.at("a"));
  EXPECT_EQ(knows.at("c"), handles.at("b"));
  EXPECT_EQ(knows.at("d"), handles.at("c"));
}

TEST_F(supervisor_actors, rest_for_one_keeps_the_order_when_a_pause_applies) {
  raise({.how = strategy_of_restart::rest_for_one});
  crash("b");
  take_log();
  crash("b");
  EXPECT_EQ(take_log(), (names{"-b", "-d", "-c"}));
  EXPECT_FALSE(status("d").alive);
  advance(49ms);
  EXPECT_EQ(take_log(), names{});
  advance(1ms);
  EXPECT_EQ(take_log(), (names{"+b", "+c", "+d"}));
  EXPECT_EQ(knows.at("c"), handles.at("b"));
  EXPECT_EQ(knows.at("d"), handles.at("c"));
}

TEST_F(supervisor_actors, rest_for_one_never_starts_anybody_on_a_handle_that_is_down) {
  raise({.how = strategy_of_restart::rest_for_one, .restarts_max = 10});
  crash("a");
  crash("c");
  crash("c"); // c and d wait 50 ms
  advance(20ms);
  crash("a"); // a waits, too, until after c's time has come
  take_log();
  advance(30ms);
  EXPECT_EQ(take_log(), names{}) << "c's time, but those started before it are down";
  advance(50ms);
  EXPECT_EQ(take_log(), (names{"+a", "+b", "+c", "+d"}));
  for (const auto& [name, earlier] :
       std::map<std::string, std::string>{{"b", "a"}, {"c", "b"}, {"d", "c"}})
    EXPECT_EQ(knows.at(name), handles.at(earlier)) << name;
  for (const auto& x : children->children())
    EXPECT_TRUE(x.alive) << x.name;
}

TEST_F(supervisor_actors, a_failure_of_one_started_before_during_a_restart_is_not_lost) {
  raise({.how = strategy_of_restart::rest_for_one});
  take_log();
  caf::anon_send(handles.at("b"), atom::start_v);
  caf::anon_send(handles.at("a"), atom::start_v);
  settle();
  auto seen = take_log();
  ASSERT_GE(seen.size(), 4u);
  EXPECT_EQ(names(seen.end() - 4, seen.end()), (names{"+a", "+b", "+c", "+d"}));
  EXPECT_EQ(knows.at("b"), handles.at("a"));
  EXPECT_EQ(knows.at("d"), handles.at("c"));
}

TEST_F(supervisor_actors, the_first_restart_is_at_once_and_later_ones_wait_twice_as_long_each) {
  raise({.restarts_max = 10, .pause_max = 150ms}, 1);
  crash("a");
  EXPECT_TRUE(status("a").alive);
  for (const auto pause : {50ms, 100ms, 150ms, 150ms}) {
    SCOPED_TRACE(pause.count());
    crash("a");
    advance(pause - 1ms);
    EXPECT_FALSE(status("a").alive);
    advance(1ms);
    EXPECT_TRUE(status("a").alive);
  }
  EXPECT_EQ(status("a").restarts, 5u);
}

TEST_F(supervisor_actors, failures_that_are_far_apart_do_not_count_together) {
  raise({.restarts_max = 1, .window = 30s}, 1);
  for (int i = 0; i < 5; ++i) {
    SCOPED_TRACE(i);
    crash("a");
    EXPECT_TRUE(status("a").alive);
    EXPECT_FALSE(end);
    advance(31s);
  }
  EXPECT_EQ(status("a").restarts, 5u);
}

TEST_F(supervisor_actors, falling_too_often_brings_the_owner_down_with_the_reason) {
  raise({.restarts_max = 2});
  crash("b");
  crash("b");
  advance(50ms);
  EXPECT_FALSE(end);
  take_log();
  crash("b");
  EXPECT_EQ(take_log(), (names{"-b", "-d", "-c", "-a", "-boss"}));
  ASSERT_TRUE(end);
  EXPECT_EQ(sentence(*end), "broken invariant");
  advance(1h);
  EXPECT_EQ(take_log(), names{}) << "nobody comes back after the end";
}

TEST_F(supervisor_actors, leaving_in_peace_too_often_is_a_failure_of_the_owner) {
  raise({.restarts_max = 0}, 1);
  send("a", atom::closing_v);
  ASSERT_TRUE(end);
  EXPECT_EQ(*end, caf::exit_reason::unhandled_exception);
}

TEST_F(supervisor_actors, an_abandoned_child_stays_down_and_the_others_go_on) {
  raise({.then = when_exhausted::abandon, .restarts_max = 1});
  names abandoned;
  children->on_abandoned = [&](const std::string& name, const std::string& why) {
    abandoned.push_back(name + ": " + why);
  };
  crash("b");
  EXPECT_EQ(abandoned, names{});
  send("b", atom::due_v);
  EXPECT_EQ(abandoned, (names{"b: had enough"}));
  advance(1h);
  EXPECT_FALSE(status("b").alive);
  EXPECT_TRUE(status("b").abandoned);
  EXPECT_FALSE(end);
  crash("c");
  EXPECT_TRUE(status("c").alive);
}

TEST_F(supervisor_actors, a_permanent_child_comes_back_from_a_peaceful_end_too) {
  raise({}, 1);
  send("a", atom::closing_v);
  EXPECT_TRUE(status("a").alive);
  EXPECT_EQ(status("a").last_error, "");
}

TEST_F(supervisor_actors, a_transient_child_comes_back_only_after_a_failure) {
  raise({}, 2, restart_rule::transient);
  crash("a");
  EXPECT_TRUE(status("a").alive);
  send("a", atom::closing_v);
  ASSERT_EQ(children->children().size(), 1u) << "the finished are forgotten";
  EXPECT_EQ(children->children()[0].name, "b");
}

TEST_F(supervisor_actors, a_temporary_child_never_comes_back_and_is_forgotten) {
  raise({}, 3, restart_rule::temporary);
  crash("a");
  send("b", atom::closing_v);
  ASSERT_EQ(children->children().size(), 1u);
  EXPECT_EQ(children->children()[0].name, "c");
  EXPECT_FALSE(end);
}

TEST_F(supervisor_actors, a_temporary_child_does_not_come_back_with_its_elders_either) {
  raise({.how = strategy_of_restart::rest_for_one}, 1);
  children->add(spec("b", restart_rule::temporary));
  children->add(spec("c", restart_rule::permanent));
  settle();
  take_log();
  crash("a");
  EXPECT_EQ(take_log(), (names{"-a", "-c", "-b", "+a", "+c"}));
  EXPECT_EQ(children->children().size(), 2u);
}

TEST_F(supervisor_actors, what_a_child_threw_is_its_last_error) {
  raise({}, 1);
  crash("a");
  EXPECT_EQ(status("a").last_error, "broken invariant");
  send("a", atom::due_v);
  EXPECT_EQ(status("a").last_error, "had enough");
}

TEST_F(supervisor_actors, an_owner_that_is_killed_takes_its_children_along) {
  raise({});
  take_log();
  kill(boss);
  EXPECT_EQ(log.size(), 5u);
  for (const auto* name : {"-a", "-b", "-c", "-d", "-boss"})
    EXPECT_EQ(std::count(log.begin(), log.end(), name), 1) << name;
}

TEST_F(supervisor_actors, an_owner_that_leaves_does_not_wait_for_pauses) {
  raise({}, 2);
  crash("a");
  crash("a");
  take_log();
  caf::anon_send_exit(boss, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_EQ(take_log(), (names{"-b", "-boss"}));
  advance(1h);
  EXPECT_EQ(take_log(), names{});
}

TEST_F(supervisor_actors, children_can_come_later) {
  raise({}, 1);
  children->add(spec("b", restart_rule::permanent));
  settle();
  crash("b");
  EXPECT_TRUE(status("b").alive);
  EXPECT_EQ(status("b").restarts, 1u);
}

TEST_F(supervisor_actors, children_come_back_when_what_the_failed_sent_is_settled) {
  held_promise<uint64_t> settled;
  auto disk = keep(sys.spawn([&settled](caf::event_based_actor* self) {
    return caf::behavior{[self, &settled](atom::fence, const std::string&) {
      settled = held_promise<uint64_t>{self};
      return settled.promise();
    }};
  }));
  raise({.how = strategy_of_restart::rest_for_one});
  children->settle_first = [disk] { return disk; };
  take_log();
  crash("c");
  EXPECT_EQ(take_log(), (names{"-c", "-d"}));
  settled.deliver(uint64_t{1});
  settle();
  EXPECT_EQ(take_log(), (names{"+c", "+d"}));
  crash("d");
  crash("b"); // one that is started before fails meanwhile: it is restarted first, and nobody twice
  EXPECT_EQ(take_log(), (names{"-d", "-b", "-c"}));
  settled.deliver(uint64_t{1});
  settle();
  EXPECT_EQ(take_log(), (names{"+b", "+c", "+d"}));
}

TEST_F(supervisor_actors, who_can_settle_nothing_any_more_is_not_waited_for) {
  auto disk = sys.spawn(fragile);
  caf::anon_send_exit(disk, caf::exit_reason::kill);
  settle();
  raise({});
  children->settle_first = [disk] { return disk; };
  take_log();
  crash("a");
  EXPECT_EQ(take_log(), (names{"-a", "+a"}));
}

TEST_F(supervisor_actors, a_removed_child_ends_for_good_and_the_others_stay) {
  raise({});
  take_log();
  EXPECT_TRUE(children->remove("b"));
  EXPECT_FALSE(children->remove("nobody"));
  settle();
  advance(1h);
  EXPECT_EQ(take_log(), names{"-b"});
  ASSERT_EQ(children->children().size(), 3U);
  crash("c");
  advance(1h);
  EXPECT_EQ(take_log(), (names{"-c", "+c"}));
}

TEST_F(supervisor_actors, a_child_that_is_removed_while_it_waits_for_its_restart_stays_away) {
  raise({.restarts_max = 10, .pause = 10s});
  crash("b");
  crash("b"); // the second restart in a row has to wait
  take_log();
  EXPECT_TRUE(children->remove("b"));
  advance(1h);
  EXPECT_EQ(take_log(), names{});
  EXPECT_EQ(children->children().size(), 3U);
}

} // namespace
} // namespace sluice::test
