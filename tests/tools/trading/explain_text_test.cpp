#include "tools/trading/explain_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace sluice::tools {

namespace {

nlohmann::ordered_json trading_explanation_document() {
  return nlohmann::ordered_json::parse(R"({"miner":1,"hotkey":"5Grw","coldkey":"5FLS",
    "status":"active","now":"2025-08-20T12:00:00Z","policy":"proportional","value":"pnl",
    "lookback_days":21,"min_hold_blocks":360,"weight":0.682,"scores_sum":157.664,
    "positive_miners":2,"score":107.664,"withheld":"","days_sum":107.664,
    "days":[{"day":"2025-08-18","age":2,"day_weight":0.53832,"lots":1,"pnl":"200","value":200.0,
      "adds":107.664,"legs_pnl":"200","adds_up":true}],
    "legs":[{"closed":"2025-08-18","netuid":1,"lot":0,"staked":"2025-08-01T00:00:00Z",
      "stake":"6100000-0001","unstaked":"2025-08-18T00:00:00Z","unstake":"6222400-0001",
      "alpha":"20","tao":"500","cost":"300","pnl":"200","held_s":1468800,"held_blocks":122400,
      "scored":true}],"legs_left_out":0})");
}

} // namespace

TEST(trading_explain_text, walks_from_the_weight_to_the_legs) {
  const auto text = trading_explain_text(trading_explanation_document().dump(), {160, false, true});
  const auto weight = text.find("weight 0.682000");
  const auto score = text.find("score 107.664000000");
  const auto day = text.find("2025-08-18");
  const auto leg = text.find("6100000-0001");
  ASSERT_NE(weight, std::string::npos) << text;
  ASSERT_NE(score, std::string::npos) << text;
  ASSERT_NE(leg, std::string::npos) << text;
  EXPECT_LT(weight, day);
  EXPECT_LT(day, leg);
  EXPECT_NE(text.find("the sum of the positive scores of 2 miners"), std::string::npos) << text;
}

TEST(trading_explain_text, states_why_there_is_no_score) {
  auto x = trading_explanation_document();
  x["days"] = nlohmann::ordered_json::array();
  x["legs"] = nlohmann::ordered_json::array();
  x["withheld"] = "2 trades, at least 3 are wanted";
  x["miner"] = nullptr;
  const auto text = trading_explain_text(x.dump(), {100, false, true});
  EXPECT_NE(text.find("not registered"), std::string::npos) << text;
  EXPECT_NE(text.find("withheld: 2 trades, at least 3 are wanted"), std::string::npos) << text;
  EXPECT_NE(text.find("no position was closed within 21 days"), std::string::npos) << text;
}

TEST(trading_explain_text, shows_what_is_no_explanation_as_it_is) {
  for (const auto* document : {"", "[]", "{", "{\"days\":1}", "7", "{\"days\":[],\"legs\":3}"}) {
    const auto text = trading_explain_text(document, {40, false, true});
    EXPECT_TRUE(text.empty() || text.back() == '\n') << document;
  }
}

} // namespace sluice::tools
