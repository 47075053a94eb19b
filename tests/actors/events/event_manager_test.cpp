#include "actors/base/default_handlers.hpp"
#include "actors/events/event_manager.hpp"
#include "actors/events/event_outlet.hpp"
#include "tests/support/actor_test.hpp"

#include <deque>
#include <random>
#include <stdexcept>

namespace sluice::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct ticked_event {
  uint64_t n = 0;
  SLUICE_FIELDS(n)
};
struct rung_event {
  std::string text;
  SLUICE_FIELDS(text)
};
constexpr event_topic<ticked_event> ticks_topic{"ticked"};
constexpr event_topic<rung_event> rings_topic{"rung"};

/// What one subscriber got, and the answers it has not given.
struct observed_list {
  std::vector<uint64_t> numbers;
  std::deque<held_promise<atom::done>> held;
  bool holds = false;
};

class event_manager_test : public actor_test {
protected:
  void start(size_t queue_max = 1000) {
    manager = keep(spawn_event_manager(
      sys, {.unix_ms = [] { return uint64_t{1'700'000'000'000}; }, .queue_max = queue_max}));
  }

  event_subscriber_actor observer(const std::shared_ptr<observed_list>& list) {
    return keep<event_subscriber_actor>(sys.spawn(
      [list](event_subscriber_actor::pointer self) -> event_subscriber_actor::behavior_type {
        self->set_error_handler([](caf::error&) {});
        return {[self, list](const event_record& x) -> caf::result<atom::done> {
          list->numbers.push_back(x.number);
          if (!list->holds)
            return atom::done_v;
          list->held.emplace_back(self);
          return list->held.back().promise();
        }};
      }));
  }

  /// `fails` with every event: by an error, or by an exception that ends it.
  event_subscriber_actor failing(bool throws) {
    return keep<event_subscriber_actor>(sys.spawn(
      [throws](event_subscriber_actor::pointer self) -> event_subscriber_actor::behavior_type {
        install_default_handlers(static_cast<caf::scheduled_actor*>(self));
        return {[throws](const event_record&) -> caf::result<atom::done> {
          if (throws)
            throw std::logic_error("a broken observer");
          return caf::make_error(ec::refused, "not today");
        }};
      }));
  }

  void subscribe(const std::string& name, const event_subscriber_actor& who,
                 std::vector<std::string> types = {"ticked"}) {
    ask<atom::done>(manager, subscribe_events{name, std::move(types), who});
  }

  uint64_t tick(uint64_t n = 0) {
    return ask<uint64_t>(manager, publish_event{make_event(ticks_topic, {n}, "test")});
  }

  event_statistics view() { return ask<event_statistics>(manager, atom::view_v); }

  void answer(observed_list& list) {
    auto next = std::move(list.held.front());
    list.held.pop_front();
    next.deliver(atom::done_v);
    settle();
  }

  event_manager_actor manager;
};

TEST_F(event_manager_test, hands_the_events_of_a_topic_to_all_subscribers_in_order) {
  start();
  const auto one = std::make_shared<observed_list>();
  const auto two = std::make_shared<observed_list>();
  subscribe("one", observer(one));
  subscribe("two", observer(two), {"ticked", "rung"});
  for (uint64_t i = 1; i <= 5; ++i)
    EXPECT_EQ(tick(i), i);
  EXPECT_EQ(ask<uint64_t>(manager, publish_event{make_event(rings_topic, {"x"}, "test")}), 6U);
  EXPECT_EQ(one->numbers, (std::vector<uint64_t>{1, 2, 3, 4, 5}));
  EXPECT_EQ(two->numbers, (std::vector<uint64_t>{1, 2, 3, 4, 5, 6}));
  const auto seen = view();
  EXPECT_EQ(seen.published, 6U);
  EXPECT_EQ(seen.processed, 6U);
  EXPECT_EQ(seen.queue_size, 0U);
  EXPECT_EQ(seen.by_type.at("ticked").published, 5U);
  EXPECT_EQ(seen.by_type.at("ticked").subscribers, 2U);
  EXPECT_EQ(seen.by_type.at("rung").subscribers, 1U);
}

TEST_F(event_manager_test, the_next_event_waits_for_the_slowest_and_other_topics_do_not) {
  start();
  const auto slow = std::make_shared<observed_list>();
  slow->holds = true;
  const auto quick = std::make_shared<observed_list>();
  subscribe("slow", observer(slow));
  subscribe("quick", observer(quick), {"ticked", "rung"});
  tick();
  tick();
  ask<uint64_t>(manager, publish_event{make_event(rings_topic, {"x"}, "test")});
  EXPECT_EQ(slow->numbers, (std::vector<uint64_t>{1}));
  EXPECT_EQ(quick->numbers, (std::vector<uint64_t>{1, 3}));
  EXPECT_EQ(view().queue_size, 2U);
  advance(milliseconds{250});
  answer(*slow);
  EXPECT_EQ(slow->numbers, (std::vector<uint64_t>{1, 2}));
  EXPECT_EQ(quick->numbers, (std::vector<uint64_t>{1, 3, 2}));
  EXPECT_EQ(view().by_type.at("ticked").processing_ms.value, 250);
  answer(*slow);
  EXPECT_EQ(view().queue_size, 0U);
}

TEST_F(event_manager_test, a_subscriber_that_fails_concerns_nobody_else_and_is_counted) {
  start();
  const auto good = std::make_shared<observed_list>();
  subscribe("refusing", failing(false));
  subscribe("throwing", failing(true));
  subscribe("good", observer(good));
  for (int i = 0; i < 3; ++i)
    tick();
  EXPECT_EQ(good->numbers, (std::vector<uint64_t>{1, 2, 3}));
  const auto seen = view();
  EXPECT_EQ(seen.processed, 3U);
  EXPECT_EQ(seen.errors, 4U); // the one that threw has ended: it gets no more
  EXPECT_EQ(seen.by_type.at("ticked").errors, 4U);
  EXPECT_EQ(seen.by_type.at("ticked").subscribers, 2U);
  ASSERT_EQ(seen.recent_errors.size(), 4U);
  const auto& last = seen.recent_errors.back();
  EXPECT_EQ(last.subscriber, "refusing");
  EXPECT_EQ(last.type, "ticked");
  EXPECT_EQ(last.number, 3U);
  EXPECT_EQ(last.why, "not today");
  EXPECT_EQ(last.time_ms, 1'700'000'000'000U);
}

TEST_F(event_manager_test, a_subscriber_that_stays_silent_is_given_up_for_that_event) {
  start();
  const auto silent = std::make_shared<observed_list>();
  silent->holds = true;
  subscribe("silent", observer(silent));
  tick();
  tick();
  advance(seconds{29});
  EXPECT_EQ(silent->numbers.size(), 1U);
  advance(seconds{1});
  EXPECT_EQ(silent->numbers.size(), 2U);
  EXPECT_EQ(view().errors, 1U);
  EXPECT_EQ(view().recent_errors.back().why, "it has not answered within 30000 ms");
  answer(*silent); // too late, and without any effect
  EXPECT_EQ(view().processed, 1U);
  answer(*silent);
  EXPECT_EQ(view().processed, 2U);
}

TEST_F(event_manager_test, what_a_subscriber_has_not_answered_when_it_ends_has_failed) {
  start();
  const auto list = std::make_shared<observed_list>();
  list->holds = true;
  const auto who = observer(list);
  subscribe("short", who);
  tick();
  kill(who);
  const auto seen = view();
  EXPECT_EQ(seen.processed, 1U);
  EXPECT_EQ(seen.errors, 1U);
  EXPECT_EQ(seen.by_type.at("ticked").subscribers, 0U);
}

TEST_F(event_manager_test, a_full_queue_refuses_or_lets_its_publisher_wait) {
  start(2);
  const auto slow = std::make_shared<observed_list>();
  slow->holds = true;
  subscribe("slow", observer(slow));
  tick();
  tick();
  const auto no = ask_error<uint64_t>(manager, publish_event{make_event(ticks_topic, {3}, "test")});
  EXPECT_EQ(to_fault(no).code, ec::busy);
  question<uint64_t> third{sys, manager, publish_event{make_event(ticks_topic, {3}, "t"), true}};
  question<uint64_t> fourth{sys, manager, publish_event{make_event(ticks_topic, {4}, "t"), true}};
  settle();
  EXPECT_FALSE(third.answered());
  EXPECT_EQ(view().waiting_publishers, 2U);
  answer(*slow);
  EXPECT_TRUE(third.answered());
  EXPECT_EQ(*third.look(), 3U);
  EXPECT_FALSE(fourth.answered());
  for (int i = 0; i < 3; ++i)
    answer(*slow);
  EXPECT_EQ(*fourth.look(), 4U);
  EXPECT_EQ(slow->numbers, (std::vector<uint64_t>{1, 2, 3, 4}));
  const auto seen = view();
  EXPECT_EQ(seen.refused, 1U);
  EXPECT_EQ(seen.published, seen.processed);
}

TEST_F(event_manager_test, a_name_that_is_subscribed_again_takes_the_place_of_the_earlier_one) {
  start();
  const auto first = std::make_shared<observed_list>();
  const auto second = std::make_shared<observed_list>();
  subscribe("one", observer(first));
  subscribe("one", observer(second), {"ticked"});
  tick();
  EXPECT_TRUE(first->numbers.empty());
  EXPECT_EQ(second->numbers, (std::vector<uint64_t>{1}));
  ask<atom::done>(manager, atom::unban_v, std::string{"one"});
  tick();
  EXPECT_EQ(second->numbers.size(), 1U);
  EXPECT_EQ(to_fault(ask_error<atom::done>(manager, atom::unban_v, std::string{"one"})).code,
            ec::no_such_key);
}

TEST_F(event_manager_test, refuses_what_is_no_subscription) {
  start();
  const auto who = observer(std::make_shared<observed_list>());
  const auto why
    = [&](const subscribe_events& x) { return to_fault(ask_error<atom::done>(manager, x)).what; };
  EXPECT_EQ(why({"", {"ticked"}, who}), "subscriber : expected a name of 1 to 64 bytes");
  EXPECT_EQ(why({"x", {}, who}), "subscriber x: expected 1 to 256 topics, got 0");
  EXPECT_EQ(why({"x", {"A b"}, who}), "subscriber x: expected names of topics, got \"A b\"");
  EXPECT_EQ(why({"x", {"ticked"}, {}}), "subscriber x: expected an actor, got none");
}

TEST_F(event_manager_test, keeps_a_history) {
  start();
  for (uint64_t i = 1; i <= 3; ++i)
    tick(10 * i);
  ask<uint64_t>(manager, publish_event{make_event(rings_topic, {"x"}, "bell")});
  const auto all = ask<event_list>(manager, event_query{"ticked", 1, 10}).events;
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(data_of(all[0], ticks_topic)->n, 20U);
  EXPECT_EQ(data_of(all[1], ticks_topic)->n, 30U);
  EXPECT_EQ(ask<event_list>(manager, event_query{}).events.size(), 4U);
  EXPECT_EQ(all[0].time_ms, 1'700'000'000'000U);
}

TEST_F(event_manager_test, drains_before_it_is_answered_and_takes_nothing_more) {
  start();
  const auto slow = std::make_shared<observed_list>();
  slow->holds = true;
  subscribe("slow", observer(slow));
  tick();
  tick();
  question<events_drained> drained{sys, manager, atom::drain_v, uint64_t{5000}};
  settle();
  EXPECT_FALSE(drained.answered());
  EXPECT_EQ(
    to_fault(ask_error<uint64_t>(manager, publish_event{make_event(ticks_topic, {3}, "test")}))
      .code,
    ec::refused);
  answer(*slow);
  answer(*slow);
  ASSERT_TRUE(drained.answered());
  EXPECT_EQ(*drained.look(), (events_drained{2, 0}));
  const auto seen = view();
  EXPECT_EQ(seen.published, seen.processed);
  EXPECT_TRUE(seen.draining);
}

TEST_F(event_manager_test, gives_up_at_the_deadline_of_the_drain) {
  start();
  const auto slow = std::make_shared<observed_list>();
  slow->holds = true;
  subscribe("slow", observer(slow));
  for (int i = 0; i < 3; ++i)
    tick();
  question<events_drained> drained{sys, manager, atom::drain_v, uint64_t{5000}};
  advance(milliseconds{4999});
  EXPECT_FALSE(drained.answered());
  advance(milliseconds{1});
  ASSERT_TRUE(drained.answered());
  EXPECT_EQ(*drained.look(), (events_drained{0, 3}));
  EXPECT_EQ(view().dropped, 3U);
}

TEST_F(event_manager_test, ends_after_what_is_in_its_queues_but_not_much_later) {
  start();
  const auto slow = std::make_shared<observed_list>();
  slow->holds = true;
  subscribe("slow", observer(slow));
  tick();
  caf::anon_send_exit(manager, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_EQ(view().queue_size, 1U); // still there
  advance(milliseconds{300});
  ask_error<event_statistics>(manager, atom::view_v);
}

TEST_F(event_manager_test, an_outlet_never_has_more_under_way_than_it_may) {
  start();
  using publisher_actor = caf::typed_actor<caf::reacts_to<uint64_t>>;
  const auto publisher = keep<publisher_actor>(
    sys.spawn([this](publisher_actor::pointer self) -> publisher_actor::behavior_type {
      const auto out
        = std::make_shared<event_outlet<caf::typed_event_based_actor<caf::reacts_to<uint64_t>>>>(
          self, "publisher");
      out->to(manager);
      return {[out](uint64_t n) {
        for (uint64_t i = 0; i < n; ++i)
          out->publish(ticks_topic, {i});
      }};
    }));
  caf::anon_send(publisher, uint64_t{300});
  settle();
  EXPECT_EQ(view().published, 256U);
  caf::anon_send(publisher, uint64_t{1}); // reports what it could not send
  settle();
  EXPECT_EQ(view().published, 257U);
  EXPECT_EQ(view().missed, 44U);
}

TEST_F(event_manager_test, loses_and_repeats_nothing_whatever_its_subscribers_do) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 chance{seed};
    start(5);
    const auto list = std::make_shared<observed_list>();
    list->holds = true;
    subscribe("slow", observer(list));
    subscribe("refusing", failing(false));
    uint64_t taken = 0;
    for (int i = 0; i < 200; ++i)
      if (chance() % 2 == 0) {
        question<uint64_t> x{sys, manager, publish_event{make_event(ticks_topic, {1}, "test")}};
        settle();
        taken += x.look() ? 1 : 0;
      } else if (!list->held.empty()) {
        answer(*list);
      }
    while (!list->held.empty())
      answer(*list);
    const auto seen = view();
    EXPECT_EQ(seen.published, taken) << "seed " << seed;
    EXPECT_EQ(seen.processed, taken) << "seed " << seed;
    EXPECT_EQ(seen.errors, taken) << "seed " << seed;
    ASSERT_EQ(list->numbers.size(), taken) << "seed " << seed;
    for (uint64_t n = 1; n <= taken; ++n)
      ASSERT_EQ(list->numbers[n - 1], n) << "seed " << seed;
  }
}

} // namespace
} // namespace sluice::test
