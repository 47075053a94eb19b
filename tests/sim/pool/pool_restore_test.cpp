#include "sim/math/tick_math.hpp"
#include "sim/pool/liquidity_amounts.hpp"
#include "sim/pool/pool.hpp"
#include "tests/sim/math/math_vectors.hpp"
#include "tests/support/data_file.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

namespace sluice {
namespace {

using nlohmann::json;
using test::narrow;
using test::wide;

/// Growth that has wrapped stands in the file with a minus sign.
u256 growth(const json& x) {
  return i256::parse(x.get<std::string>()).value().bits();
}
/// The real USDC/WETH pool; its balances are what positions, owed tokens and fees at least need.
pool_parts mainnet_parts() {
  auto recorded = json::parse(test::shared_text("data/mainnet/usdc-weth-3000-state.json"));
  pool_parts parts;
  parts.fee = recorded["fee"];
  parts.tick_spacing = recorded["tick_spacing"];
  auto& state = parts.state;
  state.sqrt_price_x96 = wide(recorded["sqrt_price_x96"]);
  state.tick = recorded["tick"];
  state.liquidity = narrow(recorded["liquidity"]);
  state.fee_growth_global0_x128 = wide(recorded["fee_growth_global0_x128"]);
  state.fee_growth_global1_x128 = wide(recorded["fee_growth_global1_x128"]);
  state.unlocked = true;
  state.observation_cardinality = 1;
  state.observation_cardinality_next = 1;
  parts.observations.push_back({1'620'000'000, 0, {}, true});
  for (const auto& x : recorded["ticks"]) {
    tick_info info;
    info.liquidity_gross = narrow(x["liquidity_gross"]);
    info.liquidity_net = parse_i128(x["liquidity_net"].get<std::string>()).value();
    info.fee_growth_outside0_x128 = growth(x["fee_growth_outside0_x128"]);
    info.fee_growth_outside1_x128 = growth(x["fee_growth_outside1_x128"]);
    info.initialized = true;
    parts.ticks.emplace_back(x["tick"].get<int32_t>(), info);
  }
  for (const auto& x : recorded["positions"]) {
    position_key key;
    key.owner.back() = 1; // the file has one owner, "0x01"
    key.tick_lower = x["tick_lower"];
    key.tick_upper = x["tick_upper"];
    position_info info{narrow(x["liquidity"]), growth(x["fee_growth_inside0_last_x128"]),
                       growth(x["fee_growth_inside1_last_x128"]), narrow(x["tokens_owed0"]),
                       narrow(x["tokens_owed1"])};
    auto held = amounts_for_liquidity(state.sqrt_price_x96, sqrt_ratio_at_tick(key.tick_lower),
                                      sqrt_ratio_at_tick(key.tick_upper), info.liquidity);
    state.balance0 += held.amount0 + info.tokens_owed0 + 1;
    state.balance1 += held.amount1 + info.tokens_owed1 + 1;
    parts.positions.emplace_back(key, info);
  }
  return parts;
}

pool_parts small_parts() {
  pool_parts parts;
  parts.fee = 3000;
  parts.tick_spacing = 60;
  parts.state.sqrt_price_x96 = u256{1} << 96;
  parts.state.unlocked = true;
  parts.state.liquidity = 500;
  parts.state.observation_cardinality = 1;
  parts.state.observation_cardinality_next = 1;
  parts.observations.push_back({100, 0, {}, true});
  tick_info low;
  low.liquidity_gross = 500;
  low.liquidity_net = 500;
  low.initialized = true;
  tick_info high = low;
  high.liquidity_net = -500;
  parts.ticks = {{-60, low}, {60, high}};
  parts.positions = {{{{7}, -60, 60}, {500, {}, {}, 0, 0}}};
  return parts;
}

} // namespace

TEST(pool_restore, takes_a_real_pool_and_its_invariants_hold) {
  if (!test::shared_has("data/mainnet/usdc-weth-3000-state.json"))
    GTEST_SKIP() << "not in the shared folder: data/mainnet/usdc-weth-3000-state.json";
  auto parts = mainnet_parts();
  EXPECT_EQ(parts.ticks.size(), 280U);
  EXPECT_EQ(parts.positions.size(), 785U);
  auto real = pool::restore(parts);
  ASSERT_TRUE(real) << real.error().what;
  int32_t tick = real->state().tick;
  i128 over_ticks = 0;
  for (const auto& [key, info] : real->ticks())
    if (key <= tick)
      over_ticks += info.liquidity_net;
  u128 over_positions = 0;
  for (const auto& [key, info] : real->positions())
    if (key.tick_lower <= tick && tick < key.tick_upper)
      over_positions += info.liquidity;
  EXPECT_EQ(to_string(real->state().liquidity), to_string(over_ticks));
  EXPECT_EQ(to_string(real->state().liquidity), to_string(over_positions));
  EXPECT_EQ(to_string(real->state().liquidity), "5508696650323172070");
}

TEST(pool_restore, trades_on_a_real_pool_and_keeps_it_across_bytes) {
  if (!test::shared_has("data/mainnet/usdc-weth-3000-state.json"))
    GTEST_SKIP() << "not in the shared folder: data/mainnet/usdc-weth-3000-state.json";
  auto real = pool::restore(mainnet_parts());
  ASSERT_TRUE(real);
  auto usdc_in = i256(5'000'000'000'000); // 5 million USDC cross many ticks
  auto moved = (*real).swap({true, usdc_in, min_sqrt_ratio + 1}, 1'620'000'100);
  ASSERT_TRUE(moved) << reason(moved.why());
  EXPECT_EQ(moved->amount0, usdc_in);
  EXPECT_TRUE(moved->amount1.is_negative());
  auto copy = pool::load(real->save());
  ASSERT_TRUE(copy) << copy.error().what;
  EXPECT_EQ(*copy, *real);
}

TEST(pool_restore, takes_what_it_gave) {
  auto made = pool::restore(small_parts());
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->position({{7}, -60, 60}).liquidity, u128{500});
  EXPECT_TRUE(pool::restore({500, 10, {}, {}, {}, {}, {}}));
}

TEST(pool_restore, takes_stakes_as_they_are) {
  auto parts = small_parts();
  parts.slipstream.emplace().state.staked_liquidity = 20;
  parts.slipstream->stakes = {{20, u256{5}}, {-20, {}}};
  auto made = pool::restore(parts);
  ASSERT_TRUE(made) << made.error().what;
  EXPECT_EQ(made->stake_of(-60), parts.slipstream->stakes[0]);
  EXPECT_EQ(made->stake_of(60), parts.slipstream->stakes[1]);
  EXPECT_EQ(*made->slipstream(), parts.slipstream->state);
}

TEST(pool_restore, refuses_parts_that_contradict_each_other) {
  using spoil = std::function<void(pool_parts&)>;
  const std::pair<const char*, spoil> spoilt[] = {
    {"fee", [](auto& x) { x.fee = 1'000'000; }},
    {"spacing", [](auto& x) { x.tick_spacing = 0; }},
    {"wide spacing", [](auto& x) { x.tick_spacing = 16384; }},
    {"no price", [](auto& x) { x.state.sqrt_price_x96 = 0; }},
    {"low price", [](auto& x) { x.state.sqrt_price_x96 = min_sqrt_ratio - 1; }},
    {"high price", [](auto& x) { x.state.sqrt_price_x96 = max_sqrt_ratio; }},
    {"tick off", [](auto& x) { x.state.tick = 1; }},
    {"tick two below", [](auto& x) { x.state.tick = -2; }},
    {"tick beyond", [](auto& x) { x.state.tick = max_tick; }},
    {"protocol fee", [](auto& x) { x.state.fee_protocol = 3; }},
    {"locked", [](auto& x) { x.state.unlocked = false; }},
    {"liquidity", [](auto& x) { x.state.liquidity = 499; }},
    {"index", [](auto& x) { x.state.observation_index = 1; }},
    {"cardinality", [](auto& x) { x.state.observation_cardinality = 0; }},
    {"next", [](auto& x) { x.state.observation_cardinality = 2; }},
    {"no observations", [](auto& x) { x.observations.clear(); }},
    {"int56", [](auto& x) { x.observations[0].tick_cumulative = int64_t{1} << 55; }},
    {"uint160",
     [](auto& x) { x.observations[0].seconds_per_liquidity_cumulative_x128 = u256{1} << 160; }},
    {"tick order", [](auto& x) { std::swap(x.ticks[0], x.ticks[1]); }},
    {"tick twice", [](auto& x) { x.ticks[1].first = -60; }},
    {"misaligned", [](auto& x) { x.ticks[0].first = -61; }},
    {"tick range", [](auto& x) { x.ticks[1].first = 887'280; }},
    {"gross", [](auto& x) { x.ticks[0].second.liquidity_gross = 501; }},
    {"net", [](auto& x) { x.ticks[0].second.liquidity_net = 501; }},
    {"not initialized", [](auto& x) { x.ticks[0].second.initialized = false; }},
    {"tick int56", [](auto& x) { x.ticks[0].second.tick_cumulative_outside = INT64_MIN; }},
    {"missing tick", [](auto& x) { x.ticks.pop_back(); }},
    {"missing position", [](auto& x) { x.positions.clear(); }},
    {"position liquidity", [](auto& x) { x.positions[0].second.liquidity = 499; }},
    {"position ticks",
     [](auto& x) { std::swap(x.positions[0].first.tick_lower, x.positions[0].first.tick_upper); }},
    {"position elsewhere", [](auto& x) { x.positions[0].first.tick_upper = 120; }},
    {"no stakes", [](auto& x) { x.slipstream.emplace(); }},
    {"unstaked fee",
     [](auto& x) {
       x.slipstream.emplace().stakes.resize(2);
       x.slipstream->state.unstaked_fee = 1'000'001;
     }},
    {"protocol fee of a gauge",
     [](auto& x) {
       x.slipstream.emplace().stakes.resize(2);
       x.state.fee_protocol = 4;
     }},
    {"position twice",
     [](auto& x) {
       x.positions[0].second.liquidity = 250;
       x.positions.push_back(x.positions[0]);
     }},
  };
  for (const auto& [what, spoil] : spoilt) {
    auto parts = small_parts();
    spoil(parts);
    auto made = pool::restore(parts);
    EXPECT_FALSE(made) << what;
  }
}

} // namespace sluice
