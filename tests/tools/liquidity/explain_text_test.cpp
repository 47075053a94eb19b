#include "io/text/charset.hpp"
#include "tools/liquidity/explain_text.hpp"
#include "tools/shell/render.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <random>

namespace sluice::tools {

namespace {

using json = nlohmann::ordered_json;

json explanation() {
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
  const auto text = explain_text(explanation().dump(), {100, false, false});
  EXPECT_NE(text.find(" 1016 "), std::string::npos) << text;
  EXPECT_EQ(text.find(" 1017 "), std::string::npos) << text;
  EXPECT_LT(text.find(" 1016 "), text.find(" 1015 "));
  EXPECT_NE(text.find("and 22 swaps that paid less; --output json has them all\n"),
            std::string::npos)
    << text;
}

TEST(explain_text, states_what_the_record_counts_with_now) {
  auto all = explanation();
  EXPECT_EQ(explain_text(all.dump(), {100, false, false}).find("stands now"), std::string::npos);
  all["record_now"] = json::parse(R"({"active_share":0.75,"counts_with":0.00032,"evidence_n":40,
    "evidence_mean":0.00025,"evidence_deviation":0.000125,"one_with":"3 4",
    "because":"one owner with 3; plans as 4 after 9 of 10 questions","cluster":{}})");
  const auto text = explain_text(all.dump(), {100, false, false});
  EXPECT_NE(text.find("Where it stands now\n"
                      "counts with +3.20 bp; scored in 75 % of the last evaluation rounds\n"
                      "40 values of the last week: mean +2.50 bp, deviation +1.25 bp\n"
                      "one with 3 4: one owner with 3; plans as 4 after 9 of 10 questions\n"),
            std::string::npos)
    << text;
  all["record_now"] = json::parse(R"({"active_share":0,"counts_with":null,"evidence_n":0})");
  EXPECT_NE(explain_text(all.dump(), {100, false, false})
              .find("Where it stands now\ndoes not count; scored in 0 % of the last evaluation "
                    "rounds\n"),
            std::string::npos);
}

TEST(explain_text, states_what_entered_the_average) {
  auto all = explanation();
  EXPECT_EQ(explain_text(all.dump(), {100, false, false}).find("What entered"), std::string::npos);
  all["entered"] = 0.0003;
  EXPECT_NE(
    explain_text(all.dump(), {100, false, false}).find("What entered its average\n+3.00 bp\n"),
    std::string::npos);
  all["stored_score"] = 0.0011;
  all["baseline_score"] = 0.0008;
  const auto text = explain_text(all.dump(), {100, false, false});
  EXPECT_NE(text.find("What entered its average\nscore +11.00 bp - score of the untouched vault "
                      "+8.00 bp = +3.00 bp\n"),
            std::string::npos)
    << text;
}

TEST(explain_text, states_what_differs) {
  EXPECT_NE(explain_text(explanation().dump(), {100, false, false})
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

TEST(explain_text, survives_a_node_that_sends_something_else) {
  for (uint32_t seed = 0; seed < 300; ++seed) {
    std::mt19937 rng{seed};
    auto x = explanation();
    for (uint32_t n = 1 + rng() % 4; n > 0; --n)
      damage(x, rng);
    EXPECT_NO_THROW(explain_text(x.dump(), {60, true, false}))
      << "seed " << seed << ' ' << x.dump();
    EXPECT_NO_THROW(render("tree", x.dump(), {60, true, {}})) << "seed " << seed << ' ' << x.dump();
    EXPECT_NO_THROW(render("jobs", x.dump(), {20, false, {}}))
      << "seed " << seed << ' ' << x.dump();
    EXPECT_NO_THROW(render_top(x.dump(), "rate", {60, true, {}})) << "seed " << seed;
  }
}

TEST(explain_text, has_a_form_in_ascii_that_fits_as_well) {
  auto x = explanation();
  x["market"]["token0"] = "価格";
  x["answers"] = {{{"block", 10},
                   {"asked", nlohmann::ordered_json::array()},
                   {"executed", false},
                   {"note", "größer als erlaubt"}}};
  x["values"] = {{{"name", "initial"},
                  {"value", "1"},
                  {"amount0", "1"},
                  {"amount1", "2"},
                  {"price", 1},
                  {"formula", std::string(60, 'x')}}};
  for (const size_t width : {40, 60, 100}) {
    const auto text = explain_text(x.dump(), {width, false, true});
    EXPECT_EQ(report::shown(text, report::charset::ascii), text);
    EXPECT_NE(text.find("\\u{4fa1}\\u{683c}"), std::string::npos) << text;
    EXPECT_NE(text.find("..."), std::string::npos) << text;
    EXPECT_EQ(text.find("u{2026}"), std::string::npos) << text;
  }
}

TEST(explain_text, states_why_there_is_no_score) {
  const auto text = explain_text(
    R"({"round":"pair/live/3","miner":2,"hotkey":"two","verdict":"refused","note":"no",
      "refused_proposals":[],"stored_score":0,"why":"it refused: no"})",
    {100, false, false});
  EXPECT_EQ(text, "round pair/live/3, miner 2 (two): refused, score 0\nit refused: no\n");
}

TEST(explain_text, prints_a_score_from_the_answer_to_the_verdict) {
  const auto text = explain_text(R"({"round":"pair/evaluation/3","miner":2,"hotkey":"two",
    "verdict":"scored","note":"","refused_proposals":[{"block":7,"reason":"too wide"}],
    "market":{"from_block":10,"to_block":19,"swaps":4,"price_at_start":3000,"price_at_end":3010.5,
      "model":"observed","token0":"WETH","token1":"USDC"},
    "answers":[{"block":10,"opening":true,"asked":[{"tick_lower":-100,"tick_upper":100}],
      "executed":true,"kept":0,"burned":0,"minted":1,"price":3000,"note":""}],
    "positions":[{"position":1,"tick_lower":-100,"tick_upper":100,"price_lower":2900,
      "price_upper":3100,
      "liquidity":"12345","from_block":10,"to_block":19,"spent0":"1","spent1":"3000",
      "returned0":"0.9",
      "returned1":"3301","fees0":"0","fees1":"1.5","earned_from":[
        {"block":11,"log":0,"price_before":3000,"price_after":3005,"paid0":"0","paid1":"2",
      "share":0.5,
         "fees0":"0","fees1":"1"},
        {"block":12,"log":3,"price_before":3005,"price_after":3010.5,"paid0":"0","paid1":"1",
      "share":0.5,
         "fees0":"0","fees1":"0.5"}]}],
    "values":[{"name":"initial","value":"6000","amount0":"1","amount1":"3000","price":3000,
      "formula":"all it had"}],
    "score":[{"name":"gain","value":0.25,"formula":"(final - initial) / initial",
      "numbers":"(5 - 4) / 4"}],
    "stored_score":0.25,"recomputed_score":0.25,"same":true,"difference":"",
      "numbers_compared":85})",
                                 {100, false, false});
  for (const char* part :
       {"round pair/evaluation/3, miner 2 (two): scored, score 0.25\n",
        "blocks 10 to 19, 4 swaps; price 3000.00 to 3010.50 USDC/WETH; model observed\n",
        "opening  [-100, 100)  yes", "block 7: refused: too wide\n",
        "Position 1: ticks [-100, 100), price 2900.00 to 3100.00\n", "returned   0.9  3301\n",
        "   11    0       3000.00      3005.00      0      2      0      1   50.0 %\n",
        "gain = 0.25\n  = (final - initial) / initial\n  = (5 - 4) / 4\n",
        "same as stored: 85 numbers compared\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n---\n" << text;
}

} // namespace

} // namespace sluice::tools
