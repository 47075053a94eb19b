#include "tools/shell/explain_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <random>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;

json told() {
  auto all
    = json::parse(R"({"round":"pair/live/3","miner":2,"hotkey":"two","verdict":"scored","note":"",
    "market":{"token0":"WETH","token1":"USDC"},"answers":[],"values":[],"score":[],
    "positions":[{"position":1,"tick_lower":-1,"tick_upper":1,"spent0":"1","spent1":"1",
      "returned0":"1",
      "returned1":"1","fees0":"1","fees1":"1","earned_from":[]}],
    "stored_score":1,"same":false,"difference":"outcome.metrics.fees0: 3, 4",
      "numbers_compared":7})");
  for (int block = 1; block <= 30; ++block)
    all["positions"][0]["earned_from"].push_back({{"block", 1000 + block},
                                                  {"log", 0},
                                                  {"price_before", 1.0},
                                                  {"price_after", 1.0},
                                                  {"paid0", "0"},
                                                  {"paid1", "1"},
                                                  {"share", 0.1},
                                                  {"fees0", "0"},
                                                  {"fees1", std::to_string(block % 17) + ".5"}});
  return all;
}

TEST(explain_text, shows_the_swaps_that_paid_most) {
  const auto text = explain_text(told(), {100, false});
  EXPECT_NE(text.find(" 1016 "), std::string::npos) << text;
  EXPECT_EQ(text.find(" 1017 "), std::string::npos) << text;
  EXPECT_LT(text.find(" 1016 "), text.find(" 1015 "));
  EXPECT_NE(text.find("and 22 swaps that paid less; --output json has them all\n"),
            std::string::npos)
    << text;
}

TEST(explain_text, says_what_differs) {
  EXPECT_NE(explain_text(told(), {100, false})
              .find("not what is stored: outcome.metrics.fees0: 3, 4 (stored, recomputed)\n"),
            std::string::npos);
}

/// Replaces or takes away something somewhere.
void damage(json& x, std::mt19937& rng) {
  if (x.is_structured() && !x.empty() && rng() % 3 != 0) {
    auto i = x.begin();
    std::advance(i, static_cast<ptrdiff_t>(rng() % x.size()));
    damage(*i, rng);
    return;
  }
  const json others[] = {nullptr, 7, -1.5, "text", true, json::array({1, "a"}), {{"a", 1}}};
  x = others[rng() % std::size(others)];
}

TEST(explain_text, survives_a_node_that_says_something_else) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 rng{seed};
    auto x = told();
    for (uint32_t n = 1 + rng() % 4; n > 0; --n)
      damage(x, rng);
    EXPECT_NO_THROW(render("explain", x.dump(), {60, true})) << "seed " << seed << ' ' << x.dump();
    EXPECT_NO_THROW(render("tree", x.dump(), {60, true})) << "seed " << seed << ' ' << x.dump();
    EXPECT_NO_THROW(render("jobs", x.dump(), {20, false})) << "seed " << seed << ' ' << x.dump();
    EXPECT_NO_THROW(render_top(x.dump(), "rate", {60, true})) << "seed " << seed;
  }
}

TEST(explain_text, says_why_there_is_no_score) {
  const auto text = explain_text(
    json::parse(R"({"round":"pair/live/3","miner":2,"hotkey":"two","verdict":"refused","note":"no",
      "refused_proposals":[],"stored_score":0,"why":"it said no: no"})"),
    {100, false});
  EXPECT_EQ(text, "round pair/live/3, miner 2 (two): refused, score 0\nit said no: no\n");
}

} // namespace

} // namespace sluice::tools
