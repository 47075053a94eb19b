#include "rules/miner_gateway/sessions.hpp"

#include <gtest/gtest.h>

namespace sluice {

namespace {

const hotkey anna{"anna"};
const hotkey bert{"bert"};
using opened = session_book::opened;

TEST(sessions, the_newer_wins_and_the_older_is_named) {
  session_book book;
  EXPECT_EQ(book.open(anna), (opened{1, {}}));
  EXPECT_EQ(book.open(bert), (opened{2, {}}));
  EXPECT_EQ(book.open(anna), (opened{3, 1}));
  EXPECT_EQ(book.open(anna), (opened{4, 3}));
  EXPECT_EQ(book.find(anna), 4U);
  EXPECT_EQ(book.find(bert), 2U);
  EXPECT_EQ(book.size(), 2U);
}

TEST(sessions, the_late_end_of_the_older_takes_nothing_along) {
  session_book book;
  const auto older = book.open(anna).session;
  const auto newer = book.open(anna).session;
  EXPECT_FALSE(book.leave(anna, older));
  EXPECT_EQ(book.find(anna), newer);
  EXPECT_TRUE(book.leave(anna, newer));
  EXPECT_EQ(book.find(anna), std::nullopt);
  EXPECT_FALSE(book.leave(anna, newer));
  EXPECT_EQ(book.size(), 0U);
}

TEST(sessions, numbers_are_never_used_again) {
  session_book book;
  const auto first = book.open(anna).session;
  EXPECT_TRUE(book.leave(anna, first));
  EXPECT_GT(book.open(anna).session, first);
}

} // namespace

} // namespace sluice
