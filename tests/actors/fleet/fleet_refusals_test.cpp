#include "tests/support/fleet_world.hpp"

#include <caf/io/middleman.hpp>

namespace sluice::test {
namespace {

/// Somebody with a certificate of the fleet who sends what the guard has to refuse. All of it is
/// harmless to a program without a guard.
class intruder : public fleet_program {
public:
  intruder(const std::string& where, const fleet_settings& settings) : fleet_program(settings) {
    const auto finder = keep(sys().spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {[this](const network_answer& answer) { found_.add(answer.far); }};
    }));
    for (uint64_t attempt = 1; !guard && attempt <= 10; ++attempt) { // one may meet a heartbeat
      connect(sys(), network(), where, attempt, finder);
      guard = caf::actor_cast<caf::actor>(found_.next().value_or(nullptr));
    }
    if (!guard)
      throw std::runtime_error("a certificate of the fleet should let it connect");
  }

  ~intruder() {
    guard = nullptr;
    found_.forget();
    stop();
  }

  caf::actor guard;

private:
  received<caf::strong_actor_ptr> found_;
};

class fleet_refusals : public ::testing::Test {
protected:
  fleet_folder files;
  fleet_node node{"127.0.0.1:0", guard_bounds{}, files.node()};
  fleet_peer_program peer{node.where(), hello_of(fleet_role::worker, "w1"),
                          files.of({.name = "w1", .role = fleet_role::worker})};
  std::unique_ptr<intruder> bad;

  void SetUp() override {
    ASSERT_TRUE(peer.ups.next());
    bad = std::make_unique<intruder>(node.where(),
                                     files.of({.name = "w2", .role = fleet_role::worker}));
  }

  /// Whoever behaves is served as before, and can still come in.
  void expect_service() {
    peer.handle()->send(frame_kind::ready, "still served");
    const auto message = node.messages.next();
    ASSERT_TRUE(message);
    EXPECT_EQ(message->peer, "w1");
    EXPECT_EQ(message->bytes, "still served");
    fleet_peer_program another{node.where(), hello_of(fleet_role::worker, "w3"),
                               files.of({.name = "w3", .role = fleet_role::worker})};
    EXPECT_TRUE(another.ups.next());
  }
};

TEST_F(fleet_refusals, messages_of_other_types_end_in_the_guard) {
  for (int i = 0; i < 100; ++i) {
    caf::anon_send(bad->guard, std::string{"stop"});
    caf::anon_send(bad->guard, atom::start_v);
    caf::anon_send(bad->guard, i, std::string{"and more"});
    caf::anon_send(bad->guard, fleet_offence{peer.handle()->session(), "from the intruder"});
  }
  expect_service();
}

TEST_F(fleet_refusals, frames_without_a_proof_end_in_the_guard) {
  const auto unsigned_frame = [](uint64_t session, uint8_t kind, std::string bytes) {
    return fleet_frame{session, 1, kind, std::move(bytes), {}};
  };
  const auto session = peer.handle()->session();
  constexpr uint8_t unknown_kind = 255;
  for (uint64_t i = 0; i < 100; ++i) // of sessions that there are not, too
    caf::anon_send(bad->guard,
                   unsigned_frame(i, static_cast<uint8_t>(frame_kind::admin_line), "x"));
  caf::anon_send(bad->guard, unsigned_frame(session, unknown_kind, "x"));
  caf::anon_send(bad->guard, unsigned_frame(session, static_cast<uint8_t>(frame_kind::work), "x"));
  expect_service();
}

TEST_F(fleet_refusals, greetings_that_are_too_long_or_unreadable_end_in_the_guard) {
  for (int i = 0; i < 100; ++i)
    caf::anon_send(bad->guard, fleet_hello{fleet_version, nullptr, "garbage"});
  caf::anon_send(bad->guard, fleet_hello{fleet_version, nullptr,
                                         std::string(guard_bounds{}.greeting_bytes + 1, 'x')});
  expect_service();
}

TEST_F(fleet_refusals, requests_are_passed_over) {
  bad->keep(bad->sys().spawn([to = bad->guard](caf::event_based_actor* self) -> caf::behavior {
    self->request(to, caf::infinite, std::string{"who is there"})
      .then([](const std::string&) { ADD_FAILURE() << "the guard answered"; },
            [](const caf::error&) {}); // at the end of either program
    return {[](atom::start) {}};
  }));
  expect_service();
}

TEST_F(fleet_refusals, nothing_can_be_spawned) {
  const auto spawned = bad->sys().middleman().remote_spawn<caf::actor>(
    bad->guard.node(), "worker", caf::make_message(), std::chrono::seconds(1));
  EXPECT_FALSE(spawned);
  expect_service();
}

TEST_F(fleet_refusals, another_peers_session_cannot_be_written_into_by_its_number) {
  // Numbers are no secret here; the key is.
  for (uint64_t number = 1; number < 50; ++number) {
    fleet_frame forged{
      peer.handle()->session(), number, static_cast<uint8_t>(frame_kind::work_done), "forged", {}};
    caf::anon_send(bad->guard, forged);
  }
  expect_service();
}

} // namespace
} // namespace sluice::test
