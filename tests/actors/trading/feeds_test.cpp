// The trading actor and its feeds: what is asked, what is durable, when.
#include "actors/trading/answers.hpp"
#include "tests/actors/trading/trading_world.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

const std::string trader_hot = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const std::string trader_cold = "5FLSigC9HGRKVhB9FiEo4Y3koPsNmBmLJbpXg2mp1hXcS59Y";

trading_event event_at(int64_t seconds, stake_action action, int64_t tao, std::string extrinsic) {
  trading_event x;
  x.coldkey = trader_cold;
  x.hotkey = trader_hot;
  x.extrinsic = std::move(extrinsic);
  x.time_us = seconds * us_per_second;
  x.netuid = 1;
  x.action = action;
  x.tao = tao * rao_per_tao;
  x.alpha = 10 * rao_per_tao;
  return x;
}

/// Feeds that the test answers for.
class trading_feeds : public trading_test {
protected:
  struct asked {
    std::string feed;
    delivery_mark durable;
    std::vector<source_target> targets;
    bool look_now = false;
  };

  trading_sources_actor feeds() {
    return mock<trading_sources_actor>(
      [this](const feed_request& x) -> caf::result<source_delivery> {
        questions.push_back({x.feed, x.request.durable, *x.request.targets, x.request.look_now});
        if (failing)
          return caf::make_error(ec::unreachable, "the indexer is away");
        auto rows = std::make_shared<std::vector<source_rows>>();
        source_delivery out{x.feed, {1, 0}, rows, false};
        if (next < deliveries.size() && x.request.durable.number == next) {
          *rows = deliveries[next];
          out.mark.number = ++next;
          out.more = next < deliveries.size();
        }
        return out;
      },
      [this](const feed_command& x) -> caf::result<source_view> {
        commands.push_back(x);
        source_view view;
        view.feed = x.feed;
        view.health = source_health::paused;
        return view;
      },
      [](atom::view) { return std::vector<source_view>{}; });
  }

  /// One trader in a world file, and one feed.
  trading_settings settings_with(trading_feed_kind kind) {
    const auto path = folder.path() / "world.jsonl";
    std::ofstream{path}
      << R"({"kind":"metagraph","block":1,"time":"2025-08-01T00:00:00Z","neurons":[)"
      << R"({"uid":4,"hotkey":")" << trader_hot << R"(","coldkey":")" << trader_cold
      << R"(","dividends":0,"stake":0}]})" << '\n';
    trading_settings x;
    x.world_file = path.string();
    x.feeds.push_back(trading_feed_of("feed", kind));
    return x;
  }

  std::vector<neuron> registered() const { return {{{4}, {trader_hot}, 0, false}}; }

  static source_rows
  rows(std::vector<trading_event> events, int64_t synced_s, std::string coldkey) {
    source_rows x;
    x.coldkey = std::move(coldkey);
    x.rows = events.size() + 1;
    x.rejected[static_cast<size_t>(row_rejection::amount)] = 1;
    x.events = std::move(events);
    x.synced = sync_point{synced_s * us_per_second, 0, "", 1, x.rows};
    return x;
  }

  static constexpr int64_t day = 86'400;
  const int64_t now_s = static_cast<int64_t>(unix_ms / 1'000);

  bool failing = false;
  size_t next = 0;
  std::vector<std::vector<source_rows>> deliveries;
  std::vector<asked> questions;
  std::vector<feed_command> commands;
};

TEST_F(trading_feeds, are_asked_every_minute_and_hear_what_is_durable) {
  deliveries = {
    {rows({event_at(now_s - 5 * day, stake_action::stake, 100, "a")}, now_s - day, trader_cold)},
    {rows({event_at(now_s - 2 * day, stake_action::unstake, 130, "b")}, now_s - 60, trader_cold)}};
  (void)start(settings_with(trading_feed_kind::taostats), chain_with(registered()), feeds());
  settle();
  ASSERT_EQ(questions.size(), 2U);
  ASSERT_EQ(questions[0].targets.size(), 1U);
  EXPECT_EQ(questions[0].targets[0], (source_target{trader_cold, std::nullopt}));
  EXPECT_FALSE(questions[0].look_now);
  EXPECT_EQ(questions[1].durable, (delivery_mark{1, 1}));
  EXPECT_EQ(questions[1].targets[0].synced->synced_us, (now_s - day) * us_per_second);
  advance(std::chrono::seconds{59});
  EXPECT_EQ(questions.size(), 2U);
  advance(std::chrono::seconds{1});
  ASSERT_EQ(questions.size(), 3U);
  EXPECT_EQ(questions[2].durable, (delivery_mark{1, 2}));
  const auto counts = *storage::stored_counts(*disk);
  EXPECT_EQ(counts.at("rows"), 4U);
  EXPECT_EQ(counts.at("added"), 2U);
  EXPECT_EQ(counts.at("rejected.amount"), 2U);
}

TEST_F(trading_feeds, a_step_is_played_when_a_score_is_due_and_paused_else) {
  deliveries = {{rows({event_at(now_s - 5 * day, stake_action::stake, 100, "a"),
                       event_at(now_s - 2 * day, stake_action::unstake, 130, "b")},
                      now_s - 60, trader_cold)}};
  const auto actor
    = start(settings_with(trading_feed_kind::taostats), chain_with(registered()), feeds());
  settle();
  const auto first = ask<step_report>(actor, atom::step_v, uint64_t{1});
  ASSERT_EQ(first.outcome, step_outcome::played);
  EXPECT_EQ(detail_of(first).step.added, 2U);
  EXPECT_EQ(detail_of(first).step.scored, 1U);
  EXPECT_EQ(detail_of(first).best.at(0).uid, 4);
  EXPECT_EQ(detail_of(first).best.at(0).pnl_tao, 30);
  unix_ms += 3'599'000;
  EXPECT_EQ(ask<step_report>(actor, atom::step_v, uint64_t{2}).outcome, step_outcome::paused);
  unix_ms += 1'000;
  const auto second = ask<step_report>(actor, atom::step_v, uint64_t{2});
  ASSERT_EQ(second.outcome, step_outcome::played);
  EXPECT_EQ(detail_of(second).step.added, 0U);
}

TEST_F(trading_feeds, one_that_fails_costs_nothing_and_is_asked_again) {
  failing = true;
  const auto actor
    = start(settings_with(trading_feed_kind::taoapp), chain_with(registered()), feeds());
  settle();
  EXPECT_EQ(questions.size(), 1U);
  EXPECT_EQ(ask<step_report>(actor, atom::step_v, uint64_t{1}).outcome, step_outcome::played);
  EXPECT_TRUE(ask_error<mechanism_scores>(actor, atom::scores_v, epoch_no{1}));
  failing = false;
  deliveries = {{rows({event_at(now_s - 5 * day, stake_action::stake, 100, "a"),
                       event_at(now_s - 2 * day, stake_action::unstake, 130, "b")},
                      now_s - 60, trader_cold)}};
  advance(std::chrono::seconds{60});
  EXPECT_EQ(ask<mechanism_scores>(actor, atom::scores_v, epoch_no{2}).scores.at({4}), 1);
}

TEST_F(trading_feeds, a_recording_is_read_to_its_end_in_a_step_and_then_over) {
  auto settings = settings_with(trading_feed_kind::file);
  settings.now_us = now_s * us_per_second;
  deliveries = {{rows({event_at(now_s - 5 * day, stake_action::stake, 100, "a")}, 1, "")},
                {rows({event_at(now_s - 2 * day, stake_action::unstake, 130, "b")}, 2, "")},
                {rows({event_at(now_s + 1'000, stake_action::stake, 5, "c")}, 3, "")}};
  const auto actor = start(settings, chain_with(registered()), feeds());
  settle();
  EXPECT_TRUE(questions.empty()); // not before a step
  const auto first = ask<step_report>(actor, atom::step_v, uint64_t{1});
  ASSERT_EQ(first.outcome, step_outcome::played);
  EXPECT_EQ(detail_of(first).step.added, 3U);
  EXPECT_TRUE(questions.front().look_now);
  EXPECT_EQ(questions.front().targets.front().coldkey, "");
  // the third event lies ahead of step 1, at 900 s, and not of step 2, at 1800 s
  EXPECT_EQ(ask<step_report>(actor, atom::step_v, uint64_t{2}).outcome, step_outcome::played);
  EXPECT_EQ(ask<step_report>(actor, atom::step_v, uint64_t{3}).outcome, step_outcome::over);
  EXPECT_EQ(storage::all_books(*disk)->front().totals.lots, 2U);
}

TEST_F(trading_feeds, obey_an_operator_by_name) {
  const auto actor
    = start(settings_with(trading_feed_kind::taostats), chain_with(registered()), feeds());
  settle();
  const auto answer
    = ask<std::string>(actor, mechanism_command{"trading pause", {"feed"}, "me", 1});
  EXPECT_NE(answer.find("\"health\":\"paused\""), std::string::npos) << answer;
  (void)ask<std::string>(actor, mechanism_command{"trading resume", {"feed"}, "me", 1});
  (void)ask<std::string>(actor, mechanism_command{"trading sync", {"feed"}, "me", 1});
  EXPECT_EQ(commands, (std::vector<feed_command>{{"feed", {source_order::pause}},
                                                 {"feed", {source_order::resume}},
                                                 {"feed", {source_order::look}}}));
}

TEST_F(trading_feeds, a_storage_writer_that_refuses_fails_the_step_with_its_reason) {
  storage_writer = refusing_storage_writer(ec::storage_full, "the disk is full");
  const auto actor = start(world_of_seed());
  const auto why = ask_error<step_report>(actor, atom::step_v, uint64_t{1});
  EXPECT_EQ(to_fault(why).code, ec::storage_full);
  EXPECT_FALSE(*tables::trading_steps.find(*disk, 1));
}

} // namespace
} // namespace sluice::test
