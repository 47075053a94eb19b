#include "actors/observed/card.hpp"
#include "actors/observed/seat.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(seat, all_lives_in_one_place_are_added_up) {
  card_seat seat{"keeper"};
  std::vector<std::shared_ptr<actor_card>> lives;
  for (int i = 1; i <= 4; ++i) {
    lives.push_back(std::make_shared<actor_card>());
    seat.taken(lives.back(), {});
    for (int k = 0; k < i; ++k)
      lives.back()->handled_one();
    seat.empty(seat_state::restarting, "fell " + std::to_string(i));
    seat.restarted();
  }
  EXPECT_EQ(seat.counts().handled, 1u + 2 + 3 + 4);
  (void)lives[2]->tells_next_dead_letter(); // the life before the last can still be written to
  EXPECT_EQ(seat.counts().dead_letters, 1u);
  const auto x = seat.look();
  EXPECT_EQ(x.restarts, 4u);
  EXPECT_EQ(x.last_error, "fell 4");
  EXPECT_EQ(word(x.state), "restarting");
}

TEST(seat, the_next_life_takes_over_the_trace_and_what_only_rises) {
  card_seat seat{"keeper"};
  auto first = std::make_shared<actor_card>();
  auto second = std::make_shared<actor_card>();
  seat.taken(first, {});
  first->trace(7);
  first->count("refusals", 3);
  first->level("sessions", 2);
  seat.taken(second, {});
  EXPECT_TRUE(second->tracing());
  EXPECT_EQ(second->figures().counts.at("refusals"), 3u);
  EXPECT_TRUE(second->figures().levels.empty());
}

TEST(seat, an_error_stays_until_the_next_one) {
  card_seat seat{"keeper"};
  seat.empty(seat_state::restarting, "disk full");
  seat.taken(std::make_shared<actor_card>(), {});
  EXPECT_EQ(seat.look().last_error, "disk full");
  EXPECT_EQ(word(seat.look().state), "running");
  seat.empty(seat_state::abandoned, "");
  EXPECT_EQ(seat.look().last_error, "disk full");
  EXPECT_EQ(word(seat.look().state), "abandoned");
}

} // namespace
} // namespace sluice
