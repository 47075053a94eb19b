#include "io/liquidity/plan_file.hpp"
#include "io/text/json_fields.hpp"
#include "sim/evaluate/market.hpp"
#include "sim/math/tick_math.hpp"
#include "tests/support/data_file.hpp"
#include "tools/liquidity/score_market.hpp"

#include <gtest/gtest.h>

#include <map>

using namespace sluice;
using io::json;

namespace {

std::filesystem::path data_folder() {
  return std::filesystem::path(SOURCE_DIR) / "tests" / "data" / "evaluate";
}

/// One line of what evaluate_model.py wrote.
void agrees(const json& row, const tools::score_market& market) {
  SCOPED_TRACE(row["seed"].get<std::string>());
  auto cut = tools::cut_window(market, row["from"].get<uint64_t>(), row["to"].get<uint64_t>());
  ASSERT_TRUE(cut) << cut.error().what;
  auto what = io::parse_plan(row["plan"].dump(), "plan");
  ASSERT_TRUE(what) << what.error().what;
  what->staked = row.contains("staked");
  auto got = evaluate(*cut, *what, pool_model::observed, 10);
  ASSERT_TRUE(got) << got.error().what;
  const auto& m = got->metrics;
  const auto& expected = row["outcome"];
  const auto text = [&](const char* key) { return expected[key].get<std::string>(); };
  EXPECT_EQ(to_string(m.initial_value), text("initial_value"));
  EXPECT_EQ(to_string(m.final_value), text("final_value"));
  EXPECT_EQ(to_string(m.hodl_value), text("hodl_value"));
  EXPECT_EQ(to_string(m.fees0), text("fees0"));
  EXPECT_EQ(to_string(m.fees1), text("fees1"));
  EXPECT_EQ(to_string(m.fees_value), text("fees_value"));
  EXPECT_EQ(to_string(m.net_pnl_vs_hodl), text("net_pnl_vs_hodl"));
  EXPECT_EQ(m.impermanent_loss, expected["impermanent_loss"].get<double>());
  EXPECT_EQ(m.in_range_ratio, expected["in_range_ratio"].get<double>());
  EXPECT_EQ(m.rebalances, expected["rebalances"].get<uint32_t>());
  EXPECT_EQ(m.swaps, expected["swaps"].get<uint64_t>());
  EXPECT_EQ(m.swaps_in_range, expected["swaps_in_range"].get<uint64_t>());
  EXPECT_EQ(to_string(got->sqrt_price_x96), text("price"));
  EXPECT_EQ(got->tick, expected["tick"].get<int32_t>());
  if (what->staked) {
    EXPECT_EQ(to_string(m.rewards), text("rewards"));
  } else {
    EXPECT_EQ(m.rewards, u256{});
  }
  json positions = json::array();
  for (const auto& p : got->positions) {
    positions.push_back(
      json::array({p.tick_lower, p.tick_upper, to_string(u256{p.liquidity}), p.from_block,
                   p.to_block, to_string(p.spent0), to_string(p.spent1), to_string(p.returned0),
                   to_string(p.returned1), to_string(p.fees0), to_string(p.fees1)}));
    if (what->staked)
      positions.back().push_back(to_string(p.rewards));
  }
  EXPECT_EQ(positions, row["positions"]);
  json rebalances = json::array();
  for (const auto& r : got->rebalances)
    rebalances.push_back(json::array({r.block, r.executed, r.kept, r.burned, r.minted,
                                      to_string(r.after.amount0), to_string(r.after.amount1)}));
  EXPECT_EQ(rebalances, row["rebalances"]);
}

size_t agree_all(const std::filesystem::path& file, const std::filesystem::path& folder) {
  std::map<std::string, tools::score_market> markets;
  size_t count = 0;
  const auto text = test::file_bytes(file);
  for (const auto line : test::lines_of(text)) {
    const auto row = json::parse(line);
    const auto name = row["market"].get<std::string>();
    if (!markets.contains(name)) {
      std::vector<std::string> paths;
      for (const auto& part : row["files"])
        paths.push_back((folder / part.get<std::string>()).string());
      auto market = tools::read_market(paths, {});
      if (!market) {
        ADD_FAILURE() << market.error().what;
        return count;
      }
      markets.emplace(name, *std::move(market));
    }
    agrees(row, markets.at(name));
    ++count;
  }
  return count;
}

constexpr pool_terms bar_terms{500, 10, 6, 18};

price_point at_tick(int32_t tick) {
  return {sqrt_ratio_at_tick(tick), tick};
}

/// Minutes 100, 101, ... of one bar each.
window bar_window(const std::vector<price_bar>& bars) {
  window market;
  market.terms = bar_terms;
  market.from = 100;
  market.to = 99 + bars.size();
  market.start = at_tick(bars.front().open_tick);
  auto feed = replica::of_bars(bar_terms, market.start);
  for (size_t i = 0; i < bars.size(); ++i) {
    auto record = feed.apply({100 + i, 6000 + 60 * i, {}, bars[i]});
    EXPECT_TRUE(record);
    market.blocks.push_back(*record);
  }
  return market;
}

plan holding(u128 liquidity, int32_t lower, int32_t upper) {
  return {{1000, 1000}, {{lower, upper, liquidity}}, {}, {}};
}

desired_position wish(int32_t lower, int32_t upper, const u256& amount0, const u256& amount1) {
  return {lower, upper, amount0, amount1, {}};
}

} // namespace

TEST(evaluate, agrees_with_the_second_model_on_the_bundled_markets) {
  EXPECT_EQ(agree_all(data_folder() / "cases.jsonl", data_folder()), 90U);
}

TEST(evaluate, agrees_with_the_second_model_on_a_slipstream_pool_staked_and_not) {
  EXPECT_EQ(agree_all(data_folder() / "aero-cases.jsonl", data_folder()), 40U);
}

TEST(evaluate, agrees_with_the_second_model_on_real_data) {
  if (!test::shared_has("data"))
    GTEST_SKIP() << "not in the shared folder: data";
  EXPECT_EQ(agree_all(data_folder() / "shared-cases.jsonl", test::shared_folder()), 40U);
}

TEST(evaluate, the_opening_happens_before_the_first_event_and_a_rebalance_after_the_last) {
  const auto market
    = bar_window({{0, 0, 1'000'000, 2'000'000'000, 0, 0}, {0, 0, 1'000'000, 2'000'000'000, 0, 0}});
  const std::vector<desired_position> wanted{wish(-10, 10, 1000, 1000)};
  plan opened{{1000, 1000}, {}, wanted, {}};
  plan later{{1000, 1000}, {}, {}, {{100, wanted}}};
  auto first = evaluate(market, opened, pool_model::observed, 10);
  auto second = evaluate(market, later, pool_model::observed, 10);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->positions.size(), 1U);
  EXPECT_EQ(first->metrics.fees0, second->metrics.fees0 + second->metrics.fees0);
  EXPECT_EQ(first->metrics.in_range_ratio, 1.0);
  EXPECT_EQ(second->metrics.in_range_ratio, 0.5);
  EXPECT_EQ(first->rebalances.front().block, 100U);
}

TEST(evaluate, a_refused_proposal_changes_nothing_and_states_why) {
  const auto market = bar_window({{0, 0, 1'000'000, 2'000'000'000, 0, 0}});
  plan what = holding(1000, -100, 100);
  what.rebalances = {{100, {wish(-15, 10, 1, 1)}}, {100, {wish(-10, 10, 5000, 0)}}};
  auto got = evaluate(market, what, pool_model::observed, 10);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->metrics.rebalances, 0U);
  ASSERT_EQ(got->rebalances.size(), 2U);
  EXPECT_NE(got->rebalances[0].note.find("tick spacing"), std::string::npos);
  EXPECT_NE(got->rebalances[1].note.find("allocations of token0"), std::string::npos);
  EXPECT_EQ(got->end.free, what.start);
  EXPECT_EQ(got->end.positions.size(), 1U);
}

TEST(evaluate, the_current_positions_asked_for_again_are_kept) {
  const auto market = bar_window({{0, 0, 1'000'000, 2'000'000'000, 0, 0}});
  plan what = holding(1'000'000, -1000, 1000);
  auto before = evaluate(market, what, pool_model::observed, 10);
  ASSERT_TRUE(before);
  const auto& held = before->end.positions.front();
  what.rebalances = {{100, {wish(-1000, 1000, held.amount0, held.amount1)}}};
  auto kept = evaluate(market, what, pool_model::observed, 10);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->rebalances.front().note, "kept");
  EXPECT_EQ(kept->metrics, before->metrics);
  EXPECT_EQ(kept->end, before->end);
}

TEST(evaluate, a_mint_that_buys_nothing_is_skipped_and_noted) {
  const auto market = bar_window({{0, 0, 1'000'000, 2'000'000'000, 0, 0}});
  plan what{{1000, 1000}, {}, {}, {{100, {wish(10, 20, 0, 100), wish(-20, -10, 0, 900)}}}};
  auto got = evaluate(market, what, pool_model::observed, 10);
  ASSERT_TRUE(got);
  const auto& breakdown = got->rebalances.front();
  EXPECT_TRUE(breakdown.executed);
  EXPECT_EQ(breakdown.minted, 1U);
  EXPECT_EQ(breakdown.note, "[10, 20) skipped: the amounts buy no liquidity");
  EXPECT_EQ(got->end.positions.size(), 1U);
}

TEST(evaluate, a_rebalance_outside_the_window_does_not_happen) {
  const auto market = bar_window({{0, 0, 1'000'000, 2'000'000'000, 0, 0}});
  plan what{{1000, 1000}, {}, {}, {{99, {wish(-10, 10, 500, 500)}}, {101, {}}}};
  auto got = evaluate(market, what, pool_model::observed, 10);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->rebalances.size(), 2U);
  EXPECT_EQ(got->rebalances[0].note, "outside the window");
  EXPECT_EQ(got->rebalances[1].note, "outside the window");
  EXPECT_EQ(got->metrics.rebalances, 0U);
}

TEST(evaluate, what_cannot_be_played_is_refused) {
  const auto market = bar_window({{0, 0, 1'000'000, 0, 0, 0}});
  const auto fault_of = [&](const plan& what, pool_model model = pool_model::observed) {
    auto got = evaluate(market, what, model, 10);
    return got ? std::string{} : got.error().what;
  };
  EXPECT_NE(fault_of({}, pool_model::replayed).find("bars have none"), std::string::npos);
  EXPECT_NE(fault_of({{}, {}, {}, {{100, {}}, {99, {}}}}).find("ascending"), std::string::npos);
  EXPECT_NE(fault_of(holding(1, 5, 10)).find("[5, 10)"), std::string::npos);
  EXPECT_NE(fault_of(holding(1, 10, 10)).find("[10, 10)"), std::string::npos);
  EXPECT_NE(fault_of(holding(0, 0, 10)).find("[0, 10)"), std::string::npos);
  EXPECT_NE(fault_of({{u256::max(), 0}, {}, {}, {}}).find("2^128"), std::string::npos);
  EXPECT_EQ(fault_of(holding(1, 0, 10)), "");
}

TEST(evaluate, only_a_slipstream_pool_with_its_events_has_a_gauge_to_stake_in) {
  auto what = holding(1, -10, 10);
  what.staked = true;
  auto bars = bar_window({{0, 0, 1'000'000, 2'000'000'000, 0, 0}});
  for (const auto model : {pool_model::observed, pool_model::replayed})
    EXPECT_FALSE(evaluate(bars, what, model, 10));
  auto got = evaluate(bars, what, pool_model::observed, 10);
  EXPECT_TRUE(got.error().what.starts_with("only a Slipstream pool has a gauge to stake in"));
  bars.terms.kind = pool_kind::slipstream;
  got = evaluate(bars, what, pool_model::observed, 10);
  ASSERT_FALSE(got);
  EXPECT_TRUE(got.error().what.starts_with("bars do not show who is staked"));
  what.staked = false;
  EXPECT_TRUE(evaluate(bars, what, pool_model::observed, 10));
}

TEST(evaluate, nothing_is_worth_nothing) {
  const auto market = bar_window({{0, 10, 1'000'000, 0, 0, 0}});
  auto got = evaluate(market, {}, pool_model::observed, 10);
  ASSERT_TRUE(got);
  plan_metrics empty;
  EXPECT_EQ(got->metrics, empty);
}
