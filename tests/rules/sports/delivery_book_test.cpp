#include "rules/sports/delivery_book.hpp"

#include <gtest/gtest.h>

#include <array>

namespace sluice {
namespace {

constexpr int64_t second = 1'000'000;

delivery_book book_of(size_t predictions) {
  delivery_book book{{"a", "b"}};
  for (uint64_t number = 1; number <= predictions; ++number)
    EXPECT_TRUE(book.add({number, "p" + std::to_string(number), "{}", 100 * second}));
  return book;
}

std::vector<uint64_t> numbers_to(const delivery_book& book, const std::string& validator,
                                 int64_t now_us, size_t count = 100) {
  std::vector<uint64_t> made;
  for (const auto* x : book.to_send(validator, now_us, count, 1000))
    made.push_back(x->number);
  return made;
}

prediction_answer answer_to(const std::string& id, prediction_code code, bool same = false) {
  prediction_answer made;
  made.prediction_id = id;
  made.code = code;
  made.same = same;
  return made;
}

using numbers = std::vector<uint64_t>;

TEST(delivery_book, sends_everything_to_everybody_once) {
  auto book = book_of(3);
  EXPECT_EQ(numbers_to(book, "a", 0), (numbers{1, 2, 3}));
  book.sent("a", numbers{1, 2, 3}, prediction_way::websocket, 5);
  EXPECT_TRUE(numbers_to(book, "a", 0).empty()) << "it is under way";
  EXPECT_EQ(book.under_way("a"), 3U);
  EXPECT_EQ(book.under_way("b"), 0U);
  EXPECT_EQ(numbers_to(book, "b", 0, 2), (numbers{1, 2}));
  EXPECT_TRUE(book.answered("a", answer_to("p1", prediction_code::accepted), 6).first);
  EXPECT_FALSE(book.answered("a", answer_to("p1", prediction_code::accepted), 7).first)
    << "an answer that comes twice counts once";
  EXPECT_EQ(book.counts("a", 8), (delivery_counts{1, 0, 2, 0}));
}

TEST(delivery_book, sends_again_what_was_lost) {
  auto book = book_of(2);
  book.sent("a", numbers{1, 2}, prediction_way::websocket, 5);
  book.answered("a", answer_to("p2", prediction_code::accepted), 6);
  book.lost("a");
  EXPECT_EQ(numbers_to(book, "a", 7), (numbers{1}));
  book.sent("a", numbers{1}, prediction_way::http, 8);
  const auto again
    = book.answered("a", answer_to("p1", prediction_code::duplicate_prediction, true), 9);
  EXPECT_TRUE(again.state.confirmed()) << "it had arrived the first time";
  EXPECT_EQ(again.state.sent, 2U);
  EXPECT_EQ(book.counts("a", 9), (delivery_counts{2, 0, 0, 0}));
}

TEST(delivery_book, keeps_the_first_word_but_for_a_confirmation) {
  auto book = book_of(1);
  book.answered("a", answer_to("p1", prediction_code::game_started), 1);
  EXPECT_EQ(book.counts("a", 1), (delivery_counts{0, 1, 0, 0}));
  book.answered("a", answer_to("p1", prediction_code::team_mismatch), 2);
  EXPECT_EQ(book.find(1, "a")->code, prediction_code::game_started);
  book.answered("a", answer_to("p1", prediction_code::duplicate_prediction, true), 3);
  EXPECT_EQ(book.counts("a", 3), (delivery_counts{1, 0, 0, 0}));
  book.answered("a", answer_to("p1", prediction_code::game_started), 4);
  EXPECT_TRUE(book.find(1, "a")->confirmed());
}

TEST(delivery_book, tries_again_later_what_is_not_final) {
  auto book = book_of(1);
  book.sent("a", numbers{1}, prediction_way::websocket, 0);
  const auto taken = book.answered("a", answer_to("p1", prediction_code::storage_error), 0);
  EXPECT_FALSE(taken.first);
  EXPECT_TRUE(numbers_to(book, "a", 30 * second - 1).empty());
  EXPECT_EQ(numbers_to(book, "a", 30 * second), (numbers{1}));
}

TEST(delivery_book, does_not_wait_for_answers_for_ever) {
  auto book = book_of(2);
  book.sent("a", numbers{1}, prediction_way::websocket, 5);
  book.sent("a", numbers{2}, prediction_way::websocket, 9);
  EXPECT_EQ(book.expire("a", 9), 1U);
  EXPECT_EQ(numbers_to(book, "a", 10), (numbers{1}));
}

TEST(delivery_book, leaves_out_games_that_have_begun) {
  auto book = book_of(1);
  EXPECT_TRUE(numbers_to(book, "a", 100 * second).empty());
  EXPECT_EQ(book.counts("a", 100 * second), (delivery_counts{0, 0, 0, 1}));
  EXPECT_EQ(book.why_pending(1, "a", 100 * second), "its game began before it was answered");
  EXPECT_EQ(book.why_pending(1, "a", 0), "it was not sent yet");
  book.forget(101 * second);
  EXPECT_EQ(book.size(), 0U);
}

TEST(delivery_book, knows_again_what_was_stored) {
  auto book = book_of(2);
  delivery_state state;
  state.answered = true;
  state.code = prediction_code::accepted;
  state.sent = 1;
  book.restore(1, "a", state);
  EXPECT_EQ(numbers_to(book, "a", 0), (numbers{2}));
  EXPECT_FALSE(book.add({1, "other", "", 0}));
  EXPECT_FALSE(book.add({9, "p1", "", 0}));
  EXPECT_FALSE(book.answered("a", answer_to("stranger", prediction_code::accepted), 0).known);
}

} // namespace
} // namespace sluice
