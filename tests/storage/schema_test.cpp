#include "storage/data_dir.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/marker.hpp"
#include "storage/schema.hpp"
#include "storage/tables.hpp"
#include "tests/storage/layout.hpp"
#include "tests/storage/temp_folder.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace sluice::storage {
namespace {

TEST(schema, of_this_program_has_every_table_once) {
  const auto& now = test::layout();
  EXPECT_EQ(now.version, tables::schema_version);
  std::set<std::pair<std::string_view, std::string_view>> names;
  for (const auto& table : now.tables)
    names.emplace(table.store, table.name);
  EXPECT_EQ(names.size(), now.tables.size());
}

/// A table more: count it here, and migrate if it changes old ones. Mechanisms have their own.
TEST(schema, of_the_node_alone_has_eleven_tables) {
  const auto own = schema_with({});
  EXPECT_EQ(own.version, tables::schema_version);
  EXPECT_EQ(own.tables.size(), 11u);
  EXPECT_EQ(test::layout().tables.size() - own.tables.size(), liquidity_schema().tables.size());
}

/// As with the null mechanism: a part without tables and migrations changes nothing.
TEST(schema, with_an_empty_part_is_that_of_the_node) {
  const auto own = schema_with({});
  const auto with = schema_with(std::array{schema_part{}});
  EXPECT_EQ(with.tables, own.tables);
  ASSERT_EQ(with.migrations.size(), own.migrations.size());
  for (size_t i = 0; i < own.migrations.size(); ++i)
    EXPECT_EQ(with.migrations[i].from, own.migrations[i].from);
  EXPECT_EQ(own.migrations.size(), own.version - 1);
}

TEST(schema, of_this_program_can_be_reached_from_every_older_one) {
  const auto& now = test::layout();
  for (uint32_t version = 1; version < now.version; ++version)
    EXPECT_TRUE(std::any_of(now.migrations.begin(), now.migrations.end(),
                            [version](const auto& step) { return step.from == version; }))
      << "nothing leads from " << version << " to " << version + 1;
  for (const auto& step : now.migrations)
    EXPECT_LT(step.from, now.version);
}

/// Bytes from lower-case hexadecimal digits.
std::string from_hex(std::string_view digits) {
  std::string bytes;
  const auto value = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes += static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1]));
  return bytes;
}

/// The rows in tests/data/schema-1-rows.txt are what sluice 0.1.0 (schema 1) wrote for
/// `sluice node --dev --rounds 3`: a line is table, key and value in hexadecimal digits.
TEST(schema, of_version_0_1_0_is_taken_over_row_by_row) {
  test::temp_folder temp;
  const identity who{"0.1.0", 1, "abc"};
  const schema first{1, test::layout().tables, {}};
  size_t rows = 0;
  {
    auto dir
      = data_dir::open(temp / "data", who, open_mode::create_or_continue, {.layout = &first});
    ASSERT_TRUE(dir) << dir.error().what;
    batch writes;
    const auto text
      = sluice::test::file_bytes(std::string{SOURCE_DIR} + "/tests/data/schema-1-rows.txt");
    for (auto line : sluice::test::lines_of(text)) {
      const auto key = line.find(' '), value = line.find(' ', key + 1);
      writes.writes.push_back({std::string{node_store}, std::string{line.substr(0, key)},
                               from_hex(line.substr(key + 1, value - key - 1)),
                               from_hex(line.substr(value + 1)), false});
      ++rows;
    }
    ASSERT_TRUE(dir->commit(writes));
  }
  auto dir = data_dir::open(temp / "data", who, open_mode::create_or_continue,
                            {.layout = &test::layout()});
  ASSERT_TRUE(dir) << dir.error().what;
  const job_id job{"aero-weth"};
  const auto kept = tables::jobs.get(*dir, job);
  ASSERT_TRUE(kept) << kept.error().what;
  EXPECT_EQ(kept->config.id, job);
  EXPECT_EQ(kept->config.terms.kind, pool_kind::uniswap);
  EXPECT_EQ(kept->config.terms.decimals1, 18);
  EXPECT_FALSE(kept->config.staked);
  EXPECT_EQ(kept->completed, 3u);
  EXPECT_FALSE(kept->failed);
  --rows;
  auto walked = tables::rounds.for_each(*dir, [&](const round_key& key, const round_record& x) {
    EXPECT_EQ(x.id, key);
    EXPECT_EQ(x.status, round_status::completed);
    EXPECT_EQ(x.terms.unstaked_fee, 0u);
    EXPECT_FALSE(x.ranking.empty()); // the last field
    --rows;
  });
  ASSERT_TRUE(walked) << walked.error().what;
  walked = tables::predictions.for_each(*dir, [&](const prediction_key& key, const prediction& x) {
    EXPECT_EQ(x.uid, key.uid);
    EXPECT_FALSE(x.what.staked);
    EXPECT_EQ(x.outcome.has_value(), x.verdict == miner_verdict::scored);
    if (x.outcome) {
      EXPECT_FALSE(x.outcome->metrics.initial_value.is_zero());
      EXPECT_TRUE(x.outcome->metrics.rewards.is_zero());
      for (const auto& p : x.outcome->positions)
        EXPECT_TRUE(p.liquidity > 0 && p.rewards.is_zero());
    }
    --rows;
  });
  ASSERT_TRUE(walked) << walked.error().what;
  EXPECT_EQ(rows, 0u);
}

/// A folder that version 0.2.0 left while it was in the making (schema 3):
/// `sluice node --dev --seed 11 --rounds 4`.
TEST(schema, of_schema_3_keeps_the_rules_that_its_rounds_were_scored_by) {
  test::temp_folder temp;
  const auto archive = std::string{SOURCE_DIR} + "/tests/data/released/0.2.0/data.tar.gz";
  const auto command = "tar xzf '" + archive + "' -C '" + (temp / "").string() + "'";
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
  const auto marker = read_marker(temp / "data", tables::schema_version);
  ASSERT_TRUE(marker && *marker);
  EXPECT_EQ((*marker)->schema, 3u);
  auto dir = data_dir::open(temp / "data", (*marker)->who, open_mode::create_or_continue,
                            {.layout = &test::layout()});
  ASSERT_TRUE(dir) << dir.error().what;
  size_t rounds = 0, predictions = 0, executions = 0;
  auto walked = tables::rounds.for_each(*dir, [&](const round_key&, const round_record& x) {
    ++rounds;
    EXPECT_EQ(x.rules, scoring_rules::original);
    EXPECT_TRUE(x.counted);
    EXPECT_EQ(x.config.scoring, score_terms{});
    EXPECT_EQ(x.config.board.active_share, 0);
    EXPECT_EQ(x.config.fallback, live_fallback::skip);
    EXPECT_FALSE(x.ranking.empty());
    for (const auto& one : x.results)
      EXPECT_FALSE(one.entered);
  });
  ASSERT_TRUE(walked) << walked.error().what;
  walked = tables::predictions.for_each(*dir, [&](const prediction_key& key, const prediction& x) {
    ++predictions;
    EXPECT_EQ(x.uid, key.uid);
    EXPECT_TRUE(x.questions.empty());
    EXPECT_FALSE(x.entered || x.baseline);
    EXPECT_EQ(x.outcome.has_value(), x.verdict == miner_verdict::scored);
  });
  ASSERT_TRUE(walked) << walked.error().what;
  walked
    = tables::live_executions.for_each(*dir, [&](const execution_key&, const live_execution& x) {
        ++executions;
        EXPECT_EQ(x.status, execution_status::mined);
        EXPECT_FALSE(x.chain_failed);
      });
  ASSERT_TRUE(walked) << walked.error().what;
  EXPECT_EQ(rounds, 14u); // two jobs, four evaluation rounds and three live ones each
  EXPECT_EQ(predictions, 8 * 8 + 6u);
  EXPECT_GT(executions, 0u);
  const auto job = tables::jobs.get(*dir, {"aero-weth"});
  ASSERT_TRUE(job) << job.error().what;
  EXPECT_EQ(job->completed, 4u);
  EXPECT_TRUE(job->vault_owners.empty());
}

} // namespace
} // namespace sluice::storage
