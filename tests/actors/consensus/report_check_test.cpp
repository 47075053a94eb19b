#include "actors/consensus/report_check.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

using views::json;

constexpr uint64_t checked_ms = 1'767'225'600'000;

json checked(const std::string& text) {
  const auto reports = read_checked_reports(text, "x.json");
  EXPECT_TRUE(reports) << reports.error().what;
  const auto made = check_reports(*reports, checked_ms, {});
  EXPECT_TRUE(made) << made.error().what;
  return made ? *made : json{};
}

TEST(report_check, states_the_confidence_of_every_item_and_what_was_removed) {
  const auto x = checked(R"([{"uid":49,"hotkey":"k","stake":1000,"is_serving":true},
                             {"uid":50,"performance_score":1.5,"current_load":null},
                             {"hotkey":"no uid"}])");
  ASSERT_EQ(x["items"].size(), 2U);
  EXPECT_EQ(x["items"][0]["confidence"], 1.0);
  EXPECT_EQ(x["items"][0]["band"], "high");
  EXPECT_EQ(x["items"][0]["removed"], json::array());
  EXPECT_EQ(x["items"][1]["confidence"], 0.7);
  EXPECT_EQ(x["items"][1]["removed"], (json{"performance_score", "current_load"}));
  EXPECT_EQ(x["reports"][0]["skipped"], 1);
  EXPECT_EQ(x["miners"][0]["state"], "pending");
}

TEST(report_check, merges_the_reports_of_several_validators) {
  const auto x = checked(R"([{"validator_uid":48,"epoch":1,"miner_statuses":
      [{"uid":49,"hotkey":"k","stake":1000,"is_serving":true}]},
    {"validator_uid":49,"epoch":1,"miner_statuses":
      "[{\"uid\":49,\"hotkey\":\"k\",\"stake\":1300,\"is_serving\":false}]"}])");
  ASSERT_EQ(x["miners"].size(), 1U);
  EXPECT_EQ(x["miners"][0]["state"], "agreed");
  EXPECT_EQ(x["miners"][0]["confidence"]["confidence"], 0.95);
  EXPECT_EQ(x["reports"][1]["consensus_updated"], 1);
  const auto text = checked_reports_text(x, 120, false, true);
  EXPECT_NE(text.find("miner 49 (k): agreed"), std::string::npos) << text;
}

TEST(report_check, states_what_is_no_report) {
  for (const auto* text :
       {"{", "7", "{\"uid\":1}", R"({"miner_statuses":[],"validator_uid":-1})"}) {
    const auto reports = read_checked_reports(text, "x.json");
    ASSERT_FALSE(reports) << text;
    EXPECT_EQ(reports.error().code, ec::bad_input);
    EXPECT_EQ(reports.error().what.find("x.json: "), 0U) << reports.error().what;
  }
  const auto reports = read_checked_reports(R"({"miner_statuses":{"uid":1}})", "x.json");
  ASSERT_TRUE(reports);
  EXPECT_FALSE(check_reports(*reports, checked_ms, {}));
}

} // namespace
} // namespace sluice
