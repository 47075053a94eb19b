#include "actors/fleet/session_handle.hpp"
#include "net/keys/session_key.hpp"
#include "tests/support/actor_test.hpp"

#include <caf/event_based_actor.hpp>

namespace sluice::test {
namespace {

TEST_F(actor_test, a_session_handle_numbers_and_proves_what_is_sent_and_closes_behind_itself) {
  const auto key = net::fresh_bytes();
  std::vector<fleet_frame> received;
  bool anonymous = true;
  const auto face = keep(sys.spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[&received, &anonymous, self](const fleet_frame& frame) {
      anonymous &= self->current_sender() == nullptr;
      received.push_back(frame);
    }};
  }));
  auto wall = guard_ref::make(sys, face, [](frame_kind) { return true; });
  wall->open(9, {key, face, [](frame_kind) { return true; }});
  {
    session_handle handle{9, caf::actor_cast<caf::strong_actor_ptr>(face), key, wall};
    handle.send(frame_kind::work, "one");
    handle.send(frame_kind::market_end, "");
    settle();
    EXPECT_TRUE(wall->is_open(9));
  }
  EXPECT_FALSE(wall->is_open(9));
  ASSERT_EQ(received.size(), 2u);
  EXPECT_TRUE(anonymous) << "CAF reports every sender to the other side";
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(received[i].number, i + 1);
    EXPECT_EQ(received[i].proof,
              net::frame_proof(key, 9, i + 1, static_cast<frame_kind>(received[i].kind),
                               received[i].bytes));
  }
  wall->retire();
}

} // namespace
} // namespace sluice::test
