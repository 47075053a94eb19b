// Files become rows, rows are settled and scored, and the views say how.
#include "actors/mechanism_module.hpp"
#include "actors/sports/explain.hpp"
#include "actors/sports/folder.hpp"
#include "actors/sports/metrics.hpp"
#include "actors/sports/stats.hpp"
#include "actors/sports/views.hpp"
#include "storage/sports/audit.hpp"
#include "storage/sports/tables.hpp"
#include "storage/sports/writer.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/sports_file.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace {

using namespace sluice;
using views::json;

class sports_folder_of_files : public testing::Test {
protected:
  sports_folder at() const { return {folder_.at("data"), "0.1.0", {}}; }

  result<sports_import_report> take(bool strict = false) {
    sports_import what;
    what.at = at();
    what.files = {folder_.write("picks.jsonl", test::sports_file_text)};
    what.strict = strict;
    what.bad_record = [this](const std::string& reason) { reasons_.push_back(reason); };
    return import_sports(what);
  }

  storage::data_dir look() const {
    static const auto layout = schema_of(all_mechanisms());
    auto disk = storage::data_dir::open(folder_.at("data"), {}, storage::open_mode::read_only,
                                        {.layout = &layout});
    if (!disk)
      throw std::runtime_error(disk.error().what);
    return *std::move(disk);
  }

  test::scratch_folder folder_;
  std::vector<std::string> reasons_;
};

uint64_t answers_with(const sports_import_report& x, prediction_code code) {
  return x.answers.at(static_cast<size_t>(code));
}

TEST_F(sports_folder_of_files, takes_each_record_once) {
  const auto first = take();
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->games, 3U);
  EXPECT_EQ(first->predictions, 3U);
  EXPECT_EQ(first->bad, 1U);
  ASSERT_EQ(reasons_.size(), 1U);
  EXPECT_NE(reasons_[0].find("picks.jsonl:6"), std::string::npos) << reasons_[0];
  EXPECT_EQ(answers_with(*first, prediction_code::accepted), 2U);
  EXPECT_EQ(answers_with(*first, prediction_code::game_started), 1U);
  const auto again = take();
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(answers_with(*again, prediction_code::accepted), 0U);
  EXPECT_EQ(answers_with(*again, prediction_code::duplicate_prediction), 2U);
  EXPECT_EQ(again->confirmed_again, 2U);
  EXPECT_FALSE(take(true));
}

TEST_F(sports_folder_of_files, settles_once) {
  EXPECT_FALSE(settle_sports_folder(at())); // there is no such folder
  ASSERT_TRUE(take());
  const auto made = settle_sports_folder(at());
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->won, 1U);
  EXPECT_EQ(made->lost, 1U);
  EXPECT_EQ(*settle_sports_folder(at()), sports_settled{});
}

TEST_F(sports_folder_of_files, scores_as_worked_out_by_hand) {
  ASSERT_TRUE(take());
  const auto made = score_sports_folder(at());
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->number, 1U);
  EXPECT_EQ(made->settled, 2U);
  ASSERT_EQ(made->scores.miners.size(), 2U);
  const auto& a = made->scores.miners[0];
  const auto& b = made->scores.miners[1];
  EXPECT_EQ(a.uid.value, 60U);
  EXPECT_EQ(a.tier, 1);
  EXPECT_NEAR(a.tier_score, (0.3 * 1.25 + 0.3 + 0.3 / 0.525) / 3, 1e-12);
  EXPECT_NEAR(b.tier_score, (0.3 * (2 / 2.4) - 0.3 - 0.3 / (0.475 + 1e-5)) / 3, 1e-12);
  EXPECT_NEAR(a.weight, std::exp(12.0) / (1 + std::exp(12.0)), 1e-12);
  EXPECT_NEAR(a.weight + b.weight, 1, 1e-12);
  EXPECT_EQ(a.lifetime_earnings, 40 * nano_one);
  const auto findings = storage::audit_sports(look());
  ASSERT_TRUE(findings);
  for (const auto& x : *findings)
    EXPECT_EQ(x.difference, "") << x.what;
}

TEST_F(sports_folder_of_files, explains_every_number) {
  ASSERT_TRUE(take());
  EXPECT_FALSE(explain_sports(look(), "60")); // no scoring yet
  ASSERT_TRUE(score_sports_folder(at()));
  const auto disk = look();
  const auto by_uid = explain_sports(disk, "60");
  ASSERT_TRUE(by_uid) << by_uid.error().what;
  EXPECT_EQ(*by_uid, *explain_sports(disk, "a"));
  const auto& x = *by_uid;
  EXPECT_EQ(x["rank"], 1);
  EXPECT_EQ(x["tier"], 1);
  EXPECT_EQ(x["days"][0]["day"], "2026-01-05");
  EXPECT_EQ(x["days"][0]["how"],
            "0.3 * 1.250000 + 0.3 * 1.000000 + 0.3 * 1.904762 + 0.1 * 0.000000 = 1.246429");
  EXPECT_EQ(x["evidence"][0]["how"],
            "clv 2 / 1.600000 = 1.250000; roi (40 - 20) / 20 = 1.000000; p = 0.95 / 2 = 0.475000, "
            "risk 1.000000 / min(1 - p, 1) = 1.904762; entropy 0.200000 in its pool, scaled "
            "0.000000");
  EXPECT_EQ(x["weight_terms"]["how"],
            "exp(12 * 1 / 1) + 0.15 * 0 = 162754.791419; / 162755.791419 of all = 0.999994");
  EXPECT_EQ(x["tiers"].size(), 5U);
  EXPECT_EQ(x["why_not_higher"], x["tiers"][1]["fault"]);
  const auto missing = explain_sports(disk, "c");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ec::no_such_key);
}

TEST_F(sports_folder_of_files, shows_games_standings_and_counts) {
  ASSERT_TRUE(take());
  ASSERT_TRUE(score_sports_folder(at()));
  const auto disk = look();
  const auto games = *sports_games_view(disk);
  ASSERT_EQ(games.size(), 1U);
  EXPECT_EQ(games[0]["game"], "g1");
  EXPECT_EQ(games[0]["outcome"], "team_a");
  EXPECT_EQ(games[0]["odds_a"], "1.6");
  EXPECT_EQ(games[0]["odds_tie"], nullptr);
  const auto tiers = *sports_tiers_view(disk);
  ASSERT_EQ(tiers.size(), 2U);
  EXPECT_EQ(tiers[0]["hotkey"], "a");
  EXPECT_EQ(tiers[0]["rank"], 1);
  const auto all = *sports_overview(disk);
  EXPECT_EQ(all["games"]["decided"], 1);
  EXPECT_EQ(all["predictions"]["won"], 1);
  EXPECT_EQ(all["tiers"]["1"], 2);
  EXPECT_EQ(all["last_attempt"], nullptr);
  EXPECT_EQ(*sports_weights_view(disk), json::array());
}

TEST_F(sports_folder_of_files, has_statistics_that_add_up) {
  ASSERT_TRUE(take());
  ASSERT_TRUE(score_sports_folder(at()));
  const auto x = *sports_stats(look());
  const auto& predictions = x["predictions"];
  EXPECT_EQ(predictions["received"], 3);
  EXPECT_EQ(predictions["validated"], 2);
  EXPECT_EQ(predictions["rejected"], 1);
  EXPECT_EQ(predictions["stored"], 2);
  EXPECT_EQ(predictions["in_flight"], 0);
  EXPECT_EQ(predictions["confirmations_sent"], 3);
  EXPECT_EQ(predictions["codes"]["game_started"], 1);
  EXPECT_EQ(x["scoring"]["runs"], 1);
  EXPECT_EQ(x["scoring"]["prediction_settlements"], 2);
  EXPECT_EQ(x["weights"]["attempted"], 0);
  EXPECT_EQ(x["weights"]["recent_success_rate"], nullptr);
  EXPECT_EQ(x["tasks"], nullptr); // no node has run on this folder
}

TEST_F(sports_folder_of_files, shows_attempts_and_what_services_stated) {
  ASSERT_TRUE(take());
  {
    static const auto layout = schema_of(all_mechanisms());
    auto disk
      = storage::data_dir::open(folder_.at("data"), {"0.1.0", 0, ""},
                                storage::open_mode::create_or_continue, {.layout = &layout});
    ASSERT_TRUE(disk) << disk.error().what;
    storage::batch writes;
    constexpr int64_t second = 1'000'000;
    weights_attempt good;
    good.number = 1;
    good.time_us = 100 * second;
    good.epoch = 4;
    good.reason = "timer";
    good.end = weights_end::succeeded;
    good.ended_us = 110 * second;
    good.vector = {{miner_uid{60}, 0.75}, {miner_uid{61}, 0.25}};
    storage::add_attempt(writes, good);
    weights_attempt bad;
    bad.number = 2;
    bad.time_us = 200 * second;
    bad.epoch = 5;
    bad.reason = "retry";
    bad.end = weights_end::failed;
    bad.ended_us = 205 * second;
    bad.error = "too fast";
    bad.error_type = "SettingWeightsTooFast";
    storage::add_attempt(writes, bad);
    ASSERT_TRUE(storage::add_stats(*disk, writes, {"events", 210 * second}, R"({"queue_size":3})"));
    ASSERT_TRUE(disk->commit(writes));
  }
  const auto disk = look();
  const auto rows = *sports_weights_view(disk);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0]["attempt"], 2);
  EXPECT_EQ(rows[0]["error_type"], "SettingWeightsTooFast");
  EXPECT_EQ(rows[1]["weights"]["60"], 0.75);
  EXPECT_EQ(sports_weights_view(disk, 1)->size(), 1U);
  const auto x = *sports_stats(disk);
  EXPECT_EQ(x["events"]["queue_size"], 3);
  EXPECT_EQ(x["weights"]["succeeded"], 1);
  EXPECT_EQ(x["weights"]["failed"], 1);
  EXPECT_EQ(x["weights"]["errors"]["SettingWeightsTooFast"], 1);
  EXPECT_EQ(x["weights"]["recent_success_rate"], 0.5);
  EXPECT_EQ(x["weights"]["seconds_since_success"], 100);
}

TEST_F(sports_folder_of_files, has_metrics) {
  ASSERT_TRUE(take());
  ASSERT_TRUE(score_sports_folder(at()));
  metric_list list;
  add_sports_metrics(list, look());
  std::map<std::string, net::metric> all;
  for (auto& x : list.take())
    all.emplace(x.name, x);
  ASSERT_TRUE(all.contains("sluice_sports_predictions_received_total"));
  EXPECT_EQ(all.at("sluice_sports_predictions_received_total").points.at(0).value, 3);
  ASSERT_TRUE(all.contains("sluice_sports_weight"));
  EXPECT_EQ(all.at("sluice_sports_weight").points.size(), 2U);
  EXPECT_EQ(all.at("sluice_sports_predictions_answered_total").points.size(),
            prediction_code_names.size());
}

} // namespace
