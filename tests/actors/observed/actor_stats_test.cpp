#include "actors/observed/actor_stats.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace sluice {
namespace {

traced_message message(std::string text) {
  traced_message x;
  x.text = std::move(text);
  return x;
}

TEST(actor_stats, the_mailbox_is_what_came_and_was_not_handled) {
  actor_stats stats;
  for (int i = 0; i < 5; ++i)
    stats.came();
  stats.begins();
  stats.handled_one();
  EXPECT_EQ(stats.mailbox(), 4u);
  EXPECT_EQ(stats.counts().handled, 1u);
}

TEST(actor_stats, many_threads_lose_no_message) {
  actor_stats stats;
  std::vector<std::thread> senders;
  for (int i = 0; i < 40; ++i) // more than there are counters of one's own
    senders.emplace_back([&stats] {
      for (int k = 0; k < 1000; ++k)
        stats.came();
    });
  for (auto& x : senders)
    x.join();
  EXPECT_EQ(stats.mailbox(), 40'000u);
}

TEST(actor_stats, times_are_counted_by_powers_of_two) {
  actor_stats stats;
  stats.took(1023, 1, 1);
  stats.took(1024, 1, 1);
  stats.took(10 * 2047, 10, 16); // ten messages that stand for 160
  const auto x = stats.counts();
  EXPECT_EQ(x.times[10], 1u);
  EXPECT_EQ(x.times[11], 161u);
  EXPECT_EQ(x.busy_ticks, 1023u + 1024u + 16 * 20470u);
}

TEST(actor_stats, what_was_slow_is_kept_apart) {
  actor_stats stats;
  stats.was_slow(12);
  stats.was_slow(300);
  stats.was_slow(40);
  EXPECT_EQ(stats.counts().slow, 3u);
  EXPECT_EQ(stats.counts().longest_ms, 300u);
}

TEST(actor_stats, an_actor_is_in_hand_between_the_beginning_and_the_end_of_a_message) {
  actor_stats stats;
  stats.woke(coarse_now_ms() - 700);
  EXPECT_EQ(stats.in_hand().count(), 0);
  stats.begins();
  EXPECT_GE(stats.in_hand().count(), 700);
  stats.handled_one();
  EXPECT_EQ(stats.in_hand().count(), 0);
}

TEST(actor_stats, a_trace_keeps_the_last_messages_and_forgets_them_when_it_is_off) {
  actor_stats stats;
  stats.remember(message("nobody asked"));
  stats.trace(2);
  EXPECT_TRUE(stats.tracing());
  for (const auto* text : {"a", "b", "c"})
    stats.remember(message(text));
  ASSERT_EQ(stats.traced().size(), 2u);
  EXPECT_EQ(stats.traced()[0].text, "b");
  stats.trace(0);
  EXPECT_FALSE(stats.tracing());
  EXPECT_TRUE(stats.traced().empty());
}

TEST(actor_stats, a_flood_of_dead_letters_is_counted_and_seldom_recorded) {
  actor_stats stats;
  size_t recorded = 0;
  for (int i = 0; i < 5000; ++i)
    recorded += stats.records_next_dead_letter() ? 1 : 0;
  EXPECT_EQ(stats.counts().dead_letters, 5000u);
  EXPECT_EQ(recorded, 104u); // the first hundred, then 1024, 2048, 3072, 4096
}

TEST(actor_stats, an_actor_reports_its_own_work_by_name) {
  actor_stats stats;
  stats.count("refusals");
  stats.count("refusals", 2);
  stats.level("sessions", 7);
  stats.level("sessions", 5);
  stats.note("checkpoint", std::chrono::microseconds{500});
  stats.note("checkpoint", std::chrono::milliseconds{5});
  const auto x = stats.figures();
  EXPECT_EQ(x.counts.at("refusals"), 3u);
  EXPECT_EQ(x.levels.at("sessions"), 5);
  EXPECT_EQ(x.times.at("checkpoint").count, 2u);
  EXPECT_NEAR(x.times.at("checkpoint").seconds, 0.0055, 1e-9);
  EXPECT_EQ(x.times.at("checkpoint").below[0], 1u);
  EXPECT_EQ(x.times.at("checkpoint").below[3], 1u);
}

TEST(actor_stats, slots_that_were_left_long_ago_stay_in_the_sum) {
  actor_stats owner;
  for (int i = 0; i < 5; ++i) {
    auto slot = owner.add_slot("round-" + std::to_string(i));
    auto child = std::make_shared<actor_stats>();
    child->begins();
    child->handled_one();
    auto grandchild = std::make_shared<actor_stats>();
    grandchild->handled_one();
    child->add_slot("session")->taken(grandchild, {});
    slot->taken(child, {});
    owner.leave_slot(slot);
  }
  EXPECT_TRUE(owner.slots().empty());
  ASSERT_EQ(owner.left_slots().size(), 2u);
  EXPECT_EQ(owner.left_slots()[1]->look().name, "round-4");
  EXPECT_EQ(owner.gone().handled, 6u);
  EXPECT_EQ(everything_under(*owner.left_slots()[0]).handled, 2u);
}

} // namespace
} // namespace sluice
