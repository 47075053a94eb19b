#include "actors/fleet/guard.hpp"
#include "net/keys/session_key.hpp"
#include "tests/support/actor_test.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/system_messages.hpp>

namespace sluice::test {
namespace {

class guard : public actor_test {
protected:
  const fleet_bytes key = net::fresh_bytes();
  std::vector<fleet_frame> frames, greetings;
  std::vector<std::string> offences;
  int hellos = 0;
  bool sender_seen = false;
  guard_ref wall;

  /// Of a node that takes `frames_max` unhandled frames of a worker.
  void raise(size_t frames_max = 3) {
    const auto listener = [this](std::vector<fleet_frame>& into) {
      return keep(sys.spawn([this, &into](caf::event_based_actor* self) -> caf::behavior {
        self->set_default_handler([](caf::scheduled_actor*, caf::message_view&) {
          ADD_FAILURE() << "something else came through";
          return caf::result<caf::message>{caf::sec::unexpected_message};
        });
        return {
          [this, self, &into](const fleet_frame& frame) {
            sender_seen |= self->current_sender() != nullptr;
            into.push_back(frame);
          },
          [this](const fleet_hello&) { ++hellos; },
          [this](const fleet_offence& x) { offences.push_back(x.what); },
        };
      }));
    };
    wall = guard_ref::make(
      sys, listener(greetings), [](frame_kind kind) { return kind == frame_kind::proof; },
      {.greetings = 2, .greeting_bytes = 100, .frames = frames_max, .frame_bytes = 1'000});
    wall->open(7, {key, listener(frames),
                   [](frame_kind kind) { return may_send(fleet_role::worker, kind); }});
    settle();
  }

  fleet_frame
  frame(uint64_t number, std::string bytes = "x", frame_kind kind = frame_kind::ready) const {
    fleet_frame made{7, number, static_cast<uint8_t>(kind), std::move(bytes), {}};
    made.proof = net::frame_proof(key, made.session, number, kind, made.bytes);
    return made;
  }

  template <class... Ts>
  void send(Ts&&... xs) {
    caf::anon_send(caf::actor_cast<caf::actor>(wall.handle()), std::forward<Ts>(xs)...);
    settle();
  }

  ~guard() override {
    if (wall)
      wall->retire();
  }
};

TEST_F(guard, proven_frames_come_through_in_order_and_once) {
  raise();
  send(frame(1, "a"));
  send(frame(1, "a")); // replayed
  send(frame(3, "c")); // one is missing
  send(frame(2, "b"));
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].bytes, "a");
  EXPECT_EQ(frames[1].bytes, "b");
  EXPECT_TRUE(offences.empty());
}

TEST_F(guard, whoever_does_not_know_the_key_changes_nothing) {
  raise();
  auto forged = frame(1, "a");
  forged.bytes = "b";
  send(forged);
  forged = frame(1, "a");
  forged.kind = static_cast<uint8_t>(frame_kind::work_done);
  send(forged);
  forged = frame(1, "a");
  forged.session = 8;
  send(forged);
  forged = frame(1, "a");
  forged.proof = net::frame_proof(net::fresh_bytes(), 7, 1, frame_kind::ready, "a");
  send(forged);
  EXPECT_TRUE(frames.empty());
  send(frame(1, "a"));
  EXPECT_EQ(frames.size(), 1u) << "and the session goes on";
}

TEST_F(guard, what_is_neither_a_hello_nor_a_frame_ends_here) {
  raise();
  const auto target = caf::actor_cast<caf::actor>(wall.handle());
  send(std::string{"stop"});
  send(atom::start_v);
  send(42, std::string{"and more"});
  send(frame(1), std::string{"a frame and something"});
  send(fleet_offence{7, "from outside"});
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
  settle();
  EXPECT_TRUE(frames.empty());
  EXPECT_TRUE(greetings.empty());
  EXPECT_TRUE(offences.empty());
  send(frame(1));
  EXPECT_EQ(frames.size(), 1u) << "and the session goes on";
}

TEST_F(guard, a_request_is_not_answered) {
  raise();
  question<int> asked{sys, caf::actor_cast<caf::actor>(wall.handle()), std::string{"anything"}};
  settle();
  EXPECT_FALSE(asked.answered()) << "the sender of an answer would be known";
}

TEST_F(guard, nobody_behind_it_learns_who_sent) {
  raise();
  caf::scoped_actor from{sys};
  from->send(caf::actor_cast<caf::actor>(wall.handle()), frame(1));
  settle();
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_FALSE(sender_seen);
}

TEST_F(guard, a_window_that_is_full_ends_the_session) {
  raise(3);
  for (uint64_t i = 1; i <= 3; ++i)
    send(frame(i));
  wall->handled(7);
  send(frame(4));
  EXPECT_EQ(frames.size(), 4u) << "one was handled, so one more may come";
  send(frame(5));
  ASSERT_EQ(offences.size(), 1u);
  EXPECT_NE(offences[0].find("sent faster than it may: 3 frames"), std::string::npos);
  for (uint64_t i = 5; i < 100; ++i)
    send(frame(i));
  EXPECT_EQ(frames.size(), 4u);
  EXPECT_EQ(offences.size(), 1u);
}

TEST_F(guard, frames_too_long_or_of_another_role_end_the_session) {
  raise();
  send(frame(1, std::string(1'001, 'x')));
  ASSERT_EQ(offences.size(), 1u);
  EXPECT_NE(offences[0].find("1001 bytes"), std::string::npos);
  wall->retire();
  raise();
  send(frame(1, "stop", frame_kind::admin_line));
  ASSERT_EQ(offences.size(), 2u);
  EXPECT_NE(offences[1].find("not its to send"), std::string::npos);
  EXPECT_TRUE(frames.empty());
}

TEST_F(guard, greetings_have_a_bound_of_their_own) {
  raise();
  const fleet_frame proof{0, 0, static_cast<uint8_t>(frame_kind::proof), "p", {}};
  for (int i = 0; i < 5; ++i)
    send(proof);
  EXPECT_EQ(greetings.size(), 2u);
  wall->greeted();
  send(proof);
  EXPECT_EQ(greetings.size(), 3u);
  wall->greeted();
  send(fleet_frame{0, 0, static_cast<uint8_t>(frame_kind::proof), std::string(101, 'x'), {}});
  send(fleet_frame{0, 0, static_cast<uint8_t>(frame_kind::verdict), "v", {}});
  send(fleet_hello{1, nullptr, std::string(101, 'x')});
  EXPECT_EQ(greetings.size(), 3u);
  EXPECT_EQ(hellos, 0);
  send(fleet_hello{1, nullptr, "h"});
  EXPECT_EQ(hellos, 1);
}

TEST_F(guard, after_its_end_nothing_comes_through) {
  raise();
  wall->close(7);
  EXPECT_FALSE(wall->is_open(7));
  send(frame(1));
  wall->retire();
  send(fleet_hello{1, nullptr, "h"});
  EXPECT_TRUE(frames.empty());
  EXPECT_EQ(hellos, 0);
}

} // namespace
} // namespace sluice::test
