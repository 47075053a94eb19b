#include "actors/report/json_lines.hpp"
#include "tests/actors/liquidity/report/sample_run.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

// Whole runs of this mechanism alone, as machines read them.

namespace sluice::report {

std::string jobs_run_json(const json_extras& extras, const step_done& step = test::done_step()) {
  const auto memory = test::remembered({step});
  return start_json(memory, extras) + step_done_json(step, memory, extras)
         + over_json({0, "", 20}, memory, extras);
}

std::vector<json> events(const std::string& text) {
  std::vector<json> all;
  for (const auto& line : test::lines_of(text))
    all.push_back(json::parse(line));
  return all;
}

TEST(jobs_json, one_object_per_line_in_the_order_of_events) {
  std::vector<std::string> names;
  for (const auto& x : events(jobs_run_json({})))
    names.push_back(x.at("event"));
  EXPECT_EQ(names,
            (std::vector<std::string>{"start", "round", "round", "round", "weights", "over"}));
}

TEST(jobs_json, equal_runs_are_equal_bytes) {
  auto other = test::jobs(); // what no seed decides
  for (auto& job : other) {
    for (auto& x : job.predictions)
      x.response_us += 7777;
    job.evaluation->attempts = 2;
  }
  EXPECT_EQ(jobs_run_json({}), jobs_run_json({}, test::done_step(other)));
}

TEST(jobs_json, clock_and_folder_are_only_shown_when_asked_for) {
  const auto bare = jobs_run_json({});
  EXPECT_EQ(bare.find("\"time\""), std::string::npos);
  EXPECT_EQ(bare.find("/tmp"), std::string::npos);
  EXPECT_EQ(bare.find("123456"), std::string::npos); // response times
  const auto full = jobs_run_json({1700000000123, true});
  for (const auto& line : test::lines_of(full))
    EXPECT_TRUE(line.starts_with("{\"time\":1700000000123,\"event\":")) << line;
  EXPECT_EQ(events(full).front().at("data"), "/tmp/sluice data");
  EXPECT_EQ(events(full).back().at("data"), "/tmp/sluice data");
}

TEST(jobs_json, the_first_line_has_jobs_by_name_and_their_feeds) {
  const auto line = test::lines_of(jobs_run_json({}))[0];
  EXPECT_TRUE(line.starts_with(
    R"({"event":"start","title":"sluice dev, seed 7","laps_done":0,"jobs":[)"
    R"({"job":"ens-weth","symbol0":"WETH","symbol1":"USDC","fee":500,"tick_spacing":10,)"
    R"("decimals0":18,"decimals1":18,"round_seconds":900,"block_seconds":2.0},)"
    R"({"job":"weth-usdc","symbol0":"WETH","symbol1":"USDC","fee":500,"tick_spacing":10,)"
    R"("decimals0":18,"decimals1":18,"round_seconds":900,"block_seconds":2.0}],)"
    R"("feeds":["weth-usdc  seeded market, seed 7","ens-weth  events=ens-weth-3000.jsonl"],)"
    R"("miners":[{"hotkey":"miner-crasher","strategy":"crasher"},)"))
    << line;
}

TEST(jobs_json, a_live_round_is_this_line) {
  EXPECT_EQ(test::lines_of(jobs_run_json({}))[3],
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

TEST(jobs_json, only_a_staked_job_has_rewards) {
  auto jobs = test::jobs();
  for (auto& job : jobs) {
    job.evaluation->config.staked = true;
    for (auto& x : job.predictions)
      if (x.outcome)
        x.outcome->metrics.rewards = u256{1000u} + u256{x.uid.value};
  }
  size_t reported = 0;
  for (const auto& event : events(jobs_run_json({}, test::done_step(jobs))))
    if (event["event"] == "round" && event["kind"] == "evaluation")
      for (const auto& miner : event["miners"])
        if (miner["metrics"].is_object()) {
          EXPECT_EQ(miner["metrics"].at("rewards"), std::to_string(1000 + miner["uid"].get<int>()));
          ++reported;
        }
  EXPECT_GT(reported, 0u);
  EXPECT_EQ(jobs_run_json({}).find("rewards"), std::string::npos);
}

TEST(jobs_json, every_miner_of_a_round_is_there) {
  const auto round = events(jobs_run_json({}))[1];
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

TEST(jobs_json, numbers_read_back_as_the_same) {
  auto jobs = test::jobs();
  const double odd = 0.1 + 0.2;
  jobs[0].evaluation->results[2].score = odd;
  jobs[0].scores[2].second.combined_score = 1e-17 / 3;
  const auto miner = events(jobs_run_json({}, test::done_step(jobs)))[1]["miners"][0];
  EXPECT_EQ(miner["score"].get<double>(), odd);
  EXPECT_EQ(miner["averages"]["combined"].get<double>(), 1e-17 / 3);
}

TEST(jobs_json, what_is_no_number_is_null) {
  auto jobs = test::jobs();
  jobs[0].evaluation->results[2].score = std::numeric_limits<double>::quiet_NaN();
  jobs[0].scores[2].second.combined_score = std::numeric_limits<double>::infinity();
  jobs[0].predictions[2].outcome.reset();
  const auto text = jobs_run_json({}, test::done_step(jobs));
  const auto miner = events(text)[1]["miners"][0];
  EXPECT_TRUE(miner["score"].is_null());
  EXPECT_TRUE(miner["averages"]["combined"].is_null());
  EXPECT_TRUE(miner["metrics"].is_null());
}

TEST(jobs_json, text_that_is_not_utf8_does_no_harm) {
  auto jobs = test::jobs();
  jobs[0].note = "\xff\xfe broken";
  jobs[0].evaluation->results[5].note = "line\nend \"\xc3\"";
  auto step = test::done_step(jobs);
  step.published->reason = "\xed\xa0\x80";
  EXPECT_EQ(events(jobs_run_json({}, step)).size(), 6u);
}

TEST(jobs_json, empty_steps_and_ends_are_events) {
  step_done step;
  EXPECT_EQ(step_done_json(step, test::unstarted({step}), {}), "");
  std::vector<job_report> jobs(1);
  jobs[0].job = {"ens-weth"};
  jobs[0].completed = 4;
  jobs[0].ended = true;
  jobs[0].note = "over";
  step.mechanisms = {test::step_of(jobs)};
  EXPECT_EQ(step_done_json(step, test::unstarted({step}), {}),
            "{\"event\":\"ended\",\"job\":\"ens-weth\",\"rounds\":4,\"failed\":false,"
            "\"note\":\"over\"}\n");
  EXPECT_EQ(over_json({2, "why", 0}, test::unstarted({}), {}),
            "{\"event\":\"over\",\"code\":2,\"why\":\"why\",\"laps\":0,\"jobs\":[],"
            "\"weights\":null}\n");
}

TEST(jobs_json, the_summary_has_leaders_and_the_last_weights) {
  const auto over = events(jobs_run_json({})).back();
  ASSERT_EQ(over["jobs"].size(), 2u);
  EXPECT_EQ(over["jobs"][1]["job"], "weth-usdc");
  EXPECT_EQ(over["jobs"][1]["rounds"], 3);
  EXPECT_EQ(over["jobs"][1]["leader"], 2);
  EXPECT_EQ(over["jobs"][1]["miners"][0]["uid"], 2); // the eligible first
  EXPECT_EQ(over["jobs"][1]["miners"][4]["uid"], 8);
  EXPECT_EQ(over["weights"]["epoch"], 3);
  EXPECT_EQ(over["weights"]["same"], true);
}

} // namespace sluice::report
