// Against everything at once: the board of all rounds ever played, and the market as it was stored.
#include "rules/liquidity/scoreboard.hpp"
#include "storage/liquidity/market_history.hpp"
#include "storage/liquidity/recall_rounds.hpp"
#include "storage/liquidity/retention.hpp"
#include "storage/liquidity/tables.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace sluice::storage {
namespace {

constexpr uint64_t first_round = 100;
constexpr uint64_t blocks_of_a_round = 10;

/// A job whose rounds have random results, as a node would have stored it.
class round_retention : public testing::Test {
protected:
  round_retention() {
    auto opened
      = data_dir::open(folder_ / "data", {"test", 1, "digest"}, open_mode::create_or_continue,
                       {.layout = &storage::test::layout()});
    EXPECT_TRUE(opened) << opened.error().what;
    disk_.emplace(*std::move(opened));
    for (const auto* name : {"pair", "pair-2"}) {
      auto& job = jobs_[name];
      job.config.id = {name};
      job.config.round_seconds = 20;
      job.config.block_seconds = 2;
      job.config.board.eligibility_days = 3;
      job.first_round = job.next_round = first_round;
      job.begun = true;
      boards_.emplace(name, scoreboard{job.config.board});
    }
  }

  /// `seconds`: of block time, from one round to the next.
  void play(const std::string& name, uint64_t rounds, uint64_t seconds) {
    auto& job = jobs_.at(name);
    auto& board = boards_.at(name);
    for (uint64_t i = 0; i < rounds; ++i, ++job.next_round) {
      time_ += seconds;
      batch writes;
      for (const auto kind : {round_kind::evaluation, round_kind::live})
        put_round(job, kind, board, writes);
      put_market_of(job, writes);
      for (const auto& [key, score] : board.scores())
        tables::miner_scores.put(writes, {job.config.id, key}, score);
      for (const auto& [key, day] : board.days())
        tables::participation.put(writes, {job.config.id, key.first, key.second}, day);
      ++job.completed;
      auto after = job;
      ++after.next_round;
      tables::jobs.put(writes, job.config.id, after);
      ASSERT_TRUE(disk_->commit(writes));
    }
  }

  void put_round(const job_record& job, round_kind kind, scoreboard& board, batch& writes) {
    round_record row;
    row.id = {job.config.id, kind, {job.next_round}};
    row.status = chance_() % 20 == 0 ? round_status::failed : round_status::completed;
    row.start_block = job.next_round * blocks_of_a_round;
    row.end_block = row.start_block + blocks_of_a_round - 1;
    row.end_time = time_;
    row.rules = current_rules;
    row.counted = chance_() % 10 != 0;
    for (uint16_t uid = 1; uid <= 5; ++uid) {
      miner_result x;
      x.uid = {uid};
      x.key = {"miner-" + std::to_string(uid)};
      x.verdict = static_cast<miner_verdict>(chance_() % 3);
      x.score = static_cast<double>(chance_() % 1000) / 100;
      if (x.verdict == miner_verdict::scored)
        x.entered = x.score;
      row.results.push_back(x);
      prediction what;
      what.round = row.id;
      what.uid = x.uid;
      tables::predictions.put(writes, {row.id, x.uid}, what);
    }
    tables::rounds.put(writes, row.id, row);
    if (kind == round_kind::live) {
      live_execution x;
      x.round = row.id;
      tables::live_executions.put(writes, {job.config.id, row.id.number, row.start_block}, x);
    }
    if (counted(row))
      board.absorb(kind, row.end_time, row.results, row.rules);
  }

  /// A full checkpoint every seventh round.
  void put_market_of(const job_record& job, batch& writes) {
    const auto start = job.next_round * blocks_of_a_round;
    const bool full = (job.next_round - first_round) % 7 == 0;
    tables::checkpoints.put(writes, {job.config.id, start},
                            {start - 1, time_, full ? "pool" : "", "place"});
    std::vector<feed_block> blocks;
    for (uint64_t n = start; n < start + blocks_of_a_round; ++n)
      blocks.push_back({n, 2 * n, {}, {}});
    std::vector<const feed_block*> all;
    for (const auto& x : blocks)
      all.push_back(&x);
    if (job.next_round < first_round + 20) // as version 0.2.0 did
      for (const auto& x : blocks)
        tables::feed_blocks.put(writes, {job.config.id, x.number}, x);
    else
      put_blocks(writes, job.config.id, all);
    last_start_ = start;
  }

  int remove_all(uint64_t keep) {
    storage_settings settings;
    settings.keep_rounds = keep;
    for (int n = 0; n < 1000; ++n) {
      const auto portion = plan_round_retention(*disk_, settings, 5000);
      EXPECT_TRUE(portion) << portion.error().what;
      if (!portion || portion->writes.writes.empty())
        return n;
      EXPECT_TRUE(portion->more);
      EXPECT_TRUE(disk_->commit(portion->writes));
    }
    ADD_FAILURE() << "it does not come to an end";
    return 0;
  }

  job_record stored(const std::string& name) const { return *tables::jobs.get(*disk_, {name}); }
  removed_rounds removed(const std::string& name) const {
    return *removed_of(*disk_, stored(name));
  }

  template <class Key, class Value>
  std::vector<Key> keys_of(const table<Key, Value>& rows, const std::string& name) const {
    std::vector<Key> all;
    EXPECT_TRUE(rows.for_prefix(*disk_, job_id{name},
                                [&](const Key& key, const Value&) { all.push_back(key); }));
    return all;
  }

  std::vector<uint64_t> blocks_from(const std::string& name, uint64_t from) const {
    std::vector<uint64_t> all;
    EXPECT_TRUE(for_blocks_from(*disk_, {name}, from, [&](feed_block&& x) {
      all.push_back(x.number);
      return true;
    }));
    return all;
  }

  /// The board as a start would make it.
  scoreboard restarted(const std::string& name) const {
    const auto job = stored(name);
    scoreboard board{job.config.board};
    EXPECT_TRUE(tables::miner_scores.for_prefix(
      *disk_, job.config.id,
      [&](const miner_key& key, miner_score x) { board.restore(key.key, x); }));
    EXPECT_TRUE(tables::participation.for_prefix(
      *disk_, job.config.id,
      [&](const day_key& key, participation_day x) { board.restore(key.key, key.day, x); }));
    EXPECT_TRUE(recall_rounds(*disk_, job, board));
    return board;
  }

  void expect_same_board(const std::string& name) const {
    const auto board = restarted(name);
    const auto& undisturbed = boards_.at(name);
    EXPECT_EQ(board.scores(), undisturbed.scores());
    for (const auto& [key, score] : undisturbed.scores()) {
      EXPECT_EQ(board.activity(key), undisturbed.activity(key)) << key.value;
      EXPECT_EQ(board.evidence_of(key), undisturbed.evidence_of(key)) << key.value;
      EXPECT_EQ(board.counts(key), undisturbed.counts(key)) << key.value;
    }
  }

  const unsigned seed_ = std::random_device{}();
  std::mt19937_64 chance_{seed_};
  testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  test::temp_folder folder_;
  std::optional<data_dir> disk_;
  std::map<std::string, job_record> jobs_;
  std::map<std::string, scoreboard> boards_;
  uint64_t time_ = 1'700'000'000;
  uint64_t last_start_ = 0;
};

TEST_F(round_retention, keeps_all_rounds_by_default) {
  play("pair", 5, 900);
  EXPECT_EQ(remove_all(0), 0);
  EXPECT_EQ(removed("pair").until, first_round);
}

TEST_F(round_retention, keeps_what_the_next_start_reads_however_few_are_wanted) {
  play("pair", 150, 50'000); // 7 days are fewer rounds than the 96 of the active share
  const auto before = restarted("pair");
  EXPECT_GT(remove_all(1), 0);
  const auto gone = removed("pair");
  EXPECT_GT(gone.until, first_round);
  EXPECT_LE(gone.until, first_round + 150 - 96);
  EXPECT_EQ(restarted("pair").scores(), before.scores());
  expect_same_board("pair");
}

TEST_F(round_retention, keeps_seven_days_of_rounds_for_the_evidence) {
  play("pair", 1000, 900);
  remove_all(1);
  const auto gone = removed("pair");
  EXPECT_GE(first_round + 1000 - gone.until, 671U);
  EXPECT_LE(first_round + 1000 - gone.until, 690U); // those that do not count are passed over
  expect_same_board("pair");
}

TEST_F(round_retention, removes_every_row_of_a_round_and_none_of_another) {
  play("pair", 300, 50'000);
  play("pair-2", 10, 900);
  const auto other = keys_of(tables::rounds, "pair-2");
  EXPECT_EQ(remove_all(200), 4); // a hundred rounds, 32 at a time
  const auto first = first_round + 100;
  EXPECT_EQ(removed("pair").until, first);
  EXPECT_EQ(removed("pair").from, first_round);
  EXPECT_EQ(removed("pair").time_ms, 5000U);
  for (const auto& key : keys_of(tables::rounds, "pair"))
    EXPECT_GE(key.number.value, first);
  for (const auto& key : keys_of(tables::predictions, "pair"))
    EXPECT_GE(key.round.number.value, first);
  for (const auto& key : keys_of(tables::live_executions, "pair"))
    EXPECT_GE(key.number.value, first);
  EXPECT_EQ(keys_of(tables::rounds, "pair").size(), 400U);
  EXPECT_EQ(keys_of(tables::predictions, "pair").size(), 2000U);
  EXPECT_EQ(keys_of(tables::live_executions, "pair").size(), 200U);
  EXPECT_EQ(keys_of(tables::rounds, "pair-2"), other);
  EXPECT_EQ(blocks_from("pair-2", 0).size(), 10 * blocks_of_a_round);
  EXPECT_EQ(remove_all(200), 0);
}

TEST_F(round_retention, keeps_the_market_of_every_round_that_stays) {
  play("pair", 300, 50'000);
  const auto before = blocks_from("pair", 0);
  ASSERT_EQ(before.size(), 300 * blocks_of_a_round);
  remove_all(195);
  const auto first = first_round + 105; // the last full checkpoint is just there
  const auto gone = removed("pair");
  ASSERT_EQ(gone.until, first);
  EXPECT_EQ(gone.blocks_until, first * blocks_of_a_round);
  for (uint64_t n = first; n < first_round + 300; ++n) {
    const auto start = find_start(*disk_, {"pair"}, n * blocks_of_a_round);
    ASSERT_TRUE(start) << start.error().what;
    EXPECT_GE(start->full.block + 1, gone.blocks_until);
  }
  EXPECT_EQ(blocks_from("pair", 0),
            (std::vector<uint64_t>{before.end() - 195 * blocks_of_a_round, before.end()}));
  remove_all(190); // between two full ones: the market goes back further than the rounds
  EXPECT_EQ(removed("pair").until, first + 5);
  EXPECT_EQ(blocks_from("pair", 0).front(), first * blocks_of_a_round);
}

/// Portion by portion, in any sizes: what is left behind is what booking all rounds had made.
TEST_F(round_retention, leaves_the_board_behind_as_it_was_at_every_cut) {
  play("pair", 260, 20'000);
  const auto job = stored("pair");
  std::vector<round_record> rows;
  ASSERT_TRUE(
    tables::rounds.for_prefix(*disk_, job.config.id, [&](const round_key&, round_record x) {
      rows.push_back(std::move(x));
    }));
  uint64_t until = first_round;
  while (until < job.next_round) {
    until = std::min(job.next_round, until + 1 + chance_() % 40);
    for (;;) {
      const auto portion = plan_rounds_before(*disk_, job, until, 1);
      ASSERT_TRUE(portion) << portion.error().what;
      if (portion->writes.writes.empty())
        break;
      ASSERT_TRUE(disk_->commit(portion->writes));
    }
    scoreboard straight{job.config.board};
    for (uint64_t n = first_round; n < until; ++n)
      for (const auto kind : {round_kind::evaluation, round_kind::live})
        for (const auto& row : rows)
          if (row.id.number.value == n && row.id.kind == kind && counted(row))
            straight.absorb(kind, row.end_time, row.results, row.rules);
    const auto gone = removed("pair");
    ASSERT_EQ(gone.until, until);
    const auto left = board_of(job, gone);
    ASSERT_EQ(left.scores(), straight.scores());
    for (const auto& [key, counts] : straight.days())
      if (key.second >= gone.days_from) {
        ASSERT_TRUE(left.days().contains(key));
        ASSERT_EQ(left.days().at(key), counts);
      }
  }
}

TEST_F(round_retention, removes_days_of_more_than_a_year_ago) {
  play("pair", 600, 86'400);
  const auto all = keys_of(tables::participation, "pair").size();
  remove_all(100);
  const auto left = keys_of(tables::participation, "pair");
  EXPECT_LT(left.size(), all);
  const auto oldest = static_cast<uint32_t>(removed("pair").last_time / 86'400 - 366);
  for (const auto& key : left)
    EXPECT_GE(key.day, oldest);
  auto board = restarted("pair");
  EXPECT_EQ(board.scores(), boards_.at("pair").scores());
}

TEST(first_kept_round, is_what_is_wanted_or_needed) {
  EXPECT_EQ(first_kept_round(1000, 200, 900), 800U);
  EXPECT_EQ(first_kept_round(1000, 50, 900), 900U);
  EXPECT_EQ(first_kept_round(1000, 5000, 900), 0U);
  EXPECT_EQ(first_kept_round(10, 10, 10), 0U);
}

} // namespace
} // namespace sluice::storage
