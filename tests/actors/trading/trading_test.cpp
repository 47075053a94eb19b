#include "actors/trading/answers.hpp"
#include "actors/trading/audit.hpp"
#include "actors/trading/trading.hpp"
#include "tests/actors/trading/trading_world.hpp"
#include "tests/support/table_dump.hpp"

#include <gtest/gtest.h>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

using trading_actor_test = trading_test;

TEST_F(trading_actor_test, plays_a_step_once_and_answers_it_from_the_disk_afterwards) {
  const auto settings = world_of_seed();
  const auto actor = start(settings);
  const auto first = ask<step_report>(actor, atom::step_v, uint64_t{1});
  ASSERT_EQ(first.outcome, step_outcome::played);
  const auto row = *tables::trading_steps.get(*disk, 1);
  EXPECT_EQ(row, detail_of(first).step);
  EXPECT_EQ(row.now_us, tools::dev_start_us + 900 * us_per_second);
  EXPECT_GT(row.added, 3'000U);
  EXPECT_EQ(row.rows, row.added);
  EXPECT_EQ(row.duplicates, 0U);
  EXPECT_EQ(row.miners, dev_traders().size() - 1);
  EXPECT_GE(row.scored, 3U);
  const auto before = rows_of(*disk);
  const auto again = ask<step_report>(actor, atom::step_v, uint64_t{1});
  EXPECT_EQ(detail_of(again).step, row);
  const auto other = start(settings);
  EXPECT_EQ(detail_of(ask<step_report>(other, atom::step_v, uint64_t{1})).step, row);
  EXPECT_EQ(first_other_row(before, rows_of(*disk)), "");
}

TEST_F(trading_actor_test, takes_the_events_of_its_time_in_every_step) {
  const auto actor = start(world_of_seed(4));
  uint64_t events = 0;
  for (uint64_t n = 1; n <= 5; ++n) {
    const auto report = ask<step_report>(actor, atom::step_v, n);
    const auto& row = detail_of(report).step;
    EXPECT_GT(row.added, 0U) << n;
    events += row.added;
    EXPECT_EQ(row.now_us, tools::dev_start_us + static_cast<int64_t>(n) * 900 * us_per_second);
  }
  tools::dev_feed feed{world_of_seed(4)};
  EXPECT_EQ(events, feed.advance_to(tools::dev_start_us + 5 * 900 * us_per_second).size());
}

TEST_F(trading_actor_test, scores_who_is_registered_and_bars_who_is_blacklisted) {
  const auto settings = world_of_seed();
  const auto actor = start(settings);
  (void)ask<step_report>(actor, atom::step_v, uint64_t{1});
  const auto scores = ask<mechanism_scores>(actor, atom::scores_v, epoch_no{7});
  EXPECT_EQ(scores.mechanism, "trading");
  EXPECT_EQ(scores.epoch, epoch_no{7});
  EXPECT_EQ(scores.barred, (std::set<miner_uid>{miner_uid{uid_of(trader_kind::blacklisted)}}));
  double sum = 0;
  for (const auto& [uid, score] : scores.scores) {
    EXPECT_GE(score, 0);
    sum += score;
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_GT(scores.scores.at({uid_of(trader_kind::skilled)}), 0.05);
  EXPECT_GT(scores.scores.at({dev_second_uid}), 0.01); // its history came along
  EXPECT_EQ(scores.scores.at({uid_of(trader_kind::washer)}), 0);
  EXPECT_EQ(scores.scores.at({uid_of(trader_kind::churner)}), 0);
  EXPECT_EQ(scores.scores.at({uid_of(trader_kind::idle)}), 0);
  EXPECT_FALSE(scores.scores.contains({uid_of(trader_kind::blacklisted)}));
  EXPECT_EQ(why_no_trading_scores(*disk), "");
}

TEST_F(trading_actor_test, drops_what_is_no_trading_and_counts_why) {
  const auto actor = start(world_of_seed());
  (void)ask<step_report>(actor, atom::step_v, uint64_t{1});
  std::array<uint64_t, event_outcomes> seen{};
  const auto books = storage::all_books(*disk);
  ASSERT_TRUE(books);
  for (const auto& book : *books)
    for (size_t i = 0; i < seen.size(); ++i)
      seen[i] += book.outcomes[i];
  const auto of = [&seen](event_outcome x) { return seen[static_cast<size_t>(x)]; };
  EXPECT_GT(of(event_outcome::applied), 1'000U);
  EXPECT_GT(of(event_outcome::registered_subnet), 0U);
  EXPECT_GT(of(event_outcome::unknown_coldkey), 0U);
  EXPECT_GT(of(event_outcome::before_tracking), 0U);
  EXPECT_EQ(of(event_outcome::future), 0U);
}

TEST_F(trading_actor_test, has_no_scores_when_the_chain_knows_none_of_its_traders) {
  const auto settings = world_of_seed();
  const auto actor = start(settings, chain_with({{{1}, {"somebody else"}, 0, false}}),
                           keep(spawn_trading_sources(sys, {{}, {}})));
  const auto report = ask<step_report>(actor, atom::step_v, uint64_t{1});
  EXPECT_EQ(report.outcome, step_outcome::played);
  EXPECT_EQ(detail_of(report).step.scored, 0U);
  const auto why = ask_error<mechanism_scores>(actor, atom::scores_v, epoch_no{1});
  EXPECT_EQ(to_fault(why).code, ec::refused);
  EXPECT_NE(why_no_trading_scores(*disk).find("is registered on the chain"), std::string::npos);
}

TEST_F(trading_actor_test, answers_how_a_miner_does) {
  const auto settings = world_of_seed();
  const auto actor = start(settings);
  (void)ask<step_report>(actor, atom::step_v, uint64_t{1});
  const auto uid = uid_of(trader_kind::skilled);
  const auto x = ask<performance_answer>(actor, performance_request{uid});
  EXPECT_EQ(x.uid, uid);
  EXPECT_EQ(x.status, "active");
  EXPECT_GT(x.total_trades, 10U);
  EXPECT_GT(x.win_rate, 50);
  EXPECT_GT(x.pnl_tao, 0);
  EXPECT_GT(x.score, 0);
  EXPECT_GT(x.weight, 0);
  const auto churner
    = ask<performance_answer>(actor, performance_request{uid_of(trader_kind::churner)});
  EXPECT_EQ(churner.pnl_tao, 0); // nothing was held long enough
  EXPECT_NE(churner.real_pnl_tao, 0);
  const auto nobody = ask_error<performance_answer>(actor, performance_request{99});
  EXPECT_EQ(to_fault(nobody).code, ec::no_such_key);
}

TEST_F(trading_actor_test, an_audit_agrees_and_sees_a_changed_byte) {
  const auto actor = start(world_of_seed());
  (void)ask<step_report>(actor, atom::step_v, uint64_t{1});
  (void)ask<step_report>(actor, atom::step_v, uint64_t{2});
  const auto good = audit_trading(*disk);
  ASSERT_TRUE(good) << good.error().what;
  ASSERT_EQ(good->size(), 2U);
  for (const auto& x : *good) {
    EXPECT_EQ(x.difference, "") << x.what;
    EXPECT_GT(x.checked, 5U) << x.what;
  }
  std::optional<std::pair<book_row_key, trading_lot>> lot;
  ASSERT_TRUE(tables::trading_lots.for_each(*disk, [&](book_row_key key, trading_lot x) {
    lot.emplace(key, std::move(x));
    return false;
  }));
  ASSERT_TRUE(lot);
  lot->second.tao += 1;
  storage::batch writes;
  tables::trading_lots.put(writes, lot->first, lot->second);
  ASSERT_TRUE(disk->commit(writes));
  EXPECT_NE(audit_trading(*disk)->front().difference, "");
}

TEST_F(trading_actor_test, an_audit_sees_another_standing) {
  const auto actor = start(world_of_seed());
  (void)ask<step_report>(actor, atom::step_v, uint64_t{1});
  auto row = *tables::trading_steps.get(*disk, 1);
  row.best.front().second += 1e-3;
  storage::batch writes;
  tables::trading_steps.put(writes, 1, row);
  ASSERT_TRUE(disk->commit(writes));
  const auto found = audit_trading(*disk);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at(0).difference, "");
  EXPECT_NE(found->at(1).difference.find("weight of"), std::string::npos)
    << found->at(1).difference;
}

TEST_F(trading_actor_test, calculates_a_damaged_ledger_anew_when_it_begins) {
  const auto settings = world_of_seed();
  {
    const auto actor = start(settings);
    (void)ask<step_report>(actor, atom::step_v, uint64_t{1});
  }
  const auto good = rows_of(*disk);
  std::optional<std::pair<book_row_key, trading_lot>> lot;
  ASSERT_TRUE(tables::trading_lots.for_each(*disk, [&](book_row_key key, trading_lot x) {
    lot.emplace(key, std::move(x));
    return false;
  }));
  storage::batch writes;
  lot->second.rest += 7;
  tables::trading_lots.put(writes, lot->first, lot->second);
  ASSERT_TRUE(disk->commit(writes));
  ASSERT_NE(first_other_row(good, rows_of(*disk)), "");
  (void)start(settings);
  settle();
  EXPECT_EQ(first_other_row(good, rows_of(*disk)), "");
}

TEST_F(trading_actor_test, notes_performance_once_a_day) {
  auto settings = world_of_seed();
  settings.snapshot_every_s = 1'800;
  const auto actor = start(settings);
  for (uint64_t n = 1; n <= 4; ++n)
    (void)ask<step_report>(actor, atom::step_v, n);
  std::map<int64_t, size_t> at;
  ASSERT_TRUE(tables::trading_snapshots.for_each(
    *disk, [&](const snapshot_key& key, const performance_snapshot&) { ++at[key.time_us]; }));
  ASSERT_EQ(at.size(), 2U); // steps 1 and 3
  EXPECT_EQ(at.begin()->first, tools::dev_start_us + 900 * us_per_second);
  EXPECT_EQ(at.rbegin()->first - at.begin()->first, 1'800 * us_per_second);
}

TEST_F(trading_actor_test, refuses_commands_that_are_none) {
  const auto actor = start(world_of_seed());
  EXPECT_EQ(
    to_fault(ask_error<std::string>(actor, mechanism_command{"trading stop", {}, "me", 1})).code,
    ec::refused);
  EXPECT_EQ(to_fault(ask_error<std::string>(
                       actor, mechanism_command{"trading pause", {"traders"}, "me", 1}))
              .code,
            ec::no_such_key);
  const auto sources = ask<std::string>(actor, mechanism_command{"trading sources", {}, "me", 1});
  EXPECT_NE(sources.find("generated traders"), std::string::npos) << sources;
}

} // namespace
} // namespace sluice::test
