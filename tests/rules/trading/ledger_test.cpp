#include "rules/trading/ledger.hpp"
#include "rules/trading/lot_faults.hpp"
#include "tests/rules/trading/some_events.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sluice {
namespace {

using test::stake_at;
using test::unstake_at;

constexpr int64_t tao = rao_per_tao;
constexpr int64_t two_hours = 7200;

lot_book played(const std::vector<book_event>& events, const lot_terms& terms = {}) {
  lot_book book{terms};
  for (const auto& x : events)
    book.apply(x);
  return book;
}

// ATX-FIFO-1 of facts/mechanisms.
TEST(lot_book, closes_the_oldest_lot_first) {
  const auto book = played({stake_at(0, 300 * tao, 20 * tao), stake_at(3600, 460 * tao, 20 * tao),
                            unstake_at(86'400, 750 * tao, 30 * tao)});
  ASSERT_EQ(book.trades().size(), 1U);
  const auto& legs = book.trades()[0].legs;
  ASSERT_EQ(legs.size(), 2U);
  EXPECT_EQ(legs[0].alpha, 20 * tao);
  EXPECT_EQ(legs[0].tao, 500 * tao);
  EXPECT_EQ(legs[0].pnl(), 200 * tao);
  EXPECT_EQ(legs[0].duration_s, 86'400);
  EXPECT_EQ(legs[1].tao, 250 * tao);
  EXPECT_EQ(legs[1].pnl(), 20 * tao);
  EXPECT_EQ(legs[1].duration_s, 82'800);
  EXPECT_EQ(status_of(book.lots()[0]), lot_status::closed);
  EXPECT_EQ(status_of(book.lots()[1]), lot_status::partial);
  EXPECT_EQ(book.lots()[1].rest, 10 * tao);
  EXPECT_EQ(book.lots()[1].closed_us, not_closed);
}

// ATX-FIFO-2: the P/L of a lot is the sum over its legs, 24 % and not that of the last one.
TEST(lot_book, the_profit_of_a_lot_is_the_sum_of_its_legs) {
  const auto book
    = played({stake_at(0, 1000 * tao, 100 * tao), unstake_at(two_hours, 720 * tao, 60 * tao),
              unstake_at(2 * two_hours, 520 * tao, 40 * tao)});
  EXPECT_EQ(book.lots()[0].real_pnl, 240 * tao);
  EXPECT_EQ(book.lots()[0].scored_pnl, 240 * tao);
  EXPECT_EQ(book.lots()[0].legs, 2U);
  ASSERT_EQ(book.days().size(), 1U);
  EXPECT_EQ(book.days()[0].scored_pnl, i128{240 * tao});
  EXPECT_EQ(book.days()[0].scored_cost, i128{1000 * tao});
}

TEST(lot_book, what_was_held_too_short_is_real_but_not_scored) {
  auto stake = stake_at(0, 100 * tao, 10 * tao);
  auto unstake = unstake_at(0, 200 * tao, 10 * tao);
  unstake.block = stake.block + 359;
  auto totals = played({stake, unstake}).totals();
  EXPECT_EQ(totals.legs, 1U);
  EXPECT_EQ(totals.scored_legs, 0U);
  EXPECT_EQ(totals.real_pnl, i128{100 * tao});
  EXPECT_EQ(totals.scored_pnl, i128{0});
  unstake.block = stake.block + 360;
  EXPECT_EQ(played({stake, unstake}).totals().scored_pnl, i128{100 * tao});
  unstake.block = 0; // unknown: the time decides, whole seconds / 12
  unstake.time_us = stake.time_us + 4320 * us_per_second - 1;
  EXPECT_EQ(played({stake, unstake}).totals().scored_legs, 0U);
  unstake.time_us += 1;
  EXPECT_EQ(played({stake, unstake}).totals().scored_legs, 1U);
  unstake.block = stake.block - 1; // a block that is before the entry is no hold at all
  EXPECT_EQ(played({stake, unstake}).totals().scored_legs, 0U);
}

TEST(lot_book, dust_is_closed_and_its_cost_goes_to_no_leg) {
  const auto book = played({stake_at(0, 1'000'000, 10'000), unstake_at(two_hours, 900, 9000)});
  const auto& lot = book.lots()[0];
  EXPECT_EQ(status_of(lot), lot_status::closed);
  EXPECT_EQ(lot.rest, 0);
  EXPECT_EQ(lot.dust, 1000);
  EXPECT_EQ(lot.cost_sold, 900'000);
  EXPECT_EQ(book.totals().dust_cost, i128{100'000});
  EXPECT_EQ(book.totals().remaining_cost, i128{0});
  const auto above = played({stake_at(0, 1'000'000, 10'001), unstake_at(two_hours, 900, 9000)});
  EXPECT_EQ(status_of(above.lots()[0]), lot_status::partial);
}

TEST(lot_book, what_no_lot_is_there_for_is_unmatched_and_invents_no_profit) {
  const auto book = played({unstake_at(0, 7 * tao, 5 * tao), stake_at(10, 100 * tao, 10 * tao),
                            unstake_at(two_hours, 300 * tao, 15 * tao)});
  EXPECT_EQ(book.totals().ignored_unstakes, 1U);
  EXPECT_EQ(book.totals().trades, 1U);
  EXPECT_EQ(book.trades()[0].unmatched, 5 * tao);
  EXPECT_EQ(book.trades()[0].legs[0].tao, 200 * tao);
  EXPECT_EQ(book.totals().unmatched_tao, i128{107 * tao});
  EXPECT_EQ(book.totals().real_pnl, i128{100 * tao});
}

TEST(lot_book, strict_closes_nothing_of_an_unstake_that_is_too_large) {
  lot_terms terms;
  terms.rest = over_close::strict;
  const auto book = played({stake_at(0, 100 * tao, 10 * tao), unstake_at(two_hours, tao, 11 * tao),
                            unstake_at(two_hours + 1, 100 * tao, 10 * tao)},
                           terms);
  EXPECT_EQ(book.totals().refused_unstakes, 1U);
  EXPECT_EQ(book.totals().trades, 1U);
  EXPECT_EQ(book.trades()[0].legs[0].pnl(), 0);
  EXPECT_FALSE(book.trades()[0].legs[0].won); // exactly nothing is no win
}

TEST(lot_book, fees_are_part_of_cost_and_proceeds) {
  auto stake = stake_at(0, 100 * tao, 10 * tao);
  auto unstake = unstake_at(two_hours, 120 * tao, 10 * tao);
  stake.fee = 5 * tao;
  unstake.fee = 15 * tao;
  const auto book = played({stake, unstake});
  EXPECT_EQ(book.lots()[0].real_pnl, 0);
  EXPECT_FALSE(book.trades()[0].legs[0].won);
  EXPECT_EQ(book.totals().volume_tao, i128{100 * tao});
}

// A miner that buys and sells in one extrinsic: ordinary legs, held for no time.
TEST(lot_book, a_wash_trade_is_an_ordinary_leg_that_is_not_scored) {
  const auto book = played({stake_at(0, 100 * tao, 10 * tao), unstake_at(0, 150 * tao, 10 * tao)});
  EXPECT_EQ(book.trades()[0].legs[0].duration_s, 0);
  EXPECT_EQ(book.totals().real_pnl, i128{50 * tao});
  EXPECT_EQ(book.totals().scored_pnl, i128{0});
  EXPECT_EQ(book.days()[0].scored_pnl, i128{0});
}

TEST(lot_book, agrees_with_a_straight_model) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  for (int round = 0; round < 200; ++round) {
    const auto events = test::random_book(random, 60);
    const auto book = played(events);
    test::straight_ledger straight;
    for (const auto& x : events)
      straight.play(x, lot_terms{}.dust_units);
    size_t leg_number = 0;
    ASSERT_EQ(book.trades().size(), straight.unmatched.size()) << "seed " << seed;
    for (size_t i = 0; i < book.trades().size(); ++i) {
      EXPECT_EQ(book.trades()[i].unmatched, straight.unmatched[i]) << "seed " << seed;
      for (const auto& leg : book.trades()[i].legs) {
        ASSERT_LT(leg_number, straight.legs.size());
        const auto& other = straight.legs[leg_number++];
        EXPECT_EQ(leg.lot, other.lot);
        EXPECT_EQ(static_cast<long double>(leg.alpha), other.alpha);
        EXPECT_LE(std::abs(static_cast<double>(leg.tao - other.tao)), 1.0) << "seed " << seed;
        EXPECT_LE(std::abs(static_cast<double>(leg.cost - other.cost)), 1.0) << "seed " << seed;
      }
    }
    EXPECT_EQ(leg_number, straight.legs.size());
    EXPECT_EQ(book.totals().ignored_unstakes, straight.ignored);
    for (size_t i = 0; i < book.lots().size(); ++i)
      EXPECT_EQ(book.lots()[i].rest, straight.lots[i].rest) << "seed " << seed;
    EXPECT_EQ(lot_faults(book.lots(), book.trades()), std::vector<std::string>{}) << seed;
  }
}

TEST(lot_book, goes_on_from_a_base_as_if_nothing_had_been_archived) {
  const uint64_t seed = std::random_device{}();
  std::mt19937_64 random{seed};
  for (int round = 0; round < 100; ++round) {
    const auto events = test::random_book(random, 50);
    const auto whole = played(events);
    const auto cut = static_cast<std::ptrdiff_t>(random() % (events.size() + 1));
    lot_book first{lot_terms{}};
    for (auto i = events.begin(); i != events.begin() + cut; ++i)
      first.apply(*i);
    lot_book rest{lot_terms{}, first.base(0)};
    for (auto i = events.begin() + cut; i != events.end(); ++i)
      rest.apply(*i);
    EXPECT_EQ(rest.totals(), whole.totals()) << "seed " << seed;
    EXPECT_EQ(rest.days(), whole.days()) << "seed " << seed;
    for (const auto& lot : rest.lots())
      EXPECT_EQ(lot, whole.lots().at(lot.number)) << "seed " << seed;
    for (const auto& trade : rest.trades())
      EXPECT_EQ(trade, whole.trades().at(trade.number)) << "seed " << seed;
    EXPECT_EQ(lot_faults(rest.lots(), rest.trades()), std::vector<std::string>{}) << seed;
  }
}

TEST(lot_book, what_is_dropped_does_not_change_what_comes) {
  auto book = played({stake_at(0, 100 * tao, 10 * tao), unstake_at(two_hours, 110 * tao, 10 * tao),
                      stake_at(two_hours + 1, 50 * tao, 10 * tao)});
  book.drop_closed();
  ASSERT_EQ(book.lots().size(), 1U);
  book.apply(unstake_at(3 * two_hours, 60 * tao, 10 * tao));
  EXPECT_EQ(book.totals().real_pnl, i128{20 * tao});
  EXPECT_EQ(book.trades()[0].number, 1U);
}

TEST(derive_book, leaves_out_what_is_not_applied_and_counts_it) {
  const std::vector<book_event> events{stake_at(0, tao, tao), stake_at(100, tao, tao),
                                       stake_at(200, tao, tao)};
  book_facts facts = test::known_miner;
  facts.counts_from_us = events[1].time_us;
  const auto now = events[1].time_us;
  const auto derived = derive_book({}, facts, now, nullptr, events);
  EXPECT_EQ(derived.outcomes, (std::array<uint64_t, event_outcomes>{1, 1, 0, 0, 1}));
  EXPECT_EQ(derived.lots.size(), 1U);
  EXPECT_EQ(derived.next_future_us, events[2].time_us);
  facts.registered_there = true;
  EXPECT_EQ(derive_book({}, facts, now, nullptr, events).outcomes[2], 2U);
  EXPECT_EQ(derive_book({}, {}, now, nullptr, events).outcomes[3], 2U);
}

TEST(lot_book, only_a_lot_that_is_not_closed_becomes_stale) {
  auto lot = played({stake_at(0, tao, tao)}).lots()[0];
  const auto month = lot.entry_us + 30 * us_per_day;
  EXPECT_FALSE(is_stale(lot, month));
  EXPECT_TRUE(is_stale(lot, month + 1));
  lot.rest = 0;
  EXPECT_FALSE(is_stale(lot, month + 1));
}

TEST(utc_day, is_the_date_in_utc) {
  EXPECT_EQ(utc_day(0), 0);
  EXPECT_EQ(utc_day(us_per_day - 1), 0);
  EXPECT_EQ(utc_day(us_per_day), 1);
  EXPECT_EQ(utc_day(-1), -1);
  EXPECT_EQ(utc_day(test::april_2025_us), 20'179);
}

TEST(key_number, is_the_front_of_the_digest) {
  // printf abc | sha256sum
  EXPECT_EQ(key_number("abc"), 0xba7816bf8f01cfeaULL);
}

} // namespace
} // namespace sluice
