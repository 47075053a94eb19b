#include "rules/trading/lot_faults.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace sluice {
namespace {

struct book_under_test {
  std::vector<trading_lot> lots;
  std::vector<trading_trade> trades;
};

book_under_test good_book() {
  lot_book book{lot_terms{}};
  book.apply(test::stake_at(0, 1000, 100'000));
  book.apply(test::stake_at(10, 1000, 100'000));
  book.apply(test::unstake_at(7200, 1600, 150'000));
  return {book.lots(), book.trades()};
}

TEST(lot_faults, finds_each_row_that_cannot_be) {
  ASSERT_TRUE(lot_faults(good_book().lots, good_book().trades).empty());
  const std::vector<std::function<void(book_under_test&)>> damages{
    [](auto& x) { x.lots[0].alpha = 0; },
    [](auto& x) { x.lots[1].rest = -1; },
    [](auto& x) { x.lots[0].closed_us = not_closed; },
    [](auto& x) { x.lots[0].closed_us = 0; },
    [](auto& x) { x.lots[1].closed_us = x.lots[1].entry_us; },
    [](auto& x) { x.lots[1].legs = 0; },
    [](auto& x) { ++x.lots[1].rest; },
    [](auto& x) { ++x.lots[0].real_pnl; },
    [](auto& x) { ++x.lots[0].cost_sold; },
    [](auto& x) { ++x.trades[0].legs[0].alpha; },
    [](auto& x) { ++x.trades[0].legs[1].tao; },
    [](auto& x) { ++x.trades[0].unmatched; },
    [](auto& x) { x.trades[0].legs[0].duration_s = -1; },
    [](auto& x) { x.trades[0].legs.clear(); },
    [](auto& x) { std::swap(x.trades[0].legs[0], x.trades[0].legs[1]); },
  };
  for (size_t i = 0; i < damages.size(); ++i) {
    auto book = good_book();
    damages[i](book);
    EXPECT_FALSE(lot_faults(book.lots, book.trades).empty()) << "damage " << i;
  }
}

TEST(lot_faults, are_at_most_twenty) {
  std::vector<trading_lot> bad(1000);
  EXPECT_EQ(lot_faults(bad, {}).size(), 20U);
}

TEST(check_transition, closed_is_final) {
  using enum lot_status;
  EXPECT_TRUE(check_transition(open, partial));
  EXPECT_TRUE(check_transition(open, closed));
  EXPECT_TRUE(check_transition(partial, partial));
  EXPECT_TRUE(check_transition(partial, closed));
  for (const auto to : {open, partial, closed})
    EXPECT_EQ(check_transition(closed, to).error().code, ec::refused);
  EXPECT_NE(check_transition(partial, open).error().what.find("InvalidStateTransition"),
            std::string::npos);
}

} // namespace
} // namespace sluice
