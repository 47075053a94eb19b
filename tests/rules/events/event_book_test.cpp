#include "rules/events/event_book.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>

namespace sluice::test {
namespace {

struct booked_event {
  uint64_t n = 0;
  SLUICE_FIELDS(n)
};
struct misfit_event {
  std::string text;
  SLUICE_FIELDS(text)
};

event_record booked(const std::string& type, uint64_t n = 0) {
  return {0, type, "test", 0, event_data::of(booked_event{n})};
}

TEST(event_book_test, hands_out_one_event_of_a_topic_at_a_time_in_their_order) {
  event_book book{10, 10};
  ASSERT_EQ(*book.take(booked("a"), 7), 1U);
  ASSERT_EQ(*book.take(booked("a"), 8), 2U);
  ASSERT_EQ(*book.take(booked("b"), 9), 3U);
  const auto first = book.begin("a");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->number, 1U);
  EXPECT_EQ(first->time_ms, 7U); // it had none
  EXPECT_FALSE(book.begin("a")); // one is in hand
  EXPECT_EQ(book.begin("b")->number, 3U);
  book.end("a", 5);
  EXPECT_EQ(book.begin("a")->number, 2U);
  EXPECT_FALSE(book.begin("c"));
}

TEST(event_book_test, refuses_what_it_has_no_space_for_and_what_is_no_event_of_the_topic) {
  event_book book{2, 10};
  ASSERT_TRUE(book.take(booked("a"), 1));
  ASSERT_TRUE(book.take(booked("a"), 1));
  EXPECT_TRUE(book.full("a"));
  EXPECT_EQ(book.take(booked("a"), 1).error().code, ec::busy);
  EXPECT_FALSE(book.full("b"));
  EXPECT_EQ(book.take(booked("No Topic"), 1).error().code, ec::bad_input);
  EXPECT_EQ(book.take({0, "b", "test", 0, {}}, 1).error().code, ec::bad_input);
  ASSERT_TRUE(book.begin("a"));
  book.end("a", 1);
  const auto misfit = book.take({0, "a", "test", 0, event_data::of(misfit_event{"x"})}, 1);
  EXPECT_EQ(misfit.error().code, ec::bad_input);
  EXPECT_NE(misfit.error().what.find("another type"), std::string::npos);
  const auto seen = book.statistics();
  EXPECT_EQ(seen.refused, 4U);
  EXPECT_EQ(seen.by_type.at("a").refused, 2U);
  EXPECT_EQ(seen.published, 2U);
}

TEST(event_book_test, takes_no_more_topics_than_it_may) {
  event_book book{2, 0};
  for (size_t i = 0; i < event_limits::topics_max; ++i)
    ASSERT_TRUE(book.take(booked("t" + std::to_string(i)), 1));
  EXPECT_EQ(book.take(booked("one_more"), 1).error().code, ec::out_of_range);
  EXPECT_TRUE(book.take(booked("t0"), 1));
}

TEST(event_book_test, keeps_the_last_ten_failures) {
  event_book book{2, 0};
  ASSERT_TRUE(book.take(booked("a"), 1));
  for (uint64_t i = 1; i <= 12; ++i)
    book.failed({i, "a", "subscriber", 1, "why"});
  const auto seen = book.statistics();
  EXPECT_EQ(seen.errors, 12U);
  EXPECT_EQ(seen.by_type.at("a").errors, 12U);
  ASSERT_EQ(seen.recent_errors.size(), 10U);
  EXPECT_EQ(seen.recent_errors.front().number, 3U);
  EXPECT_EQ(seen.recent_errors.back().number, 12U);
}

/// A straight model: a list per topic.
struct straight_queues {
  std::map<std::string, std::deque<uint64_t>> waiting;
  std::map<std::string, bool> in_hand;
  uint64_t published = 0, processed = 0, dropped = 0;
};

TEST(event_book_test, counts_as_a_straight_model_does) {
  for (uint32_t seed = 1; seed <= 20; ++seed) {
    std::mt19937 chance{seed};
    event_book book{3, 5};
    straight_queues model;
    for (int i = 0; i < 500; ++i) {
      const std::string type{static_cast<char>('a' + chance() % 3)};
      auto& queue = model.waiting[type];
      switch (chance() % 5) {
      case 0:
      case 1: {
        const auto number = book.take(booked(type), 1);
        ASSERT_EQ(static_cast<bool>(number), queue.size() < 3) << "seed " << seed;
        if (number) {
          ASSERT_EQ(*number, ++model.published) << "seed " << seed;
          queue.push_back(*number);
        }
        break;
      }
      case 2:
      case 3: {
        const auto next = book.begin(type);
        ASSERT_EQ(next.has_value(), !model.in_hand[type] && !queue.empty()) << "seed " << seed;
        if (next) {
          ASSERT_EQ(next->number, queue.front()) << "seed " << seed;
          model.in_hand[type] = true;
        }
        break;
      }
      default:
        book.end(type, 1);
        if (model.in_hand[type]) {
          model.in_hand[type] = false;
          queue.pop_front();
          ++model.processed;
        }
      }
      const auto seen = book.statistics();
      ASSERT_EQ(seen.published, model.published) << "seed " << seed;
      ASSERT_EQ(seen.processed, model.processed) << "seed " << seed;
      ASSERT_EQ(seen.published, seen.processed + seen.queue_size) << "seed " << seed;
    }
    const auto left = book.queued();
    EXPECT_EQ(book.drop(), left) << "seed " << seed;
    const auto seen = book.statistics();
    EXPECT_EQ(seen.published, seen.processed + seen.dropped) << "seed " << seed;
    EXPECT_EQ(seen.queue_size, 0U);
  }
}

} // namespace
} // namespace sluice::test
