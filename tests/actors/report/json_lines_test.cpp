#include "actors/report/json_lines.hpp"
#include "tests/actors/report/sample_report.hpp"
#include "tests/support/lines_of.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <limits>

namespace sluice::report {

std::string count_run_json(const json_extras& extras) {
  const auto memory = test::count_memory({test::count_step_done()});
  return start_json(memory, extras) + step_done_json(test::count_step_done(), memory, extras)
         + over_json({0, "", 20}, memory, extras);
}

TEST(json_lines, a_run_of_two_mechanisms_is_these_lines) {
  EXPECT_EQ(
    count_run_json({}),
    R"({"event":"start","title":"sluice dev, seed 7","laps_done":0,"alpha":10,"beta":20,"miners":[)"
    R"({"hotkey":"miner-a","strategy":"hold"},{"hotkey":"miner-b","strategy":"wide"},)"
    R"({"hotkey":"miner-c","strategy":"hold"}]})"
    "\n"
    R"({"event":"alpha","lap":3,"count":4})"
    "\n"
    R"({"event":"beta","lap":3,"count":5})"
    "\n"
    R"({"event":"weights","lap":3,"block":226,"epoch":3,"status":"confirmed",)"
    R"("row":[{"uid":0,"weight":65535},{"uid":3,"weight":49845}],"hash":"ab12",)"
    R"("included_block":226,"read_back":[{"uid":0,"weight":65535},{"uid":3,"weight":49845}],)"
    R"("read_back_block":227,"same":true,"reason":""})"
    "\n"
    R"({"event":"over","code":0,"why":"","laps":20,"alpha":4,"beta":5,"weights":{"epoch":3,)"
    R"("status":"confirmed","row":[{"uid":0,"weight":65535},{"uid":3,"weight":49845}],)"
    R"("hash":"ab12","included_block":226,)"
    R"("read_back":[{"uid":0,"weight":65535},{"uid":3,"weight":49845}],)"
    R"("read_back_block":227,"same":true,"reason":""}})"
    "\n");
}

TEST(json_lines, clock_and_folder_are_only_shown_when_asked_for) {
  const auto bare = count_run_json({});
  EXPECT_EQ(bare.find("\"time\""), std::string::npos);
  EXPECT_EQ(bare.find("/tmp"), std::string::npos);
  const auto lines = test::lines_of(count_run_json({1700000000123, true}));
  for (const auto& line : lines)
    EXPECT_TRUE(line.starts_with("{\"time\":1700000000123,\"event\":")) << line;
  EXPECT_EQ(json::parse(lines.front()).at("data"), "/tmp/sluice data");
  EXPECT_EQ(json::parse(lines.back()).at("data"), "/tmp/sluice data");
}

TEST(json_lines, what_is_open_is_shown_after_the_miners) {
  run_started first;
  first.serves["miner_gateway"] = "ws://127.0.0.1:8700";
  run_memory memory;
  memory.start(first);
  EXPECT_EQ(start_json(memory, {}), R"({"event":"start","title":"","laps_done":0,"miners":[],)"
                                    R"("serves":{"miner_gateway":"ws://127.0.0.1:8700"}})"
                                    "\n");
}

TEST(json_lines, empty_steps_and_ends_are_events) {
  EXPECT_EQ(step_done_json({}, run_memory{}, {}), "");
  EXPECT_EQ(over_json({2, "why", 0}, run_memory{}, {}),
            "{\"event\":\"over\",\"code\":2,\"why\":\"why\",\"laps\":0,\"weights\":null}\n");
}

TEST(json_lines, weights_are_reported_once) {
  const auto memory = test::count_memory({test::count_step_done(), test::count_step_done()});
  EXPECT_EQ(step_done_json(test::count_step_done(), memory, {}).find("weights"), std::string::npos);
}

TEST(json_lines, text_that_is_not_utf8_does_no_harm) {
  auto step = test::count_step_done();
  step.published->reason = "\xed\xa0\x80";
  for (const auto& line : test::lines_of(step_done_json(step, test::count_memory({step}), {})))
    EXPECT_TRUE(json::accept(line)) << line;
}

TEST(json_lines, what_is_no_number_is_null) {
  EXPECT_EQ(json_line({{"x", std::numeric_limits<double>::quiet_NaN()}}), "{\"x\":null}\n");
}

} // namespace sluice::report
