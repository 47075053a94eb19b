#include "actors/audit.hpp"
#include "actors/liquidity/audit.hpp"
#include "actors/liquidity/market/market_walk.hpp"
#include "actors/liquidity/module.hpp"
#include "storage/liquidity/retention.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/short_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace sluice::test {
namespace {

namespace tables = storage::tables;

/// Three steps of a real node; every test gets a copy of its own and spoils one thing.
class audit : public ::testing::Test {
protected:
  static void SetUpTestSuite() {
    original = std::make_unique<scratch_folder>();
    std::string output;
    const auto end = run_node(short_run(original->path() / "data", 3, output));
    ASSERT_EQ(end.code, 0) << end.why;
  }
  static void TearDownTestSuite() { original.reset(); }

  void SetUp() override {
    std::filesystem::copy(original->path() / "data", folder.path() / "data",
                          std::filesystem::copy_options::recursive);
    auto opened = storage::data_dir::open(folder.path() / "data", {"0.1.0", 7, "short"},
                                          storage::open_mode::create_or_continue,
                                          {.layout = &test::layout()});
    ASSERT_TRUE(opened) << opened.error().what;
    disk.emplace(*std::move(opened));
  }

  /// Reads a row, lets `change` spoil it, writes it back.
  template <class Key, class Value, class F>
  void spoil(const storage::table<Key, Value>& table, const Key& key, F change) {
    auto row = table.get(*disk, key);
    ASSERT_TRUE(row) << row.error().what;
    change(*row);
    storage::batch writes;
    table.put(writes, key, *row);
    ASSERT_TRUE(disk->commit(writes));
  }

  template <class Key, class Value>
  void erase(const storage::table<Key, Value>& table, const Key& key) {
    storage::batch writes;
    table.erase(writes, key);
    ASSERT_TRUE(disk->commit(writes));
  }

  std::vector<audit_finding> everything() {
    static const std::array played{&liquidity_module()}; // others did nothing in this run
    auto all = audit_everything(*disk, played);
    EXPECT_TRUE(all) << all.error().what;
    return all ? *all : std::vector<audit_finding>{};
  }

  /// Exactly these are different, all others the same.
  void expect_different(const std::map<std::string, std::string>& expected) {
    std::map<std::string, std::string> found;
    for (const auto& x : everything())
      if (!x.difference.empty())
        found[x.what] = x.difference;
    for (const auto& [what, begin] : expected)
      EXPECT_EQ(found[what].substr(0, begin.size()), begin) << what;
    for (const auto& [what, difference] : found)
      EXPECT_TRUE(expected.contains(what)) << what << ": " << difference;
  }

  /// The last completed evaluation round of the first job and who won it.
  round_record last_round(round_kind kind = round_kind::evaluation) {
    std::optional<round_record> last;
    (void)tables::rounds.for_each(*disk, [&](const round_key&, const round_record& x) {
      if (x.id.kind == kind && x.status == round_status::completed && x.winner
          && (!last || x.id.job == last->id.job))
        last = x;
    });
    if (!last)
      throw std::runtime_error("no such round was played");
    return *last;
  }

  static std::string miner(const round_record& x) {
    return "miner " + std::to_string(x.winner->value);
  }

  static inline std::unique_ptr<scratch_folder> original;
  scratch_folder folder;
  std::optional<storage::data_dir> disk;
};

TEST_F(audit, what_a_node_stored_is_what_it_is) {
  size_t rounds = 0;
  std::vector<std::string> rest;
  for (const auto& x : everything()) {
    EXPECT_EQ(x.difference, "") << x.what;
    EXPECT_GT(x.checked, 0u) << x.what;
    if (parse_round_id(x.what))
      ++rounds;
    else
      rest.push_back(x.what);
  }
  EXPECT_GE(rounds, 6u + 2u) << "three evaluation rounds of two jobs, and live ones";
  EXPECT_EQ(rest,
            (std::vector<std::string>{"scores of aero-weth", "scores of weth-usdc", "weights"}));
}

TEST_F(audit, a_score_that_was_changed_is_found) {
  const auto round = last_round();
  spoil(tables::predictions, {round.id, *round.winner}, [](auto& x) { x.score = 123.5; });
  expect_different({{to_string(round.id), miner(round) + ".score: 123.5"}});
}

TEST_F(audit, what_entered_an_average_and_was_changed_is_found) {
  const auto round = last_round();
  spoil(tables::predictions, {round.id, *round.winner}, [](auto& x) { x.entered = 9.5; });
  expect_different({{to_string(round.id), miner(round) + ".entered: 9.5"}});
}

TEST_F(audit, a_verdict_that_the_answers_do_not_bear_out_is_found) {
  const auto round = last_round();
  spoil(tables::predictions, {round.id, *round.winner}, [](auto& x) { x.questions.clear(); });
  expect_different({{to_string(round.id), miner(round) + ".verdict: "}});
}

TEST_F(audit, the_price_of_a_refused_live_round_is_recomputed) {
  const auto round = last_round(round_kind::live);
  storage::batch writes;
  prediction refuser;
  refuser.round = round.id;
  refuser.uid = {999};
  refuser.key = {"refuser"};
  refuser.verdict = miner_verdict::refused;
  refuser.what = {round.config.start, round.config.start_positions, {}, {}, round.config.staked};
  refuser.entered = 0.25; // a price is never above 0
  tables::predictions.put(writes, {round.id, refuser.uid}, refuser);
  ASSERT_TRUE(disk->commit(writes));
  expect_different({{to_string(round.id), "miner 999.entered: 0.25"}});
}

TEST_F(audit, one_unit_of_fees_is_found) {
  const auto round = last_round();
  spoil(tables::predictions, {round.id, *round.winner},
        [](auto& x) { x.outcome->metrics.fees0 += u256{1}; });
  expect_different({{to_string(round.id), miner(round) + ".outcome.metrics.fees0: "}});
}

TEST_F(audit, an_answer_that_was_changed_is_found) {
  const auto round = last_round();
  spoil(tables::predictions, {round.id, *round.winner},
        [](auto& x) { x.what.start.amount0 += x.what.start.amount0; });
  expect_different({{to_string(round.id), miner(round) + ".outcome.metrics.initial_value: "}});
}

TEST_F(audit, an_answer_that_is_missing_is_found) {
  const auto round = last_round();
  erase(tables::predictions, {round.id, *round.winner});
  expect_different({{to_string(round.id), "results: 8 entries, 7"}});
}

TEST_F(audit, another_winner_is_found) {
  const auto round = last_round();
  spoil(tables::rounds, round.id, [](auto& x) { x.winner = miner_uid{77}; });
  expect_different({{to_string(round.id), "winner: 77, " + std::to_string(round.winner->value)}});
}

TEST_F(audit, another_ranking_is_found) {
  const auto round = last_round();
  spoil(tables::rounds, round.id, [](auto& x) { std::swap(x.ranking[0], x.ranking[1]); });
  expect_different({{to_string(round.id), "ranking[0]: "}});
}

TEST_F(audit, another_price_at_the_start_is_found) {
  const auto round = last_round();
  spoil(tables::rounds, round.id, [](auto& x) { x.price_at_start += u256{1}; });
  expect_different({{to_string(round.id), "price_at_start: "}});
}

TEST_F(audit, a_miners_record_that_was_changed_is_found) {
  const auto round = last_round();
  const miner_key key{round.id.job, round.results.at(1).key};
  spoil(tables::miner_scores, key, [](auto& x) { ++x.evaluations; });
  expect_different({{"scores of " + round.id.job.value, key.key.value + ".evaluations: 4, 3"}});
}

TEST_F(audit, a_miner_who_never_played_is_found) {
  const auto round = last_round();
  storage::batch writes;
  tables::miner_scores.put(writes, {round.id.job, {"ghost"}}, {});
  ASSERT_TRUE(disk->commit(writes));
  expect_different({{"scores of " + round.id.job.value, "ghost: there, absent"}});
}

TEST_F(audit, a_day_that_counts_twice_is_found) {
  const auto round = last_round();
  const auto& key = round.results.at(1).key;
  const auto day = static_cast<uint32_t>(round.end_time / 86400);
  spoil(tables::participation, {round.id.job, key, day}, [](auto& x) { x.participated += 1; });
  expect_different({{"scores of " + round.id.job.value,
                     key.value + " day " + std::to_string(day) + ".participated: "}});
}

TEST_F(audit, an_event_that_was_changed_does_not_replay) {
  const auto round = last_round();
  std::optional<std::pair<block_key, uint64_t>> place; // of the run, and of the block in it
  const auto swap_in = [](const feed_block& x) {
    return std::ranges::any_of(
      x.events, [](const auto& event) { return event.kind == pool_event_kind::swap; });
  };
  (void)tables::block_runs.for_prefix_from(*disk, round.id.job,
                                           block_key{round.id.job, round.start_block},
                                           [&](const block_key& key, const block_run& run) {
                                             for (const auto& x : run.blocks)
                                               if (!place && swap_in(x))
                                                 place = {key, x.number};
                                             return !place;
                                           });
  ASSERT_TRUE(place);
  ASSERT_LE(place->second, round.end_block);
  spoil(tables::block_runs, place->first, [&](block_run& run) {
    for (auto& x : run.blocks)
      for (auto& event : x.events)
        if (x.number == place->second && event.kind == pool_event_kind::swap)
          event.sqrt_price_x96 += u256{1};
  });
  const auto found = audit_round(*disk, round.id);
  ASSERT_FALSE(found);
  const auto begin = to_string(round.id) + ": block " + std::to_string(place->second) + ": ";
  EXPECT_EQ(found.error().what.substr(0, begin.size()), begin);
}

TEST_F(audit, what_retention_removed_is_stated_and_the_rest_still_verified) {
  const auto round = last_round();
  const auto before = everything();
  const auto job = *tables::jobs.get(*disk, round.id.job);
  const auto portion = storage::plan_rounds_before(*disk, job, round.id.number.value, 1);
  ASSERT_TRUE(portion) << portion.error().what;
  ASSERT_FALSE(portion->writes.writes.empty());
  ASSERT_TRUE(disk->commit(portion->writes));
  const auto after = everything();
  ASSERT_LT(after.size(), before.size());
  size_t notes = 0;
  for (const auto& x : after) {
    EXPECT_EQ(x.difference, "") << x.what;
    notes += x.note.empty() ? 0 : 1;
    if (!x.note.empty()) {
      EXPECT_EQ(x.what, "rounds " + std::to_string(job.first_round) + " to "
                          + std::to_string(round.id.number.value - 1) + " of "
                          + job.config.id.value);
      EXPECT_NE(x.note.find("removed by retention"), std::string::npos);
    }
  }
  EXPECT_EQ(notes, 1U);
  auto gone = round.id;
  gone.number.value = job.first_round;
  const auto refused = audit_round(*disk, gone);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ec::no_such_key);
  EXPECT_NE(refused.error().what.find("it was removed by retention"), std::string::npos);
  const auto kept = audit_round(*disk, round.id);
  ASSERT_TRUE(kept) << kept.error().what;
  EXPECT_EQ(kept->difference, "");
  spoil(tables::miner_scores, {round.id.job, round.results.at(1).key},
        [](auto& x) { ++x.evaluations; });
  const auto scores = audit_scores(*disk, round.id.job);
  ASSERT_TRUE(scores);
  EXPECT_NE(scores->difference, "");
}

TEST_F(audit, one_pass_finds_what_every_round_alone_finds) {
  std::vector<audit_finding> alone;
  ASSERT_TRUE(tables::rounds.for_each(*disk, [&](const round_key& key, const round_record&) {
    const auto found = audit_round(*disk, key);
    ASSERT_TRUE(found) << found.error().what;
    alone.push_back(*found);
  }));
  for (const auto* job : {"aero-weth", "weth-usdc"})
    alone.push_back(*audit_scores(*disk, {job}));
  const auto pass = audit_jobs(*disk);
  ASSERT_TRUE(pass) << pass.error().what;
  ASSERT_EQ(pass->size(), alone.size());
  for (size_t i = 0; i < alone.size(); ++i) {
    EXPECT_EQ((*pass)[i].what, alone[i].what);
    EXPECT_EQ((*pass)[i].difference, alone[i].difference) << alone[i].what;
    EXPECT_EQ((*pass)[i].checked, alone[i].checked) << alone[i].what;
  }
}

TEST_F(audit, only_the_rounds_of_the_scope_are_recomputed) {
  std::vector<std::pair<uint64_t, uint64_t>> reported;
  audit_scope scope{2, 2,
                    [&](uint64_t done, uint64_t total) { reported.emplace_back(done, total); }};
  const auto found = audit_jobs(*disk, scope);
  ASSERT_TRUE(found) << found.error().what;
  std::vector<std::string> names;
  for (const auto& x : *found) {
    EXPECT_EQ(x.difference, "") << x.what;
    names.push_back(x.what);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"aero-weth/evaluation/2", "aero-weth/live/2",
                                             "weth-usdc/evaluation/2", "weth-usdc/live/2",
                                             "scores of aero-weth", "scores of weth-usdc"}));
  EXPECT_EQ(reported, (std::vector<std::pair<uint64_t, uint64_t>>{{1, 4}, {2, 4}, {3, 4}, {4, 4}}));
  const auto none = audit_jobs(*disk, {40, 50, {}});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ec::bad_input);
  EXPECT_EQ(none.error().what,
            "no completed round from 40 to 50 is stored here; aero-weth has 1 to "
            "3, weth-usdc has 1 to 3");
  EXPECT_EQ(audit_jobs(*disk, {4, UINT64_MAX, {}}).error().what,
            "no completed round from 4 on is stored here; aero-weth has 1 to 3, weth-usdc has 1 to "
            "3");
}

TEST_F(audit, a_fault_of_a_live_round_comes_after_those_of_all_evaluation_rounds) {
  const auto live = last_round(round_kind::live);
  const round_id evaluation{live.id.job, round_kind::evaluation, live.id.number};
  for (const auto& id : {live.id, evaluation}) { // an empty plan with an outcome cannot be played
    const auto row = *tables::rounds.get(*disk, id);
    spoil(tables::predictions, {id, *row.winner}, [](prediction& x) {
      x.what.rebalances = {{9, {}}, {8, {}}};
    });
    const auto found = audit_jobs(*disk);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error(), audit_round(*disk, id).error());
  }
}

TEST_F(audit, a_folder_with_a_full_checkpoint_per_round_is_the_same) {
  const auto before = everything();
  storage::batch writes;
  ASSERT_TRUE(tables::rounds.for_each(*disk, [&](const round_key& key, const round_record& x) {
    market_walk walk{*disk, key.job};
    ASSERT_TRUE(walk.go_to(x.start_block));
    auto row = *tables::checkpoints.get(*disk, {key.job, x.start_block});
    row.replica = walk.market().save();
    tables::checkpoints.put(writes, {key.job, x.start_block}, row);
  }));
  ASSERT_TRUE(disk->commit(writes));
  const auto after = everything();
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].difference, "") << after[i].what;
    EXPECT_EQ(after[i].checked, before[i].checked) << after[i].what;
  }
}

TEST_F(audit, a_start_that_is_missing_is_reported) {
  const auto round = last_round();
  erase(tables::checkpoints, {round.id.job, round.start_block});
  const auto found = audit_round(*disk, round.id);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ec::no_such_key);
  EXPECT_NE(found.error().what.find("the recorded start"), std::string::npos);
}

TEST_F(audit, a_live_round_holds_only_what_was_executed) {
  std::optional<execution_key> mined;
  (void)tables::live_executions.for_each(*disk,
                                         [&](const execution_key& key, const live_execution& x) {
                                           if (x.status == execution_status::mined)
                                             mined = key;
                                         });
  ASSERT_TRUE(mined) << "nothing was executed in three steps";
  const round_id id{mined->job, round_kind::live, mined->number};
  auto more = *tables::live_executions.get(*disk, *mined);
  more.asked.clear();
  storage::batch writes;
  tables::live_executions.put(writes, {id.job, id.number, tables::rounds.get(*disk, id)->end_block},
                              more);
  ASSERT_TRUE(disk->commit(writes));
  expect_different({{to_string(id), "live executions"}});
}

TEST_F(audit, a_row_that_the_chain_does_not_hold_is_found) {
  const auto last = *tables::published.last(*disk);
  ASSERT_TRUE(last);
  ASSERT_EQ(last->second.status, publish_status::confirmed);
  const auto what = "epoch " + std::to_string(last->first.value);
  spoil(tables::published, last->first, [](auto& x) { x.row.at(0).second ^= 1; });
  expect_different({{"weights", what + ".read_back[0].second: "}});
}

TEST_F(audit, an_epoch_that_was_never_sent_is_found) {
  const auto last = *tables::published.last(*disk);
  const auto what = "epoch " + std::to_string(last->first.value);
  spoil(tables::published, last->first, [](auto& x) { x.hash = "0123"; });
  expect_different({{"weights", what + " on chain: true, false"}});
}

TEST_F(audit, an_extrinsic_that_nobody_ordered_is_found) {
  const auto last = *tables::extrinsics.last(*disk);
  ASSERT_TRUE(last);
  storage::batch writes;
  auto twice = last->second;
  twice.extrinsic.nonce = last->first + 1;
  tables::extrinsics.put(writes, last->first + 1, twice);
  ASSERT_TRUE(disk->commit(writes));
  expect_different({{"weights", "extrinsic " + twice.hash + " included before: true, false"}});
  spoil(tables::extrinsics, last->first + 1, [](auto& x) { x.hash = "0123"; });
  const auto count = std::to_string(last->first + 1);
  expect_different(
    {{"weights", "extrinsics of our epochs: " + count + ", " + std::to_string(last->first + 2)}});
}

TEST_F(audit, only_what_is_complete_can_be_recomputed) {
  const auto missing = audit_round(*disk, {{"weth-usdc"}, round_kind::evaluation, {999'999'999}});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::no_such_key);
  EXPECT_EQ(missing.error().what, "round weth-usdc/evaluation/999999999 is not stored here");
  const auto round = last_round();
  spoil(tables::rounds, round.id, [](auto& x) {
    x.status = round_status::failed;
    x.note = "gave up";
  });
  const auto failed = audit_round(*disk, round.id);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ec::refused);
  EXPECT_EQ(failed.error().what, "round " + to_string(round.id) + " is not completed: gave up");
}

} // namespace
} // namespace sluice::test
