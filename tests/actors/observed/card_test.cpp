#include "actors/observed/card.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace sluice {
namespace {

traced_message message(std::string text) {
  traced_message x;
  x.text = std::move(text);
  return x;
}

TEST(card, mail_is_what_came_and_was_not_handled) {
  actor_card card;
  for (int i = 0; i < 5; ++i)
    card.came();
  card.begins();
  card.handled_one();
  EXPECT_EQ(card.mailbox(), 4u);
  EXPECT_EQ(card.counts().handled, 1u);
}

TEST(card, many_threads_lose_no_message) {
  actor_card card;
  std::vector<std::thread> senders;
  for (int i = 0; i < 40; ++i) // more than there are counters of one's own
    senders.emplace_back([&card] {
      for (int k = 0; k < 1000; ++k)
        card.came();
    });
  for (auto& x : senders)
    x.join();
  EXPECT_EQ(card.mailbox(), 40'000u);
}

TEST(card, times_fall_into_powers_of_two) {
  actor_card card;
  card.took(1023, 1, 1);
  card.took(1024, 1, 1);
  card.took(10 * 2047, 10, 16); // ten messages that stand for 160
  const auto x = card.counts();
  EXPECT_EQ(x.times[10], 1u);
  EXPECT_EQ(x.times[11], 161u);
  EXPECT_EQ(x.busy_ticks, 1023u + 1024u + 16 * 20470u);
}

TEST(card, what_was_slow_is_kept_apart) {
  actor_card card;
  card.was_slow(12);
  card.was_slow(300);
  card.was_slow(40);
  EXPECT_EQ(card.counts().slow, 3u);
  EXPECT_EQ(card.counts().longest_ms, 300u);
}

TEST(card, an_actor_is_in_hand_between_the_beginning_and_the_end_of_a_message) {
  actor_card card;
  card.woke(coarse_now_ms() - 700);
  EXPECT_EQ(card.in_hand().count(), 0);
  card.begins();
  EXPECT_GE(card.in_hand().count(), 700);
  card.handled_one();
  EXPECT_EQ(card.in_hand().count(), 0);
}

TEST(card, a_trace_keeps_the_last_messages_and_forgets_them_when_it_is_off) {
  actor_card card;
  card.remember(message("nobody asked"));
  card.trace(2);
  EXPECT_TRUE(card.tracing());
  for (const auto* text : {"a", "b", "c"})
    card.remember(message(text));
  ASSERT_EQ(card.traced().size(), 2u);
  EXPECT_EQ(card.traced()[0].text, "b");
  card.trace(0);
  EXPECT_FALSE(card.tracing());
  EXPECT_TRUE(card.traced().empty());
}

TEST(card, a_flood_of_dead_letters_is_counted_and_seldom_told) {
  actor_card card;
  size_t told = 0;
  for (int i = 0; i < 5000; ++i)
    told += card.tells_next_dead_letter() ? 1 : 0;
  EXPECT_EQ(card.counts().dead_letters, 5000u);
  EXPECT_EQ(told, 104u); // the first hundred, then 1024, 2048, 3072, 4096
}

TEST(card, an_actor_tells_of_its_own_work_by_name) {
  actor_card card;
  card.count("refusals");
  card.count("refusals", 2);
  card.level("sessions", 7);
  card.level("sessions", 5);
  card.note("checkpoint", std::chrono::microseconds{500});
  card.note("checkpoint", std::chrono::milliseconds{5});
  const auto x = card.figures();
  EXPECT_EQ(x.counts.at("refusals"), 3u);
  EXPECT_EQ(x.levels.at("sessions"), 5);
  EXPECT_EQ(x.times.at("checkpoint").count, 2u);
  EXPECT_NEAR(x.times.at("checkpoint").seconds, 0.0055, 1e-9);
  EXPECT_EQ(x.times.at("checkpoint").below[0], 1u);
  EXPECT_EQ(x.times.at("checkpoint").below[3], 1u);
}

TEST(card, places_that_were_left_long_ago_live_on_in_the_sum) {
  actor_card owner;
  for (int i = 0; i < 5; ++i) {
    auto seat = owner.add_seat("round-" + std::to_string(i));
    auto child = std::make_shared<actor_card>();
    child->begins();
    child->handled_one();
    auto grandchild = std::make_shared<actor_card>();
    grandchild->handled_one();
    child->add_seat("session")->taken(grandchild, {});
    seat->taken(child, {});
    owner.leave_seat(seat);
  }
  EXPECT_TRUE(owner.seats().empty());
  ASSERT_EQ(owner.left_seats().size(), 2u);
  EXPECT_EQ(owner.left_seats()[1]->look().name, "round-4");
  EXPECT_EQ(owner.gone().handled, 6u);
  EXPECT_EQ(everything_under(*owner.left_seats()[0]).handled, 2u);
}

} // namespace
} // namespace sluice
