#include "actors/observed/actor_slot.hpp"
#include "actors/observed/actor_stats.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(actor_slot, all_incarnations_in_one_place_are_added_up) {
  actor_slot slot{"storage_writer"};
  std::vector<std::shared_ptr<actor_stats>> incarnations;
  for (int i = 1; i <= 4; ++i) {
    incarnations.push_back(std::make_shared<actor_stats>());
    slot.taken(incarnations.back(), {});
    for (int k = 0; k < i; ++k)
      incarnations.back()->handled_one();
    slot.empty(slot_state::restarting, "failed " + std::to_string(i));
    slot.restarted();
  }
  EXPECT_EQ(slot.counts().handled, 1u + 2 + 3 + 4);
  (void)incarnations[2]
    ->records_next_dead_letter(); // the incarnation before the last can still be written to
  EXPECT_EQ(slot.counts().dead_letters, 1u);
  const auto x = slot.look();
  EXPECT_EQ(x.restarts, 4u);
  EXPECT_EQ(x.last_error, "failed 4");
  EXPECT_EQ(name_of(x.state), "restarting");
}

TEST(actor_slot, the_next_incarnation_takes_over_the_trace_and_what_only_rises) {
  actor_slot slot{"storage_writer"};
  auto first = std::make_shared<actor_stats>();
  auto second = std::make_shared<actor_stats>();
  slot.taken(first, {});
  first->trace(7);
  first->count("refusals", 3);
  first->level("sessions", 2);
  slot.taken(second, {});
  EXPECT_TRUE(second->tracing());
  EXPECT_EQ(second->figures().counts.at("refusals"), 3u);
  EXPECT_TRUE(second->figures().levels.empty());
}

TEST(actor_slot, an_error_stays_until_the_next_one) {
  actor_slot slot{"storage_writer"};
  slot.empty(slot_state::restarting, "disk full");
  slot.taken(std::make_shared<actor_stats>(), {});
  EXPECT_EQ(slot.look().last_error, "disk full");
  EXPECT_EQ(name_of(slot.look().state), "running");
  slot.empty(slot_state::abandoned, "");
  EXPECT_EQ(slot.look().last_error, "disk full");
  EXPECT_EQ(name_of(slot.look().state), "abandoned");
}

} // namespace
} // namespace sluice
