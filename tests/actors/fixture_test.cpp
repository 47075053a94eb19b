#include "messages/node.hpp"
#include "tests/support/actor_test.hpp"

#include <caf/delegated.hpp>

namespace sluice::test {

class actor_fixture : public actor_test {};

TEST_F(actor_fixture, a_mock_answers_and_counts) {
  size_t steps = 0;
  const auto watcher = mock<reporter_actor>(
    [](const run_started&) { return atom::done_v; }, [](const step_progress&) {},
    [&steps](const step_done&) {
      ++steps;
      return atom::done_v;
    },
    [](const run_over&) -> caf::result<atom::done> {
      return caf::make_error(ec::refused, std::string{"not yet"});
    });
  ask<atom::done>(watcher, run_started{});
  ask<atom::done>(watcher, step_done{});
  EXPECT_EQ(steps, 1u);
  EXPECT_EQ(ask_error<atom::done>(watcher, run_over{}), caf::make_error(ec::refused));
}

TEST_F(actor_fixture, time_moves_timer_by_timer_and_only_on_request) {
  size_t ticks = 0;
  const auto clock
    = keep(sys.spawn([&ticks](node_actor::pointer self) -> node_actor::behavior_type {
        return {[self, &ticks](atom::start) {
                  ++ticks;
                  self->delayed_send(self, std::chrono::seconds(1), atom::start_v);
                },
                [](atom::reload) {}};
      }));
  caf::anon_send(clock, atom::start_v);
  settle();
  EXPECT_EQ(ticks, 1u);
  advance(std::chrono::hours(1));
  EXPECT_EQ(ticks, 3601u);
}

TEST_F(actor_fixture, an_answer_may_come_later) {
  const auto slow
    = keep(sys.spawn([](reporter_actor::pointer self) -> reporter_actor::behavior_type {
        return {[](const run_started&) { return atom::done_v; }, [](const step_progress&) {},
                [self](const step_done&) {
                  auto promise = self->make_response_promise<atom::done>();
                  self->request(reporter_actor{self}, std::chrono::seconds(5), run_over{})
                    .then([](atom::done) {},
                          [promise](const caf::error&) mutable { promise.deliver(atom::done_v); });
                  return promise;
                },
                [self](const run_over&) { return self->make_response_promise<atom::done>(); }};
      }));
  question<atom::done> asked{sys, slow, step_done{}};
  settle();
  EXPECT_FALSE(asked.answered());
  advance(std::chrono::seconds(4));
  EXPECT_FALSE(asked.answered());
  advance(std::chrono::seconds(2));
  EXPECT_TRUE(asked.answered());
  EXPECT_TRUE(asked.look());
}

TEST_F(actor_fixture, the_disk_can_be_opened_again_after_it_was_let_go) {
  auto disk = open_disk();
  const auto where = disk->path();
  EXPECT_THROW(open_disk(), std::runtime_error);
  disk.reset();
  EXPECT_EQ(open_disk()->path(), where);
}

} // namespace sluice::test
