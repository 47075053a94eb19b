#include "storage/data_dir.hpp"
#include "storage/liquidity/tables.hpp"
#include "storage/tables.hpp"
#include "tests/support/layout.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace {

using namespace sluice;
using namespace sluice::test;
namespace tables = storage::tables;

/// Three steps of --dev, made once and copied by every test that spoils something.
class audit : public testing::Test {
protected:
  static void SetUpTestSuite() {
    whole = std::make_unique<scratch_folder>();
    const auto run = run_sluice({"node", "--dev", "--seed", "7", "--rounds", "3", "--output",
                                 "json", "--data", whole->at("state")});
    ASSERT_EQ(run.code, 0) << run.err;
  }
  static void TearDownTestSuite() { whole.reset(); }

  audit() : state{folder.at("state")} {
    std::filesystem::copy(whole->at("state"), state, std::filesystem::copy_options::recursive);
  }

  /// Changes what is stored.
  template <class F>
  void change(F f) const {
    auto disk
      = storage::data_dir::open(state, {"0.1.0", 7, ""}, storage::open_mode::create_or_continue,
                                {.adopt_config = true, .layout = &sluice::test::layout()});
    ASSERT_TRUE(disk) << disk.error().what;
    storage::batch writes;
    f(*disk, writes);
    ASSERT_TRUE(disk->commit(writes));
  }

  program_run round(const std::string& id) const {
    return run_sluice({"audit", "round", id, "--data", state});
  }

  program_run all() const { return run_sluice({"audit", "all", "--data", state}); }

  static inline std::unique_ptr<scratch_folder> whole;
  scratch_folder folder;
  std::string state;
  round_id second{{"weth-usdc"}, round_kind::evaluation, {2}};
};

TEST_F(audit, prints_same_for_a_round_as_it_was) {
  for (const auto* id : {"weth-usdc/evaluation/1", "weth-usdc/evaluation/2",
                         "aero-weth/evaluation/2", "aero-weth/live/2"}) {
    const auto run = round(id);
    EXPECT_EQ(run.code, 0) << id << run.err;
    EXPECT_EQ(run.out, "same\n") << id;
    EXPECT_EQ(run.err, "");
  }
}

TEST_F(audit, names_the_first_number_that_differs) {
  change([&](const storage::data_dir& disk, storage::batch& writes) {
    auto row = *tables::predictions.get(disk, {second, {2}});
    row.outcome->metrics.fees0 += u256{1U};
    tables::predictions.put(writes, {second, {2}}, row);
  });
  const auto run = round(to_string(second));
  EXPECT_EQ(run.code, 1);
  EXPECT_TRUE(run.out.starts_with("miner 2.outcome.metrics.fees0: ")) << run.out;
  EXPECT_EQ(round("weth-usdc/evaluation/1").code, 0);
  const auto everything = all();
  EXPECT_EQ(everything.code, 1);
  EXPECT_NE(everything.out.find("weth-usdc/evaluation/2: miner 2.outcome.metrics.fees0"),
            std::string::npos)
    << everything.out;
  EXPECT_NE(everything.out.find(" 1 differ;"), std::string::npos) << everything.out;
}

TEST_F(audit, sees_a_changed_score_ranking_answer_and_market) {
  const auto spoil = [&](const char* what, auto f) {
    SCOPED_TRACE(what);
    std::vector<std::pair<round_record, std::vector<prediction>>> before;
    change([&](const storage::data_dir& disk, storage::batch& writes) { f(disk, writes); });
    EXPECT_EQ(round(to_string(second)).code, 1);
    std::filesystem::remove_all(state);
    std::filesystem::copy(whole->at("state"), state, std::filesystem::copy_options::recursive);
  };
  spoil("score", [&](const storage::data_dir& disk, storage::batch& writes) {
    auto row = *tables::predictions.get(disk, {second, {3}});
    row.score = std::nextafter(row.score, 1);
    tables::predictions.put(writes, {second, {3}}, row);
  });
  spoil("ranking", [&](const storage::data_dir& disk, storage::batch& writes) {
    auto row = *tables::rounds.get(disk, second);
    std::swap(row.ranking.at(0), row.ranking.at(1));
    tables::rounds.put(writes, second, row);
  });
  spoil("answer", [&](const storage::data_dir& disk, storage::batch& writes) {
    auto row = *tables::predictions.get(disk, {second, {2}});
    row.what.opening->at(0).tick_lower -= 10;
    tables::predictions.put(writes, {second, {2}}, row);
  });
  spoil("result", [&](const storage::data_dir& disk, storage::batch& writes) {
    auto row = *tables::rounds.get(disk, second);
    row.results.at(0).note = "something else";
    tables::rounds.put(writes, second, row);
  });
}

TEST_F(audit, sees_a_score_that_was_counted_twice) {
  change([&](const storage::data_dir& disk, storage::batch& writes) {
    auto row = *tables::miner_scores.get(disk, {{"weth-usdc"}, {"miner-wide"}});
    row.evaluations += 1;
    tables::miner_scores.put(writes, {{"weth-usdc"}, {"miner-wide"}}, row);
  });
  const auto run = all();
  EXPECT_EQ(run.code, 1);
  EXPECT_NE(run.out.find("scores of weth-usdc: miner-wide.evaluations: "), std::string::npos)
    << run.out;
}

TEST_F(audit, sees_weights_that_the_chain_does_not_hold) {
  change([&](const storage::data_dir& disk, storage::batch& writes) {
    auto [epoch, row] = **tables::published.last(disk);
    row.read_back.clear();
    tables::published.put(writes, epoch, row);
  });
  const auto run = all();
  EXPECT_EQ(run.code, 1);
  EXPECT_NE(run.out.find("weights: epoch "), std::string::npos) << run.out;
}

TEST_F(audit, without_its_market_a_round_cannot_be_recomputed) {
  change([&](const storage::data_dir&, storage::batch& writes) {
    tables::checkpoints.erase(writes, {{"weth-usdc"}, 900});
  });
  const auto run = round(to_string(second));
  EXPECT_NE(run.code, 0);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("recorded start"), std::string::npos) << run.err;
}

TEST_F(audit, of_some_rounds_only) {
  const auto some = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> all{"audit", "all", "--data", state};
    all.insert(all.end(), flags.begin(), flags.end());
    return run_sluice(all);
  };
  const auto run = some({"--from", "2", "--to", "3"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.err, ""); // progress is for terminals
  EXPECT_EQ(run.out.find("evaluation/1"), std::string::npos) << run.out;
  for (const auto* part : {"weth-usdc/evaluation/2: same\n", "weth-usdc/evaluation/3: same\n",
                           "scores of weth-usdc: same\n", "weights: same\n"})
    EXPECT_NE(run.out.find(part), std::string::npos) << run.out;
  for (const auto& [flags, part] : std::vector<std::pair<std::vector<std::string>, std::string>>{
         {{"--from", "4"}, "no completed round from 4 on is stored here; aero-weth has 1 to 2"},
         {{"--from", "3", "--to", "2"}, "--from 3 is after --to 2"},
         {{"--from", "-1"}, "expected the number of a round"},
         {{"--to", "weth-usdc/evaluation/2"}, "expected the number of a round"},
         {{"--to", "99999999999999999999"}, "expected the number of a round"}}) {
    const auto refused = some(flags);
    EXPECT_EQ(refused.code, 2) << part;
    EXPECT_EQ(refused.out, "");
    EXPECT_NE(refused.err.find(part), std::string::npos) << refused.err;
  }
}

TEST_F(audit, of_what_is_not_there_is_reported) {
  const auto expect = [](const program_run& run, int code, const char* part) {
    EXPECT_EQ(run.code, code) << run.err;
    EXPECT_EQ(run.out, "");
    EXPECT_NE(run.err.find(part), std::string::npos) << run.err;
    EXPECT_EQ(run.err.find('\n'), run.err.size() - 1) << run.err;
  };
  expect(round("weth-usdc/evaluation/99"), 2, "weth-usdc/evaluation/99 is not stored here");
  expect(round("nobody/live/1"), 2, "nobody/live/1 is not stored here");
  for (const auto* id : {"weth-usdc", "weth-usdc/2", "weth-usdc/both/2", "weth-usdc/live/", "//",
                         "weth-usdc/live/-1", "weth-usdc/live/2x", "/live/2",
                         "weth-usdc/live/99999999999999999999999"})
    expect(round(id), 2, "expected JOB/evaluation/NUMBER or JOB/live/NUMBER");
  expect(run_sluice({"audit", "all", "--data", folder.at("nowhere")}), 3, "nowhere");
  EXPECT_EQ(run_sluice({"audit", "round", "weth-usdc/live/2"}).code, 2); // no --data
  EXPECT_EQ(run_sluice({"audit"}).code, 2);
}

TEST_F(audit, of_a_round_that_is_not_over_is_refused) {
  change([&](const storage::data_dir& disk, storage::batch& writes) {
    auto row = *tables::rounds.get(disk, second);
    row.status = round_status::active;
    tables::rounds.put(writes, second, row);
  });
  const auto run = round(to_string(second));
  EXPECT_EQ(run.code, 2);
  EXPECT_NE(run.err.find("is not completed"), std::string::npos) << run.err;
}

TEST_F(audit, speaks_json) {
  const auto run = run_sluice({"audit", "all", "--data", state, "--output", "json"});
  EXPECT_EQ(run.code, 0) << run.err;
  const auto shown = nlohmann::json::parse(run.out, nullptr, false);
  ASSERT_TRUE(shown.is_array()) << run.out;
  ASSERT_GE(shown.size(), 9U);
  for (const auto& x : shown) {
    EXPECT_EQ(x["same"], true) << x;
    EXPECT_GT(x["checked"], 0) << x;
  }
}

TEST_F(audit, reads_beside_a_running_node) {
  const auto held
    = storage::data_dir::open(state, {"0.1.0", 7, ""}, storage::open_mode::create_or_continue,
                              {.adopt_config = true, .layout = &sluice::test::layout()});
  ASSERT_TRUE(held) << held.error().what;
  EXPECT_EQ(all().code, 0);
}

} // namespace
