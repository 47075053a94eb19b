#include "actors/report/json_lines.hpp"
#include "tests/actors/report/sample_run.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace sluice::report {

using nlohmann::json;

std::string whole_run(const json_extras& extras, const lap_done& lap = test::lap()) {
  run_memory memory;
  memory.start(test::started());
  const auto news = memory.take(lap);
  return start_json(test::started(), extras) + lap_json(lap, news, memory, extras)
         + over_json({0, "", 20}, memory, extras);
}

std::vector<json> events(const std::string& text) {
  std::vector<json> all;
  for (const auto& line : test::lines_of(text))
    all.push_back(json::parse(line));
  return all;
}

TEST(json_lines, one_object_per_line_in_the_order_of_events) {
  std::vector<std::string> names;
  for (const auto& x : events(whole_run({})))
    names.push_back(x.at("event"));
  EXPECT_EQ(names,
            (std::vector<std::string>{"start", "round", "round", "round", "weights", "over"}));
}

TEST(json_lines, equal_runs_are_equal_bytes) {
  auto other = test::lap(); // what no seed decides
  for (auto& job : other.jobs) {
    for (auto& x : job.predictions)
      x.response_us += 7777;
    job.evaluation->attempts = 2;
  }
  EXPECT_EQ(whole_run({}), whole_run({}, other));
}

TEST(json_lines, clock_and_folder_are_only_told_when_asked_for) {
  const auto bare = whole_run({});
  EXPECT_EQ(bare.find("\"time\""), std::string::npos);
  EXPECT_EQ(bare.find("/tmp"), std::string::npos);
  EXPECT_EQ(bare.find("123456"), std::string::npos); // response times
  const auto full = whole_run({1700000000123, true});
  for (const auto& line : test::lines_of(full))
    EXPECT_TRUE(line.starts_with("{\"time\":1700000000123,\"event\":")) << line;
  EXPECT_EQ(events(full).front().at("data"), "/tmp/sluice data");
  EXPECT_EQ(events(full).back().at("data"), "/tmp/sluice data");
}

TEST(json_lines, a_live_round_is_this_line) {
  EXPECT_EQ(test::lines_of(whole_run({}))[3],
            R"({"event":"round","lap":3,"kind":"live","job":"weth-usdc","round":1961,)"
            R"("status":"completed","start_block":882450,"end_block":882899,)"
            R"("start_time":1700000000,"end_time":1700000900,"price_start":3000.0000000000005,)"
            R"("price_end":3006.0029999999997,"swaps":214,"winner":2,"note":"","miners":[{"uid":2,)"
            R"("hotkey":"miner-wide","strategy":"wide","rank":1,"verdict":"scored","score":0.0011,)"
            R"("metrics":{"initial_value":"60000000000","final_value":"60066000000",)"
            R"("hodl_value":"60030000000","fees0":"2000000","fees1":"3000000",)"
            R"("fees_value":"8500000","impermanent_loss":0.00024,"net_pnl_vs_hodl":"36000000",)"
            R"("in_range_ratio":0.5,"rebalances":2},)"
            R"("averages":{"evaluation":0.0002,"live":0.00033,"combined":0.000252},)"
            R"("eligible":true,"invalid":0,"note":""}]})");
}

TEST(json_lines, only_a_staked_job_has_rewards) {
  auto lap = test::lap();
  for (auto& job : lap.jobs) {
    job.evaluation->config.staked = true;
    for (auto& x : job.predictions)
      if (x.outcome)
        x.outcome->metrics.rewards = u256{1000u} + u256{x.uid.value};
  }
  size_t told = 0;
  for (const auto& event : events(whole_run({}, lap)))
    if (event["event"] == "round" && event["kind"] == "evaluation")
      for (const auto& miner : event["miners"])
        if (miner["metrics"].is_object()) {
          EXPECT_EQ(miner["metrics"].at("rewards"), std::to_string(1000 + miner["uid"].get<int>()));
          ++told;
        }
  EXPECT_GT(told, 0u);
  EXPECT_EQ(whole_run({}).find("rewards"), std::string::npos);
}

TEST(json_lines, every_miner_of_a_round_is_there) {
  const auto round = events(whole_run({}))[1];
  ASSERT_EQ(round.at("miners").size(), 8u);
  EXPECT_EQ(round["winner"], 3);
  const auto& refuser = round["miners"][5];
  EXPECT_EQ(refuser["verdict"], "refused");
  EXPECT_TRUE(refuser["rank"].is_null());
  EXPECT_TRUE(refuser["score"].is_null());
  EXPECT_TRUE(refuser["metrics"].is_null());
  EXPECT_EQ(refuser["note"], "refused: not quoting this pair today");
  EXPECT_EQ(refuser["averages"]["evaluation"], 0.0005);
}

TEST(json_lines, numbers_read_back_as_the_same) {
  auto lap = test::lap();
  const double odd = 0.1 + 0.2;
  lap.jobs[0].evaluation->results[2].score = odd;
  lap.jobs[0].scores[2].second.combined_score = 1e-17 / 3;
  const auto miner = events(whole_run({}, lap))[1]["miners"][0];
  EXPECT_EQ(miner["score"].get<double>(), odd);
  EXPECT_EQ(miner["averages"]["combined"].get<double>(), 1e-17 / 3);
}

TEST(json_lines, what_is_no_number_is_null) {
  auto lap = test::lap();
  lap.jobs[0].evaluation->results[2].score = std::numeric_limits<double>::quiet_NaN();
  lap.jobs[0].scores[2].second.combined_score = std::numeric_limits<double>::infinity();
  lap.jobs[0].predictions[2].outcome.reset();
  const auto text = whole_run({}, lap);
  const auto miner = events(text)[1]["miners"][0];
  EXPECT_TRUE(miner["score"].is_null());
  EXPECT_TRUE(miner["averages"]["combined"].is_null());
  EXPECT_TRUE(miner["metrics"].is_null());
}

TEST(json_lines, text_that_is_not_utf8_does_no_harm) {
  auto lap = test::lap();
  lap.jobs[0].note = "\xff\xfe broken";
  lap.jobs[0].evaluation->results[5].note = "line\nend \"\xc3\"";
  lap.published->reason = "\xed\xa0\x80";
  EXPECT_EQ(events(whole_run({}, lap)).size(), 6u);
}

TEST(json_lines, empty_laps_and_ends_are_events) {
  lap_done lap;
  EXPECT_EQ(lap_json(lap, {}, run_memory{}, {}), "");
  lap.jobs.resize(1);
  lap.jobs[0].job = {"ens-weth"};
  lap.jobs[0].completed = 4;
  lap.jobs[0].note = "over";
  EXPECT_EQ(lap_json(lap, {false, {{"ens-weth"}}}, run_memory{}, {}),
            "{\"event\":\"ended\",\"job\":\"ens-weth\",\"rounds\":4,\"failed\":false,"
            "\"note\":\"over\"}\n");
  EXPECT_EQ(over_json({2, "why", 0}, run_memory{}, {}),
            "{\"event\":\"over\",\"code\":2,\"why\":\"why\",\"laps\":0,\"jobs\":[],"
            "\"weights\":null}\n");
}

TEST(json_lines, the_summary_has_leaders_and_the_last_weights) {
  const auto over = events(whole_run({})).back();
  ASSERT_EQ(over["jobs"].size(), 2u);
  EXPECT_EQ(over["jobs"][1]["job"], "weth-usdc");
  EXPECT_EQ(over["jobs"][1]["rounds"], 3);
  EXPECT_EQ(over["jobs"][1]["leader"], 2);
  EXPECT_EQ(over["jobs"][1]["miners"][0]["uid"], 8);
  EXPECT_EQ(over["weights"]["epoch"], 3);
  EXPECT_EQ(over["weights"]["same"], true);
}

} // namespace sluice::report
