#include "io/trading/rows.hpp"
#include "storage/trading/tables.hpp"
#include "tests/rules/trading/some_events.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/shared.hpp"
#include "tools/trading/ledger.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <random>

namespace sluice::tools {
namespace {

namespace fs = std::filesystem;

std::string world_text() {
  return R"({"kind":"settings","now":"2025-06-01T00:00:00Z"})"
         "\n"
         R"({"kind":"metagraph","block":5,"time":"2025-04-01T00:00:00Z",)"
         R"("neurons":[{"uid":1,"hotkey":")"
         + test::some_key(1) + R"(","coldkey":")" + test::some_key(101)
         + R"(","dividends":0.0,"stake":1.0}]})" + "\n";
}

trading_event some_event(int64_t seconds, stake_action action, int64_t alpha) {
  trading_event x;
  x.coldkey = test::some_key(101);
  x.hotkey = test::some_key(2);
  x.extrinsic = "x" + std::to_string(seconds);
  x.netuid = 3;
  x.time_us = test::april_2025_us + seconds * us_per_second;
  x.action = action;
  x.alpha = alpha;
  x.tao = alpha * 2;
  return x;
}

std::string rows_text(size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i)
    text += io::event_row_text(some_event(static_cast<int64_t>(i) * 5000,
                                          i % 3 == 2 ? stake_action::unstake : stake_action::stake,
                                          1'000'000'000 + static_cast<int64_t>(i)))
            + '\n';
  return text;
}

class trading_ledger_folder : public testing::Test {
protected:
  result<ledger_folder> open(bool write = true) {
    return ledger_folder::open({folder_.at("data"), write, nullptr, "1.0.0"});
  }
  import_options importing(std::vector<std::string> files) {
    import_options options;
    options.files = std::move(files);
    options.world_file = folder_.write("world.jsonl", world_text());
    return options;
  }

  test::scratch_folder folder_;
};

TEST_F(trading_ledger_folder, takes_pools_and_the_last_row_of_a_subnet_counts) {
  const auto file = folder_.write(
    "pools.jsonl",
    R"({"netuid":3,"tao_reserve":1.5,"alpha_reserve":"20","alpha_supply":100,"price":0.075})"
    "\n"
    R"({"tao_reserve":1.5})"
    "\n"
    R"({"netuid":7,"tao_reserve":2,"alpha_reserve":4,"emission_rate":0.5,"price":0.5})"
    "\n"
    R"({"netuid":3,"tao_reserve":3,"alpha_reserve":"20","price":0.15})");
  auto ledger = open();
  ASSERT_TRUE(ledger) << ledger.error().what;
  auto options = importing({});
  options.pool_files = {file};
  const auto report = ledger->import(options);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->pools, 3U);
  EXPECT_EQ(report->pool_rows.rejected_rows(), 1U);
  ASSERT_EQ(report->pool_rows.why.size(), 1U);
  EXPECT_TRUE(report->pool_rows.why[0].starts_with(file + ":2: expected an object with netuid"))
    << report->pool_rows.why[0];
  const auto three = storage::tables::trading_pools.get(ledger->disk(), 3);
  ASSERT_TRUE(three) << three.error().what;
  EXPECT_EQ(three->tao_reserve, 3'000'000'000);
  EXPECT_EQ(three->price, 0.15);
  EXPECT_EQ(three->time_us, ledger->setup().terms.now_us);
  EXPECT_EQ(storage::tables::trading_pools.get(ledger->disk(), 7)->emission_rate, 0.5);
  options.strict = true;
  const auto stopped = ledger->import(options);
  ASSERT_FALSE(stopped);
  EXPECT_NE(stopped.error().what.find("stopped by strict"), std::string::npos);
}

TEST_F(trading_ledger_folder, an_import_makes_the_folder_and_stays) {
  const auto file = folder_.write("events.jsonl", rows_text(30) + "{}\n");
  std::vector<int> percents;
  {
    auto ledger = open();
    ASSERT_TRUE(ledger) << ledger.error().what;
    const auto report
      = ledger->import(importing({file, file}), [&percents](int x) { percents.push_back(x); });
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->files, 2U);
    EXPECT_EQ(report->rows.rows, 62U);
    EXPECT_EQ(report->rows.rejected_rows(), 2U);
    EXPECT_EQ(report->plan.added, 30U);
    EXPECT_EQ(report->plan.duplicates, 30U);
  }
  EXPECT_TRUE(std::is_sorted(percents.begin(), percents.end()));
  EXPECT_EQ(percents.back(), 100);
  const auto ledger = open(false);
  ASSERT_TRUE(ledger);
  EXPECT_EQ(ledger->setup().world.identities.size(), 1U);
  const auto miners = storage::all_performance(ledger->disk(), ledger->setup());
  EXPECT_EQ(miners->front().totals.lots, 20U);
  EXPECT_EQ(miners->front().totals.trades, 10U);
  const auto counts = storage::stored_counts(ledger->disk());
  EXPECT_EQ(counts->at("rows"), 62U);
  EXPECT_EQ(counts->at("rejected.netuid"), 2U);
  EXPECT_EQ(counts->at("duplicate"), 30U);
  EXPECT_EQ(ledger->check()->errors, 0U);
}

TEST_F(trading_ledger_folder, passes_of_any_size_give_the_same) {
  const auto file = folder_.write("events.jsonl", rows_text(50));
  std::vector<std::string> lots;
  for (const size_t pass : {1, 7, 1000}) {
    auto ledger
      = ledger_folder::open({folder_.at("data" + std::to_string(pass)), true, nullptr, "1.0.0"});
    ASSERT_TRUE(ledger);
    ASSERT_TRUE(ledger->import(importing({file}), {}, pass));
    std::string all;
    ASSERT_TRUE(storage::for_each_position(
      ledger->disk(), {}, [&all](const storage::book_place&, const trading_lot& x) {
        all += storage::encode(x);
        return true;
      }));
    lots.push_back(all);
    EXPECT_EQ(storage::stored_counts(ledger->disk())->at("rows"), 50U);
  }
  EXPECT_EQ(lots[0], lots[2]);
  EXPECT_EQ(lots[1], lots[2]);
}

TEST_F(trading_ledger_folder, strict_stops_with_the_place) {
  auto ledger = open();
  auto options = importing({folder_.write("events.jsonl", rows_text(2) + "{}\n")});
  options.strict = true;
  const auto report = ledger->import(options);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ec::bad_input);
  EXPECT_NE(report.error().what.find("events.jsonl:3:"), std::string::npos) << report.error().what;
  EXPECT_EQ(ledger->import(importing({})).error().code, ec::invalid_argument);
}

TEST_F(trading_ledger_folder, somebody_who_has_the_folder_is_named_with_advice) {
  const auto ledger = open();
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ec::busy);
  EXPECT_NE(second.error().what.find("stop the node"), std::string::npos);
}

TEST_F(trading_ledger_folder, goes_on_with_the_identity_of_a_nodes_folder) {
  const std::vector parts{storage::trading_schema()};
  const auto layout = storage::schema_with(parts);
  {
    auto disk
      = storage::data_dir::open(folder_.at("data"), {"1.0.0", 77, "abc"},
                                storage::open_mode::create_or_continue, {.layout = &layout});
    ASSERT_TRUE(disk);
  }
  {
    auto ledger = open();
    ASSERT_TRUE(ledger) << ledger.error().what;
    ASSERT_TRUE(ledger->import(importing({folder_.write("events.jsonl", rows_text(3))})));
  }
  EXPECT_TRUE(storage::data_dir::open(folder_.at("data"), {"1.0.0", 77, "abc"},
                                      storage::open_mode::create_or_continue, {.layout = &layout}));
}

TEST_F(trading_ledger_folder, settings_give_terms_and_the_blacklist) {
  auto ledger = open();
  trading_settings settings;
  settings.blacklist = {test::some_key(1)};
  settings.ledger.dust_units = 7;
  settings.now_us = test::april_2025_us + 99 * us_per_day;
  auto options = importing({folder_.write("events.jsonl", rows_text(3))});
  settings.world_file = options.world_file;
  options.world_file.clear();
  options.settings = &settings;
  ASSERT_TRUE(ledger->import(options));
  EXPECT_EQ(ledger->setup().terms.ledger.dust_units, 7);
  EXPECT_EQ(ledger->setup().terms.now_us, settings.now_us);
  EXPECT_EQ(storage::all_performance(ledger->disk(), ledger->setup())->front().status,
            trading_status::blacklisted);
}

TEST_F(trading_ledger_folder, rebuild_archive_and_export_fit_together) {
  auto ledger = open();
  ASSERT_TRUE(ledger->import(importing({folder_.write("events.jsonl", rows_text(60))})));
  const auto rebuilt = ledger->rebuild();
  ASSERT_TRUE(rebuilt);
  EXPECT_EQ(rebuilt->changed, 0U);
  std::string text;
  const auto exported = export_events(ledger->disk(), {}, [&text](std::string_view line) {
    text += line;
    return true;
  });
  ASSERT_TRUE(exported);
  EXPECT_EQ(*exported, 60U);
  EXPECT_EQ(text, rows_text(60));
  EXPECT_EQ(export_events(ledger->disk(), {}, [](std::string_view) { return false; }).error().code,
            ec::unreachable);
  trading_retention retention;
  retention.retention_days = 60;
  EXPECT_GT(*ledger->archive(retention), 0U);
  EXPECT_EQ(ledger->check()->errors, 0U);
}

/// The cases of mechanisms-large, through files and tables, beside the same in memory (which
/// tests/vectors compares with what is expected).
TEST_F(trading_ledger_folder, the_public_cases_go_through_the_disk) {
  const auto cases = test::shared_folder() / "vectors/mechanisms-large/trading";
  if (!fs::exists(cases))
    GTEST_SKIP() << cases << " is not here";
  size_t number = 0;
  for (const auto& one : fs::directory_iterator{cases}) {
    const auto world = io::read_world_file((one.path() / "input-world.jsonl").string());
    ASSERT_TRUE(world);
    import_options options;
    options.world_file = (one.path() / "input-world.jsonl").string();
    options.rows.mapping = world->mapping.value_or(tao_mapping::in_is_tao);
    for (const auto* name : {"input-taostats.jsonl", "input-taoapp.jsonl"})
      if (fs::exists(one.path() / name))
        options.files.push_back((one.path() / name).string());
    auto ledger = ledger_folder::open(
      {folder_.at("case" + std::to_string(++number)), true, nullptr, "1.0.0"});
    const auto report = ledger->import(options);
    ASSERT_TRUE(report) << report.error().what;
    std::ifstream file{one.path() / "expected.json"};
    const auto expected = nlohmann::json::parse(file);
    EXPECT_EQ(report->rows.rows, expected.at("events").at("rows").get<uint64_t>());
    EXPECT_EQ(report->plan.duplicates, expected.at("events").at("duplicate").get<uint64_t>());
    const auto miners = *storage::all_performance(ledger->disk(), ledger->setup());
    ASSERT_EQ(miners.size(), expected.at("miners").size());
    for (size_t i = 0; i < miners.size(); ++i) {
      const auto& x = expected.at("miners")[i];
      EXPECT_EQ(miners[i].hotkey, x.at("hotkey").get<std::string>());
      EXPECT_EQ(miners[i].totals.legs, x.at("legs").get<uint64_t>());
      EXPECT_NEAR(miners[i].score.score, x.at("score").get<double>(), 1e-6);
      EXPECT_NEAR(miners[i].weight, x.at("weight").get<double>(), 1e-6);
    }
  }
  EXPECT_GT(number, 0U);
}

} // namespace
} // namespace sluice::tools
