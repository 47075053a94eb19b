#include "rules/trading/exact_leg.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

// case-01 of mechanisms-large: 39105850787 alpha for 3151159229 rao over two lots.
TEST(exact_leg, is_the_fraction_and_the_ledger_is_within_one_rao) {
  lot_book book{lot_terms{}};
  book.apply(test::stake_at(120, 2'515'996'809, 26'223'623'244));
  book.apply(test::stake_at(4800, 1'270'324'840, 38'646'682'629));
  book.apply(test::unstake_at(172'800, 3'151'159'229, 39'105'850'787));
  const auto& trade = book.trades()[0];
  const auto first = exact_leg_of(book.lots()[0], trade, trade.legs[0]);
  const auto second = exact_leg_of(book.lots()[1], trade, trade.legs[1]);
  EXPECT_NEAR(first.tao, 2113106114.3060439, 1e-6);
  EXPECT_EQ(first.cost, 2515996809.0);
  EXPECT_NEAR(second.cost, 423441613.3333333, 1e-6);
  EXPECT_NEAR(second.pnl, 614611501.3606228, 1e-6);
  EXPECT_EQ(trade.legs[0].tao, 2'113'106'114);
  EXPECT_EQ(trade.legs[1].tao, 1'038'053'115); // what is left of the trade
  EXPECT_EQ(trade.legs[1].cost, 423'441'613);
}

TEST(exact_leg, roi_is_zero_where_nothing_was_paid) {
  trading_lot lot;
  lot.alpha = 10;
  trading_trade trade;
  trade.alpha = trade.tao = 10;
  trading_leg leg;
  leg.alpha = 5;
  EXPECT_EQ(exact_leg_of(lot, trade, leg).roi_percent, 0);
  EXPECT_EQ(exact_leg_of(lot, trade, leg).pnl, 5);
}

} // namespace
} // namespace sluice
